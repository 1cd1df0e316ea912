"""Slot prompts: a sales context as compact text with one slot a step, where the slot head is read.

One token says one thing: a period's sales are a letter (`a` is none, `z` about ten times the level; a capital if it was
promoted then, `-` closed, `?` not known), and so is a step's base forecast, its price and its discount.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..tools.data.cube import Cube
from ..tools.data.freq import ByFreq, Freq, freq_of
from ..tools.data.panel import PERIOD_NAME
from ..tools.quantiles import LEVELS, MEDIAN, Array
from .context import RECENT, TEXT
from .serialize import LETTERS, MONTHS, PRICE_RATIO, _bin, _clean, _number, to_letters

SLOT = " ="
SEEN = ByFreq({"D": 56, "W": 52, "M": 36})  # periods of history shown
YEAR = ByFreq({"D": 364, "W": 52, "M": 12})
SIGNALS = 6  # recent periods of a past-only covariate shown
MOST_SIGNALS = 3
FLAGS = {
    "promo": "sale",
    "coupon": "deal",
    "holiday": "holiday",
    "state_holiday": "holiday",
    "school_holiday": "school",
    "stateholiday": "holiday",
    "schoolholiday": "school",
}
SHARES = {"discount": "off", "display": "show", "mailer": "mail"}
WORDINGS = (
    ("{text}", "{period} to {date}, level {level}", "past"),
    ("item {text}", "by {period}, last {date}, about {level}", "sold"),
    ("product: {text}", "sales a {period} until {date}; mean {level}", "history"),
)


@dataclass(frozen=True)
class SlotFormat:
    """What a slot prompt shows; kept beside the weights that were trained on it.

    Attributes:
        history: periods of sales, as letters; at most a year of weeks, eight weeks of days, three years of months.
        text: product text.
        year_ago: the letter of the same period last year at each step.
        plan: known-future covariates.
        signals: recent past-only covariates (views, stock, customers).
        notes: dated notes.
        base: letters of the base forecast's q0.1, q0.5 and q0.9 at each step.
    """

    history: int = 56
    text: bool = True
    year_ago: bool = True
    plan: bool = True
    signals: bool = True
    notes: bool = True
    base: bool = True


@dataclass(frozen=True)
class SlotContext:
    """One series at one origin, as numbers.

    Attributes:
        unique_id: the series.
        freq: `D`, `W`, `2W`, `4W` or `M`.
        cutoff: last known period.
        text: product text, parts joined by "; ".
        level: the series' own scale, units per period: mean of recent demand, at least 0.1.
        history: units, oldest first, `[T]`; NaN is not known.
        marks: of each period of the history: `promoted`, `closed` or neither, as 1, -1 and 0, `[T]`.
        steps: the H periods ahead.
        year_ago: units of each step's period a year before, `[H]`.
        plan: known-future covariates, each `[H]`.
        usual: their recent means.
        signals: recent past-only covariates over their own mean, each `[K]`.
        notes: (date, text), newest last.
        base: quantiles of the base forecast, `[H, Q]`.
    """

    unique_id: str
    freq: str
    cutoff: pd.Timestamp
    text: str
    level: float
    history: Array
    marks: npt.NDArray[np.int8]
    steps: pd.DatetimeIndex
    year_ago: Array
    plan: dict[str, Array]
    usual: dict[str, float]
    signals: dict[str, Array]
    notes: tuple[tuple[pd.Timestamp, str], ...] = ()
    base: Array = field(default_factory=lambda: np.zeros((0, len(LEVELS))))


Notes = Mapping[str, Sequence[tuple[pd.Timestamp, str]]]


def slot_contexts(
    cube: Cube, origin: int, rows: Sequence[int], base: Array, notes: Notes | None = None
) -> list[SlotContext]:
    """The contexts of these series as of one period: nothing after it is looked at but the plan.

    Args:
        cube: arrays of the panel; its horizon is the contexts'.
        origin: index of the last period known.
        rows: series wanted.
        base: quantiles of the base forecast, `[R, H, Q]`.
        notes: dated notes by unique_id; later ones than the origin are left out.
    """
    freq = freq_of(cube.offset)
    recent, season = RECENT[freq], YEAR[freq]
    begin, ahead = max(0, origin + 1 - SEEN[freq]), slice(origin + 1, origin + 1 + cube.horizon)
    promoted = cube.promoted
    closed = cube.closed[:, begin : origin + 1]
    marks = np.zeros(closed.shape, dtype=np.int8)
    if promoted is not None:
        marks[promoted[:, begin : origin + 1]] = 1
    marks[closed] = -1
    demand = cube.demand[:, : origin + 1]
    static = [name for name in TEXT if name in cube.static.columns]
    known = [name for name in (*FLAGS, *SHARES, "price", "open") if name in cube.known]
    cutoff = pd.Timestamp(cube.ds[origin])
    steps = pd.DatetimeIndex(cube.ds[ahead])
    texts = cube.static[static].iloc[list(rows)].to_numpy(dtype=object)
    contexts = []
    for place, row in enumerate(rows):
        uid = cube.unique_ids[row]
        parts = dict.fromkeys(str(v) for v in texts[place] if pd.notna(v) and str(v).strip())
        back = np.arange(origin + 1, origin + 1 + cube.horizon) - season
        year_ago = np.full(cube.horizon, np.nan)
        there = (back >= 0) & (back <= origin)
        year_ago[there] = demand[row, back[there]]
        began = int(np.argmax(np.isfinite(cube.y[row]))) if np.isfinite(cube.y[row, : origin + 1]).any() else origin
        contexts.append(
            SlotContext(
                unique_id=uid,
                freq=freq,
                cutoff=cutoff,
                text="; ".join(parts) or uid,
                level=_level(demand[row], recent),
                history=cube.y[row, max(begin, began) : origin + 1],
                marks=marks[row, max(begin, began) - begin :],
                steps=steps,
                year_ago=year_ago,
                plan={name: cube.known[name][row, ahead] for name in known},
                usual={name: _mean(cube.known[name][row, max(0, origin + 1 - recent) : origin + 1]) for name in known},
                signals={
                    name: series
                    for name, values in list(cube.past_only.items())[:MOST_SIGNALS]
                    if (series := _over_mean(values[row, begin : origin + 1])) is not None
                },
                notes=tuple(sorted(note for note in (notes or {}).get(uid, ()) if note[0] <= cutoff)[-2:]),
                base=base[place],
            )
        )
    return contexts


def _level(demand: Array, recent: int) -> float:
    for y in (demand[-recent:], demand[-4 * recent :], demand):
        if np.nansum(y) > 0:
            return max(float(np.nanmean(y)), 0.1)
    return 0.1


def _mean(values: Array) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _over_mean(values: Array) -> Array | None:
    mean = _mean(values)
    return values[-SIGNALS:] / mean if np.isfinite(mean) and mean > 0 else None


def slot_prompt(context: SlotContext, form: SlotFormat, wording: int = 0) -> str:
    """The context as text. Each step ends in `SLOT`, and there is no other; `wording` picks one of `WORDINGS`."""
    head, line, past = WORDINGS[wording % len(WORDINGS)]
    names = {
        "text": _clean(context.text) if form.text else "item",
        "period": PERIOD_NAME[cast("Freq", context.freq)],
        "date": f"{MONTHS[context.cutoff.month - 1]} {context.cutoff.day}",
        "level": _number(context.level),
    }
    lines = [head.format(**names), line.format(**names)]
    if form.notes and context.notes:
        lines += [f"{MONTHS[at.month - 1]} {at.day}: {_clean(text)}" for at, text in context.notes]
    if form.signals:
        lines += [" ".join([_clean(name), *to_letters(values, 1.0)]) for name, values in context.signals.items()]
    usual = context.usual.get("price", np.nan)
    if form.plan and np.isfinite(usual):
        lines.append(f"price {usual:.2f}")
    letters = to_letters(context.history, context.level)[-form.history :]
    marks = context.marks[-form.history :]
    shown = [_marked(letter, int(mark)) for letter, mark in zip(letters, marks, strict=True)]
    lines.append(" ".join([past, *shown]))
    return "\n".join(lines) + "\n" + _steps(context, form)


def history_count(context: SlotContext, form: SlotFormat) -> int:
    """How many letters of history the prompt shows."""
    return min(len(context.history), form.history)


def _marked(letter: str, mark: int) -> str:
    return "-" if mark < 0 else letter.upper() if mark > 0 else letter


def _steps(context: SlotContext, form: SlotFormat) -> str:
    words: list[str] = []
    month = 0
    ago = to_letters(context.year_ago, context.level)
    base = [to_letters(context.base[:, q], context.level) for q in (0, MEDIAN, -1)] if form.base else []
    for h, ds in enumerate(context.steps):
        if ds.month != month:
            words.append(MONTHS[ds.month - 1])
            month = ds.month
        if context.freq == "D":
            words.append(f"{ds:%a}")
        elif context.freq == "W":
            words.append(LETTERS[(ds.day - 1) // 7])  # week of the month
        if form.plan:
            words += _planned(context, h)
        if form.year_ago and context.freq != "D":
            words.append(ago[h])
        words += [letters[h] for letters in base]
        words.append(SLOT.strip())
    return "".join(f" {word}" for word in words)


def _planned(context: SlotContext, h: int) -> list[str]:
    """A step's plan in words: only what is out of the ordinary."""
    parts: list[str] = []
    for name, values in context.plan.items():
        value, usual = float(values[h]), context.usual.get(name, np.nan)
        if np.isnan(value):
            continue
        if name == "open":
            parts += ["closed"] if value == 0 else []
        elif name == "price":
            if usual > 0 and abs(value / usual - 1) >= 0.01:
                parts += ["price", _bin(value / usual, *PRICE_RATIO)]
        elif name in SHARES:
            parts += [SHARES[name], _bin(value, 0, 1)] if value >= 0.005 else []
        elif value > 0:
            word = FLAGS[name] if value == 1 or context.freq == "D" else f"{FLAGS[name]} {_number(value)}"
            parts += [word] if word not in parts else []
    return parts
