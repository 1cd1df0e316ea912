"""The LLM's own forecast: few-shot, constrained to exactly H whole numbers, sampled, and read as quantiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...prompts.chats import Shot, forecast_chat
from ...prompts.context import SalesContext
from ...prompts.serialize import parse_answer, serialize, unit_of
from ...tools.quantiles import LEVELS, Array, monotone
from ..engines.base import Engine, Message, integers

TEMPERATURE = 0.8
ROOM = 3.0  # an answer may reach this many times the highest sale of the history; beyond, it is no forecast


@dataclass(frozen=True)
class LLMForecast:
    """What the model answered for one context.

    Attributes:
        quantiles: units per period, shape `[H, Q]`; None where no answer was usable.
        unusable: answers that were not H whole numbers, or went beyond three times the highest sale ever seen.
        prompt_tokens: tokens read.
        completion_tokens: tokens written, over all samples.
    """

    quantiles: Array | None
    unusable: int
    prompt_tokens: int
    completion_tokens: int


def llm_forecasts(
    engine: Engine,
    contexts: Sequence[SalesContext],
    shots: Sequence[Sequence[Shot]],
    *,
    samples: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> list[LLMForecast]:
    """Ask the engine for each context with its own worked examples, all in one batch and of one horizon.

    Contexts that share their examples are quicker: the engine reads a common beginning once.

    Raises:
        EngineError: the engine could not answer.
    """
    horizon = len(contexts[0].steps)
    prompts = [
        tuple(Message(role, content) for role, content in forecast_chat(serialize(context), examples))
        for context, examples in zip(contexts, shots, strict=True)
    ]
    answers = engine.generate(
        prompts,
        max_tokens=horizon * 7 + 4,
        n=samples,
        temperature=TEMPERATURE,
        seed=seed,
        constraint=[integers(horizon, max_digits=len(f"{_top(one) / unit_of(one):.0f}")) for one in contexts],
        progress=progress,
    )
    forecasts = []
    for context, answer in zip(contexts, answers, strict=True):
        unit = unit_of(context)
        paths = [parse_answer(text, horizon, unit) for text in answer.texts]
        usable = [path for path in paths if path is not None and path.max() <= _top(context)]
        quantiles = np.quantile(np.stack(usable), LEVELS, axis=0, method="weibull").T if usable else None
        forecasts.append(
            LLMForecast(
                quantiles=None if quantiles is None else monotone(quantiles),
                unusable=len(answer.texts) - len(usable),
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
            )
        )
    return forecasts


def _top(context: SalesContext) -> float:
    """The largest units a period that an answer may hold."""
    known = context.history[np.isfinite(context.history)]
    return ROOM * max(float(known.max(initial=0.0)), 1.0)
