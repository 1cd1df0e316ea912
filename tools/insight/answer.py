"""What a tool answers: messages whose every number it computed, and a table where people would rather look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..data.freq import ByFreq, span_of
from ..data.groups import ALL, Group
from ..data.panel import Panel
from ..messages import Fact, Message, Percent, ProductName, Span, Times, message

if TYPE_CHECKING:
    from ..quantiles import Array

MOST_PERCENT = 300.0  # by which something is told to be higher; beyond it, how many times as high
LATE = ByFreq({"D": 28, "W": 8, "M": 3})  # periods that are "of late"


@dataclass(frozen=True)
class Table:
    """A small table; the first column names the row.

    Attributes:
        title: above it.
        columns: the name of each.
        rows: cells, typed as the facts of messages are.
        narrow: places of the columns that a narrow screen shows; all where none is named.
    """

    title: Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[Fact, ...], ...]
    narrow: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        messages: the evidence, a sentence each.
        table: the same and more.
        line: units a period, for a sparkline.
        products: SKUs that it is about, the first the one to be meant by "it".
        sources: who computed each message, where that was not the tool itself.
        told: those of the messages that a person is told beside the table, the answer first; all where none is named.
            The rest stays in the evidence.
        documents: text from outside, fenced, for a model that reads and writes; the small router is shown none.
    """

    messages: tuple[Message, ...]
    table: Table | None = None
    line: tuple[float | None, ...] = ()
    products: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    documents: str = ""
    told: tuple[Message, ...] = ()

    @property
    def spoken(self) -> tuple[Message, ...]:
        """What a person is told: the sentence that answers, then what bears on it."""
        return self.told or self.messages


def units(panel: Panel, unique_id: str) -> "pd.Series[float]":
    """Known units of a series by date."""
    past = panel.past_of(unique_id)
    return pd.Series(past["y"].to_numpy(dtype=float), index=pd.DatetimeIndex(past["ds"]))


def label(panel: Panel, unique_id: str) -> Fact:
    """A product as people are shown it, with a few words of it; the sum of a group by its name."""
    if (group := Group.of(unique_id)) is not None:
        return group_name(group)
    static = panel.static_of(unique_id)
    text = static.get("description", "") or next(iter(static.values()), "")
    return ProductName(unique_id, " ".join(text.lower().split()))


def group_name(group: Group) -> Message:
    """A group as people are shown it: `Category fruit`, `store 12`, `All products`."""
    if group.column == ALL:
        return message("all-products")
    if not group.value:
        return message("group-none", column=group.column)
    if group.column == "category":
        return message("category-name", name=group.value)
    return message("group-name", column=group.column, value=group.value)


def many(count: int, panel: Panel) -> Message:
    """So many periods: `1 week`, `4 weeks`."""
    return message(f"periods-{panel.freq}", count=count)


def period_of(panel: Panel) -> Message:
    """What a period is called: `week`."""
    return message(f"period-{panel.freq}")


def named(panel: Panel, ds: pd.Timestamp) -> Span:
    """A period by its days, as people name it."""
    return span_of(ds, panel.freq)


def when(panel: Panel, ds: pd.Timestamp) -> Message:
    """At what time something was: `in the week of 4–10 Dec 2017`, `on 3 Dec 2017`."""
    return message(f"when-{panel.freq}", date=named(panel, ds))


def column(name: str, **facts: Fact) -> Message:
    """The name of a table's column."""
    return message(f"column-{name}", **facts)


def columns(*names: str) -> tuple[Message, ...]:
    """The names of a table's columns."""
    return tuple(map(column, names))


def mean(values: "pd.Series[float] | Array") -> float:
    """Of what is known; NaN of nothing."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else float("nan")


def moved(now: float, then: float) -> dict[str, Fact]:
    """A comparison's facts: its `way` (up, down, same within 1 %, none against nothing), its `change` in per cent.

    Of what rose by more than 300 % the way is `times`, and its fact how many times as much it is.
    """
    if not (np.isfinite(now) and np.isfinite(then)) or then <= 0:
        return {"way": "none"}
    change = (now / then - 1) * 100
    if abs(change) < 1:
        return {"way": "same"}
    if change > MOST_PERCENT:
        return {"way": "times", "times": Times(now / then)}
    return {"way": "up" if change > 0 else "down", "change": Percent(abs(change))}
