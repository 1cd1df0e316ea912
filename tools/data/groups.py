"""Sums: the products of a category, or all, as one series."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from .panel import Panel

ALL = "all"  # the category that is every product
WHOLE = "category:"  # unique_id of the sum of a category's products begins so


def together(unique_id: str) -> str:
    """What the sum of a category is called: `Category fruit`, `All products`; "" of a product."""
    if not unique_id.startswith(WHOLE):
        return ""
    name = unique_id.removeprefix(WHOLE)
    return "All products" if name == ALL else f"Category {name}"


def total(panel: Panel, ids: Sequence[str], name: str) -> Panel:
    """The sum of some series as a panel of one, without covariates: those of many products have no sum."""
    rows = panel.past[panel.past["unique_id"].isin(list(ids))]
    summed = rows.groupby("ds", sort=True)["y"].sum(min_count=1).reset_index()
    uid = f"{WHOLE}{name}"
    schema = panel.schema.model_copy(update={"known_future": [], "past_only": [], "static": ["description"]})
    past = summed.assign(unique_id=uid)[["unique_id", "ds", "y"]]
    static = pd.DataFrame({"description": [name]}, index=pd.Index([uid], name=panel.static.index.name))
    return replace(panel, past=past, future=past.iloc[:0][["unique_id", "ds"]], static=static, schema=schema)
