"""Groups: all series, or those that share a value of a static column, and their sum as one series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..messages import Quoted, Refusal, hint
from .panel import Panel

ALL = "all"  # the group of every series, and what stands for it where a column is asked for
WHOLE = "group:"  # unique_id of the sum of a group begins so


@dataclass(frozen=True)
class Group:
    """A group of series.

    Attributes:
        column: the static column, or `all`.
        value: its value as text; empty of `all`, and of the series that have none.
    """

    column: str = ALL
    value: str = ""

    @property
    def unique_id(self) -> str:
        """What the sum of the group is called: `group:store:12`, `group:all`."""
        if self.column == ALL:
            return f"{WHOLE}{ALL}"
        return f"{WHOLE}{self.column.replace('%', '%25').replace(':', '%3A')}:{self.value}"

    @classmethod
    def of(cls, unique_id: str) -> "Group | None":
        """The group that a unique_id is the sum of; None of a product."""
        if not unique_id.startswith(WHOLE):
            return None
        column, _, value = unique_id.removeprefix(WHOLE).partition(":")
        return cls(column.replace("%3A", ":").replace("%25", "%"), value)


def value_of(cell: Any) -> str:
    """A static value as text: whole numbers without decimals, empty where there is none."""
    if pd.isna(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip()


def column_named(panel: Panel, words: str, more: Sequence[str] = ()) -> str:
    """The static column that is meant, by its name in any case; `all` for every series together.

    Args:
        panel: with the columns.
        words: a name.
        more: names that would do as well where this is asked for; a refusal tells them.

    Raises:
        Refusal: there is none, or several, or a column is itself called `all`.
    """
    columns = [str(name) for name in panel.static]
    near = [name for name in columns if name.lower() == words.strip().lower()]
    if words.strip().lower() == ALL:
        if near:
            raise Refusal("group-column-all", choices=(ALL, *near), column=near[0])
        return ALL
    if words.strip() in columns:
        return words.strip()
    if len(near) > 1:
        raise Refusal("group-columns-several", choices=tuple(near), asks=True, words=Quoted(words), columns=tuple(near))
    if not near:
        raise Refusal("no-group-column", words=Quoted(words), hint=hint(words, [*columns, ALL, *more]))
    return near[0]


def groups_of(panel: Panel, column: str) -> dict[Group, list[str]]:
    """The series of every group of a column, in the panel's order; those without a value are a group, the last one.

    Args:
        panel: what is known.
        column: of `column_named`.
    """
    if column == ALL:
        return {Group(): list(panel.unique_ids)}
    cells = panel.static[column].reindex(panel.unique_ids)
    found: dict[Group, list[str]] = {}
    for uid, cell in zip(panel.unique_ids, cells, strict=True):
        found.setdefault(Group(column, value_of(cell)), []).append(uid)
    return dict(sorted(found.items(), key=lambda one: not one[0].value))


def total(panel: Panel, ids: Sequence[str], group: Group) -> Panel:
    """The sum of some series as a panel of one, without covariates: those of many products have no sum."""
    rows = panel.past[panel.past["unique_id"].isin(list(ids))]
    summed = rows.groupby("ds", sort=True)["y"].sum(min_count=1).reset_index()
    uid = group.unique_id
    schema = panel.schema.model_copy(update={"known_future": [], "past_only": [], "static": ["description"]})
    past = summed.assign(unique_id=uid)[["unique_id", "ds", "y"]]
    index = pd.Index([uid], name=panel.static.index.name)
    static = pd.DataFrame({"description": [group.value or group.column]}, index=index)
    return replace(panel, past=past, future=past.iloc[:0][["unique_id", "ds"]], static=static, schema=schema)
