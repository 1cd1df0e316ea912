"""Numbers to text and back: the compact serialization of a SalesContext, and the parsers of what comes out.

Numbers that repeat are one letter, which is one token in SmolLM2's vocabulary: history in 26 bins of asinh(y / level)
(`?` is not known), shares of the plan (discount, display, mailer) in 26 bins of 0 to 100 %, planned price in 26 bins of
its ratio to the usual price. The last periods also stand as plain numbers, so that a model that was never trained on
the letters can read them.
"""

import re
from dataclasses import dataclass

import numpy as np

from ..tools.data.panel import PERIOD_NAME
from ..tools.quantiles import Array
from .context import RECENT, SalesContext
from .render import render

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TOP = 3.0  # asinh(y / level) of the last letter: about ten times the level
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PRICE_RATIO = (0.4, 1.65)  # planned / usual price of the first and the last letter: steps of 5 %
SHARES = ("discount", "display", "mailer")
WORDS = {
    "price": "price",
    "discount": "off",
    "promo": "sale",
    "display": "show",
    "mailer": "mail",
    "coupon": "deal",
}  # each a single token after a space
MAX_TEXT = 56  # characters of product text


def to_letters(y: Array, level: float) -> list[str]:
    """One letter a value: `a` is zero or less, `z` about ten times the level or more, `?` is not known."""
    z = np.arcsinh(np.asarray(y, dtype=float) / level) / TOP * (len(LETTERS) - 1)
    return ["?" if np.isnan(v) else LETTERS[int(np.clip(np.rint(v), 0, len(LETTERS) - 1))] for v in z]


def from_letters(letters: list[str], level: float) -> Array:
    """The middle of each letter's bin, in units; NaN for `?`."""
    index = np.array([np.nan if letter == "?" else LETTERS.index(letter) for letter in letters], dtype=float)
    return np.asarray(np.sinh(index * TOP / (len(LETTERS) - 1)) * level)


def unit_of(context: SalesContext) -> float:
    """Units that one written number stands for: 1, or a power of ten that keeps recent sales under four digits."""
    recent = context.history[-RECENT[context.freq] :]
    top = max(float(np.nanmax(recent)) if np.isfinite(recent).any() else 0.0, context.level)
    return 10.0 ** max(0, int(np.ceil(np.log10(max(top, 1.0) / 999.0))))


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _bin(value: float, low: float, high: float) -> str:
    return LETTERS[int(np.clip(np.rint((value - low) / (high - low) * 25), 0, 25))]


def _unbin(letter: str, low: float, high: float) -> float:
    return low + LETTERS.index(letter) / 25 * (high - low)


def _usual(name: str, value: float) -> str | None:
    """The usual value of a covariate as text, or None where there is nothing to say."""
    if name == "price":
        return f"{WORDS[name]} {value:.2f}"
    if value < 0.005:
        return None
    return f"{WORDS[name]} {_bin(value, 0, 1) if name in SHARES else _number(value)}"


def _planned(name: str, value: float, usual: float) -> str | None:
    """A step's covariate as text; None where it is not planned, is nothing, or is a price within 1 % of the usual."""
    if np.isnan(value):
        return None
    if name == "price":
        if np.isnan(usual) or usual <= 0 or abs(value / usual - 1) < 0.01:
            return None
        return f"{WORDS[name]} {_bin(value / usual, *PRICE_RATIO)}"
    if value < 0.005:
        return None
    if name in SHARES:
        return f"{WORDS[name]} {_bin(value, 0, 1)}"
    return WORDS[name] if value == 1 else f"{WORDS[name]} {_number(value)}"


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s;:,.%/&'+()-]", " ", text)).strip().lower()[:MAX_TEXT].strip() or "item"


def serialize(context: SalesContext) -> str:
    """The context as compact text: product, level, history in letters, recent numbers, usual plan, one slot a step.

    A step's date names its month only where the month changes.
    """
    unit = unit_of(context)
    recent = context.history[-RECENT[context.freq] :]
    steps: list[str] = []
    month = 0
    for h, ds in enumerate(context.steps):
        date = f"{ds.day}" if ds.month == month else f"{MONTHS[ds.month - 1]} {ds.day}"
        month = ds.month
        words = [_planned(name, float(plan[h]), context.usual.get(name, np.nan)) for name, plan in context.plan.items()]
        steps.append(" ".join([date, *filter(None, words), "="]))
    return render(
        "context",
        text=_clean(context.text),
        period=PERIOD_NAME[context.freq],
        cutoff=f"{MONTHS[context.cutoff.month - 1]} {context.cutoff.day}",
        level=_number(context.level),
        letters=to_letters(context.history, context.level),
        recent=["?" if np.isnan(v) else f"{v / unit:.0f}" for v in recent],
        usual=[word for name, value in context.usual.items() if (word := _usual(name, value))],
        steps=steps,
    )


@dataclass(frozen=True)
class Parsed:
    """What the text of a context says, to the precision of the text. A step's price is its ratio to the usual price."""

    text: str
    period: str
    level: float
    history: Array
    recent: Array
    usual: dict[str, float]
    steps: tuple[tuple[str, dict[str, float]], ...]


def _plan_of(words: list[str], *, price_as_ratio: bool) -> dict[str, float]:
    names = {word: name for name, word in WORDS.items()}
    plan: dict[str, float] = {}
    while words:
        name, words = names[words[0]], words[1:]
        if not words or words[0] in names:
            plan[name] = 1.0
            continue
        value, words = words[0], words[1:]
        if name in SHARES:
            plan[name] = _unbin(value, 0, 1)
        elif name == "price" and price_as_ratio:
            plan[name] = _unbin(value, *PRICE_RATIO)
        else:
            plan[name] = float(value)
    return plan


def parse(text: str) -> Parsed:
    """Read a serialized context back.

    Raises:
        ValueError: the text is not of the form that `serialize` writes.
    """
    lines = text.split("\n")
    head = re.fullmatch(r"(\w+) to \w+ \d+, level (\S+)", lines[1])
    if head is None or not lines[2].startswith("past") or not lines[3].startswith("last"):
        raise ValueError(f"not a serialized sales context: {text[:80]!r}")
    level = float(head[2])
    usual = lines[4].split()[1:] if lines[4].startswith("usual") else []
    steps = []
    month = ""
    for line in lines[4:]:
        words = line.split()
        if words[-1] == "=":
            month, words = (words[0], words[1:]) if words[0] in MONTHS else (month, words)
            steps.append((f"{month} {words[0]}", _plan_of(words[1:-1], price_as_ratio=True)))
    return Parsed(
        text=lines[0],
        period=head[1],
        level=level,
        history=from_letters(lines[2].split()[1:], level),
        recent=np.array([np.nan if w == "?" else float(w) for w in lines[3].split()[1:]]),
        usual=_plan_of(usual, price_as_ratio=False),
        steps=tuple(steps),
    )


def write_answer(y: Array, unit: float) -> str:
    """The answer that the model is shown for an example: whole numbers of `unit` units."""
    return " ".join(f"{max(v, 0.0) / unit:.0f}" for v in y)


def parse_answer(text: str, horizon: int, unit: float) -> Array | None:
    """The model's units per step, shape `[H]`, or None when the text is not exactly `horizon` whole numbers."""
    words = text.split()
    if len(words) != horizon or not all(re.fullmatch(r"\d{1,7}", word) for word in words):
        return None
    return np.array([float(word) for word in words]) * unit
