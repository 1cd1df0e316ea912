"""What a unit of each product costs: a column of the sales, or a file of products and costs."""

import re
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..messages import Count, Message, Quoted, message
from .panel import Panel
from .schema import ALIASES
from .small import read_small
from .stock import Stock
from .words import column_key, words

NUMBER = re.compile(r"-?\d+(?:\.\d+|,(?!\d{3}(?!\d))\d+)?")  # 1,200 is no 1.2
LISTED = 5  # products that a finding names


def panel_costs(panel: Panel, column: str | None = None) -> dict[str, float]:
    """The last known cost of each product in a column of the sales; empty where there is none.

    Args:
        panel: the sales.
        column: its name; found by its usual names when left out.

    Raises:
        InputError: the named column is not in the sales.
    """
    names = {column_key(name): name for name in (*panel.past.columns, *panel.static.columns)}
    wanted = [column] if column is not None else words()["stock"]["unit_cost"]
    found = next((names[column_key(one)] for one in wanted if column_key(one) in names), None)
    if found is None:
        if column is not None:
            raise InputError(f"--cost-column {column}: the sales have {', '.join(sorted(names.values()))}")
        return {}
    if found in panel.past:
        last = panel.past.dropna(subset=[found]).groupby("unique_id", sort=False)[found].last()
    else:
        last = panel.static[found]
    values = pd.to_numeric(last, errors="coerce")
    return {str(uid): float(value) for uid, value in values.items() if value > 0}


def unit_cost(panel: Panel, stock: Stock | None, unique_id: str) -> float | None:
    """What a unit of a product costs, by the sales, else by the stock file; None where neither says.

    Args:
        panel: the sales.
        stock: what the stock file holds; None where there is none.
        unique_id: the product.
    """
    row = stock.rows.get(unique_id) if stock is not None else None
    return panel_costs(panel).get(unique_id) or (row.unit_cost if row is not None else None)


def read_costs(path: Path, known: Collection[str]) -> tuple[dict[str, float], list[Message]]:
    """The costs of a CSV or workbook with a column of products and one of costs, and what could not be used.

    Args:
        path: the file.
        known: products that have sales.

    Raises:
        InputError: it cannot be read, a column is missing, or none of its rows can be used.
    """
    table = read_small(path)
    keys = {column_key(str(name)): str(name) for name in table.columns}
    found = []
    for what, some in (("products", ("unique_id", *ALIASES["unique_id"])), ("costs", words()["stock"]["unit_cost"])):
        name = next((keys[column_key(one)] for one in some if column_key(one) in keys), None)
        if name is None:
            raise InputError(f"{path}: no column of {what}; got {', '.join(keys.values())}; expected {some[0]}, …")
        found.append(name)
    costs: dict[str, float] = {}
    faults: dict[str, list[str]] = {"no-sales": [], "unread": [], "costs-several": []}
    for uid, text in table[found].dropna().itertuples(index=False):
        value = _number(str(text))
        if uid not in known:
            faults["no-sales"].append(str(uid))
        elif value is None or value <= 0:
            faults["unread"].append(f"{uid}: {Quoted(text)!r}")
        elif costs.setdefault(str(uid), value) != value:
            faults["costs-several"].append(str(uid))
    if not costs:
        raise InputError(f"{path}: none of its {len(table):,} rows is of a product that has sales and has a cost")
    said = []
    for kind, some in faults.items():
        if some:
            listed, more = tuple(some[:LISTED]), max(len(some) - LISTED, 0)
            said.append(message(f"stock-{kind}", count=Count(len(some)), products=listed, more=more))
    return costs, said


def _number(text: str) -> float | None:
    """The one number of a text such as `€ 1.20`, with either sign before its decimals; None of any other text."""
    numbers = NUMBER.findall(text)
    if len(numbers) != 1:
        return None
    value = float(numbers[0].replace(",", "."))
    return value if np.isfinite(value) else None
