"""The served engine: any server that speaks the OpenAI chat API, vLLM's above all."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .base import Completion, Constraint, EngineError, Prompt
from .served import AT_ONCE, answered, client


class OpenAIEngine:
    """A model behind an OpenAI-compatible server. The key is `OPENAI_API_KEY`, if the server wants one."""

    def __init__(self, model: str, url: str) -> None:
        self.model = model
        self.url = url
        self.name = f"openai:{model}@{url}"
        self.digest = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        self._client = client(url)

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
        """Answer each prompt n times, several requests under way at once (see `Engine.generate`)."""
        given = list(constraint) if isinstance(constraint, Sequence) else [constraint] * len(prompts)

        def ask(pair: tuple[Prompt, Constraint | None]) -> Completion:
            prompt, one = pair
            options: dict[str, Any] = {"logprobs": True} if logprobs else {}
            return self._ask(prompt, one, max_tokens=max_tokens, n=n, temperature=temperature, seed=seed, **options)

        answers = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done, answer in enumerate(pool.map(ask, zip(prompts, given, strict=True)), start=1):
                answers.append(answer)
                if progress:
                    progress(done)
        return answers

    def count_tokens(self, text: str) -> int:
        """An estimate, a token for four characters: the tokenizer is with the server."""
        return (len(text) + 3) // 4

    def _ask(self, prompt: Prompt, constraint: Constraint | None, **settings: Any) -> Completion:
        body: dict[str, Any] = {}
        if prompt[-1].role == "assistant":
            body = {"add_generation_prompt": False, "continue_final_message": True}
        if constraint is not None and constraint.kind != "json_schema":
            kind = "regex" if constraint.kind == "regex" else "grammar"
            body["structured_outputs"] = {kind: constraint.value}
        if constraint is not None and constraint.kind == "json_schema":
            schema = {"name": "answer", "schema": json.loads(constraint.value), "strict": True}
            settings["response_format"] = {"type": "json_schema", "json_schema": schema}
        messages: Any = [{"role": message.role, "content": message.content} for message in prompt]
        answer: Any = answered(
            self.url,
            lambda: self._client.chat.completions.create(
                model=self.model, messages=messages, extra_body=body, **settings
            ),
        )
        try:
            texts = tuple((choice.message.content or "").strip() for choice in answer.choices)
            usage = answer.usage
            read, written = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
            likely = tuple(map(_likely, answer.choices)) if settings.get("logprobs") else None
            if texts:
                return Completion(texts, int(read or 0), int(written or 0), likely)
        except (AttributeError, TypeError, ValueError):
            pass
        raise EngineError(f"{self.url}: not a chat API's answer; expected an address like http://HOST:8000/v1")


def _likely(choice: Any) -> float:
    """The log-probability of a choice's text; a token that ends it is not in the text."""
    each = list(choice.logprobs.content)
    while each and not (choice.message.content or "").endswith(each[-1].token):
        each.pop()
    return float(sum(token.logprob for token in each))
