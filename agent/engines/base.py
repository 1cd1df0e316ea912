"""The one small protocol behind which every model stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn of a chat."""

    role: Role
    content: str


Prompt = tuple[Message, ...]


@dataclass(frozen=True)
class Constraint:
    """What the answer's text must match: a JSON Schema (as JSON text), a regular expression, or an EBNF grammar."""

    kind: Literal["json_schema", "regex", "ebnf"]
    value: str


def integers(horizon: int, max_digits: int = 5) -> Constraint:
    """Exactly `horizon` whole numbers with one space between them, without leading zeros."""
    number = f"(0|[1-9][0-9]{{0,{max_digits - 1}}})" if max_digits > 1 else "[0-9]"
    return Constraint("regex", " ".join([number] * horizon))


@dataclass(frozen=True)
class Completion:
    """The answers to one prompt: n texts; prompt tokens; tokens written over all n.

    Attributes:
        logprobs: natural log-probability of each text, where it was asked for: of its tokens before temperature, and
            without the one that ends it; in this process before the grammar, too, while a server may count in it what
            its grammar forbids.
    """

    texts: tuple[str, ...]
    prompt_tokens: int
    completion_tokens: int
    logprobs: tuple[float, ...] | None = None


class EngineError(RuntimeError):
    """The engine could not answer: server gone, time out, refused. One line."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class Engine(Protocol):
    """A language model that answers chats, in batches."""

    @property
    def name(self) -> str:
        """What a person calls it: `hf:smollm2-135m-instruct`."""

    @property
    def digest(self) -> str:
        """Short digest of the weights, or of model and address for a remote one."""

    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_tokens: int,
        n: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        constraint: Constraint | Sequence[Constraint] | None = None,
        logprobs: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """Answer each prompt n times, in the order of the prompts.

        Args:
            prompts: chats.
            max_tokens: tokens an answer may have.
            n: answers a prompt.
            temperature: 0 is greedy.
            seed: of the sampling.
            constraint: one for all prompts, or one a prompt.
            logprobs: also how likely each text was.
            progress: called with how many prompts are answered so far.

        Raises:
            EngineError: the engine could not answer.
            InputError: a prompt does not fit the model.
        """

    def count_tokens(self, text: str) -> int:
        """Tokens in a text (an estimate where the tokenizer is elsewhere)."""
