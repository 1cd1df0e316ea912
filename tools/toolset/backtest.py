"""backtest: how good the forecasts of a product were on known periods."""

import numpy as np
import pandas as pd

from ..insight.answer import Answer, Table, columns, label, many, period_of
from ..messages import Message, Percent, ProductName, Refusal, Units, message
from ..monitor.backtest import cutoffs, summary, window
from ..quantiles import LEVELS, level_name
from .fields import MaybeAhead, Product, Windows
from .kit import Arguments, Desk, Tool

WINDOWS = 3
FLAT = 1.0  # per cent below which a bias is none


class Backtest(Arguments):
    """How good the forecasts of a product were on known periods."""

    product: Product | None = None
    windows: Windows | None = None
    horizon: MaybeAhead | None = None


def run(desk: Desk, request: Backtest) -> Answer:
    """Forecasts as of earlier cutoffs, against what then sold and against the last value known."""
    uid, horizon = desk.one(request.product), desk.periods(request.horizon)
    panel = desk.panel.select([uid])
    y = panel.past_of(uid)["y"].to_numpy(dtype=float)
    span, product, period = many(horizon, panel), label(panel, uid), period_of(panel)
    ends = cutoffs(panel.cutoff, panel.offset, len(y), horizon, request.windows or WINDOWS)
    if not ends:
        raise Refusal("backtest-too-short", product=ProductName(uid), span=span)
    tested = []
    for end in ends:
        report = desk.forecast_as_of(end, uid, horizon)
        made = np.array([[step.quantiles[level_name(level)] for level in LEVELS] for step in report.steps])
        past = panel.before(end).past_of(uid)["y"]
        truth, last = y[len(past) : len(past) + horizon], float(past.dropna().iloc[-1])
        tested.append(window(made, report.total.quantiles[level_name(0.5)], truth, last))
    found = summary(tested)
    messages = (
        message(
            "backtest-missed",
            windows=len(ends),
            span=span,
            product=product,
            mae=Units(found.mae),
            naive=Units(found.naive_mae),
            period=period,
        ),
        message("backtest-inside", inside=found.inside, of=message(f"periods-{panel.freq}", count=found.steps)),
        *_biased(found.bias),
        *_learned_from_later(desk, ends[0]),
    )
    rows = tuple(
        (end, Units(one.total), Units(one.sold), Units(one.pinball)) for end, one in zip(ends, tested, strict=True)
    )
    names = columns("as-of", "forecast-in-total", "sold", "pinball-loss")
    return Answer(messages, Table(message("backtest-table", product=product), names, rows), products=(uid,))


def _biased(bias: float) -> list[Message]:
    """How far the totals were too high or too low, where that is known."""
    if bias != bias:
        return []
    way = "none" if abs(bias) < FLAT else "high" if bias > 0 else "low"
    return [message("backtest-bias", way=way, percent=Percent(abs(bias)))]


def _learned_from_later(desk: Desk, first: pd.Timestamp) -> list[Message]:
    """A doubt, where the fine-tuned LLM was trained on data from after the first cutoff: it may have seen the truth."""
    until = desk.trained_until
    if not until or pd.Timestamp(until) <= first:
        return []
    return [message("backtest-seen", until=until)]


TOOL = Tool(Backtest, run, rank=30)
