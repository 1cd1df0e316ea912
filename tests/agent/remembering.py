"""A model asked the same again in a test is asked once."""

from collections.abc import Sequence
from typing import Any

from skucast.agent.engines.base import Completion, Engine, Prompt


class Remembering:
    """An engine that answers each call once: asked the same again, a greedy model says the same again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.answers: dict[object, list[Completion]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def generate(self, prompts: Sequence[Prompt], **how: Any) -> list[Completion]:
        """The engine's answers, or those that it gave to the same call before."""
        call = (tuple(prompts), tuple((name, str(value)) for name, value in how.items()))
        if call not in self.answers:
            self.answers[call] = self.engine.generate(prompts, **how)
        return self.answers[call]
