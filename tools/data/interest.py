"""Interest of customers, such as views and carts a period, as covariates of a panel of which only the past is known."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ..errors import InputError
from .events import CART, VIEW, Events
from .freq import span_of
from .panel import Panel


def with_interest(panel: Panel, events: Events, kinds: Sequence[str] = (VIEW, CART)) -> Panel:
    """The panel with how often something was done with each product in each period.

    A period without such an event has 0 once the events have begun, and NaN before. The columns are past-only: a cut by
    `Panel.before` takes them away with the sales, and no plan of them is made up.

    Args:
        panel: what is known; its unique_ids are the products of the events.
        events: what customers did; what is later than the panel's last period is not looked at.
        kinds: of event, a column each, named after them with an `s`.

    Raises:
        InputError: the panel has a column of that name.
    """
    names = {kind: f"{kind}s" for kind in kinds}
    if taken := [name for name in names.values() if name in panel.past.columns]:
        raise InputError(f"the data has a column {taken[0]!r} already")
    periods = pd.DatetimeIndex(sorted(panel.past["ds"].unique()))
    spans = [span_of(ds, panel.freq) for ds in periods]
    first, last = (pd.DatetimeIndex([getattr(one, side) for one in spans]) for side in ("first", "last"))
    rows = events.of(*kinds)
    days = rows["ds"].dt.normalize()
    place = first.searchsorted(days, side="right") - 1
    inside = (place >= 0) & (days.to_numpy() <= last.to_numpy()[place])
    counted = rows[inside].assign(ds=periods[place[inside]]).groupby(["unique_id", "ds", "event"]).size().unstack()
    past = panel.past.merge(counted.reindex(columns=list(kinds)), how="left", on=["unique_id", "ds"])
    begun = past["ds"].isin(periods[last >= days.min()])
    for kind, name in names.items():
        past[name] = past.pop(kind).fillna(0.0).where(begun).astype(float)
    schema = panel.schema.model_copy(update={"past_only": [*panel.schema.past_only, *names.values()]})
    return replace(panel, past=past, schema=schema)
