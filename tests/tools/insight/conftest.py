"""A shop of hand-made sales, for what is worked out by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema

Shop = Callable[..., Panel]


def shop_of(
    sold: Mapping[str, Sequence[float]],
    *,
    freq: str = "W-SUN",
    start: str = "2024-01-07",
    static: Mapping[str, Mapping[str, str]] | None = None,
    **plans: Any,
) -> Panel:
    """A panel of products, each with its units from the start on; plans are columns known ahead, equal for all.

    Args:
        sold: units by product; shorter ones begin later. NaN is not known.
        freq: of pandas.
        start: the first period of the longest.
        static: words of each product, by column.
        plans: values of the longest past and the periods ahead, or a value for all; by product where they differ.
    """
    length = max(map(len, sold.values()))
    lengths = [len(one) for plan in plans.values() for one in (plan.values() if isinstance(plan, dict) else [plan])
               if isinstance(one, (list, np.ndarray))]  # fmt: skip
    whole = max([length, *lengths])
    ds = pd.date_range(start, periods=whole, freq=freq)
    parts = []
    for uid, y in sold.items():
        padded = [*y, *[np.nan] * (whole - length)]
        own = {name: plan[uid] if isinstance(plan, dict) else plan for name, plan in plans.items()}
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, **own}).tail(len(padded))
        parts.append(frame.assign(y=padded, **{name: said[uid] for name, said in (static or {}).items()}))
    schema = PanelSchema(known_future=list(plans), static=list(static or {}), missing="keep")
    return read_panel(pd.concat(parts, ignore_index=True), schema=schema)


@pytest.fixture(scope="session")
def shop() -> Shop:
    return shop_of
