"""The test double: an engine that answers from a script and remembers what it was asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .base import Completion, Constraint, EngineError, Prompt


@dataclass
class ScriptedEngine:
    """Answers with `answer(prompt, constraint)`, or with the next text of a list; an exception comes out of `generate`.

    Attributes:
        answer: what to say: a function, or the texts in order (what is left stays there).
        history: every (prompt, constraint) asked so far.
    """

    answer: Callable[[Prompt, Constraint | None], str] | list[str]
    name: str = "scripted"
    digest: str = "scripted"
    history: list[tuple[Prompt, Constraint | None]] = field(default_factory=list)

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
        """Answer in order; tokens are counted as words, and no text is likelier than another."""
        given = list(constraint) if isinstance(constraint, Sequence) else [constraint] * len(prompts)
        completions = []
        for done, (prompt, one) in enumerate(zip(prompts, given, strict=True), start=1):
            self.history.append((prompt, one))
            texts = tuple(self._next(prompt, one) for _ in range(n))
            words = sum(self.count_tokens(message.content) for message in prompt)
            written = sum(self.count_tokens(text) for text in texts)
            completions.append(Completion(texts, words, written, (0.0,) * n if logprobs else None))
            if progress:
                progress(done)
        return completions

    def count_tokens(self, text: str) -> int:
        """Words in a text."""
        return len(text.split())

    def _next(self, prompt: Prompt, constraint: Constraint | None) -> str:
        if callable(self.answer):
            return self.answer(prompt, constraint)
        if not self.answer:
            raise EngineError("the script has no answers left")
        return self.answer.pop(0)
