"""What a tool answers: sentences whose every number it computed, and a table where people would rather look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..data.groups import together
from ..data.panel import PERIOD_NAME, Panel

if TYPE_CHECKING:
    from ..quantiles import Array

LATE: dict[str, int] = {"D": 28, "W": 8, "M": 3}  # periods that are "of late"
YEAR: dict[str, int] = {"D": 364, "W": 52, "M": 12}


@dataclass(frozen=True)
class Sheet:
    """A small table of text cells; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        sentences: the evidence, a sentence each.
        sheet: the same and more, as a table.
        line: units a period, for a sparkline.
        products: SKUs that it is about, the first the one to be meant by "it".
        figures: who computed each sentence, and the figures in it by name, where somebody retells them.
        documents: text from outside, fenced, for a model that reads and writes; the small router is shown none.
    """

    sentences: tuple[str, ...]
    sheet: Sheet | None = None
    line: tuple[float | None, ...] = ()
    products: tuple[str, ...] = field(default=())
    figures: tuple[tuple[str, Mapping[str, float | str]], ...] = ()
    documents: str = ""

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)


def units(panel: Panel, unique_id: str) -> "pd.Series[float]":
    """Known units of a series by date."""
    past = panel.past_of(unique_id)
    return pd.Series(past["y"].to_numpy(dtype=float), index=pd.DatetimeIndex(past["ds"]))


def label(panel: Panel, unique_id: str) -> str:
    """A product for people: `SKU 1082185 (bananas)`; the sum of a category: `Category fruit`."""
    if whole := together(unique_id):
        return whole
    text = panel.static_of(unique_id).get("description", "") or next(iter(panel.static_of(unique_id).values()), "")
    return f"SKU {unique_id} ({' '.join(text.lower().split())})" if text else f"SKU {unique_id}"


def many(count: int, panel: Panel) -> str:
    """`1 week`, `4 weeks`."""
    return f"{count} {PERIOD_NAME[panel.freq]}" + ("" if count == 1 else "s")


def mean(values: "pd.Series[float] | Array") -> float:
    """Of what is known; NaN of nothing."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else float("nan")


def moved(now: float, then: float) -> str:
    """`12 % higher than`, `3 % lower than` or `about level with`; `against` where nothing was sold then."""
    if not (np.isfinite(now) and np.isfinite(then)) or then <= 0:
        return "against"
    change = (now / then - 1) * 100
    if abs(change) < 1:
        return "about level with"
    return f"{abs(change):.0f} % {'higher' if change > 0 else 'lower'} than"
