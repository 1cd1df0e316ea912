"""What a slot model says of the series of a report, and why it may say nothing."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...tools.data.panel import Panel
from ...tools.data.schema import Freq
from ...tools.messages import Message, message
from .prompted import LLMForecast

if TYPE_CHECKING:
    from ..engines.slots import SlotEngine


def why_not(slots: "SlotEngine", freq: Freq, horizon: int) -> Message | None:
    """Why a model says nothing: it was never taught such periods, or so many of them; None where it was."""
    if slots.config.freqs and freq not in slots.config.freqs:
        return message("warning-llm-untrained-freq", period=message(f"period-{freq}"))
    if horizon > slots.config.horizon:
        return message("warning-llm-untrained-horizon", periods=horizon, most=slots.config.horizon)
    return None


def read_slots(
    slots: "SlotEngine", panel: Panel, ids: Sequence[str], horizon: int, progress: Callable[[int], None]
) -> dict[str, LLMForecast]:
    """The slot model's forecasts, its tokens shared equally."""
    before = slots.tokens
    made = slots.forecast(panel, horizon, ids, progress)
    each = (slots.tokens - before) // len(made)
    return {uid: LLMForecast(made[uid], 0, each, 0) for uid in ids}
