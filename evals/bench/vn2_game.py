"""The game of the VN2 Inventory Planning Challenge: its own eight weeks, and the same game at earlier starts.

One order a week for six weeks, placed at the end of week X, for sale from week X+3; lost sales; 0.2 a unit left at the
end of a week, 1.0 a unit of demand missed. Weeks 1 and 2 are decided by the stock at the start.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.panel import Panel
from ...tools.decide.replay import Costs, Known, Policy, Replayed, replay
from ...tools.quantiles import Array
from ..tasks.panels.source import read
from ..tasks.panels.vn2 import LAST_KNOWN, vn2_weekly

COSTS = Costs(holding=0.2, shortage=1.0)
LEAD_TIME, WEEKS, ORDERS = 3, 8, 6
DECIDED = LEAD_TIME - 1  # weeks that the start decides
YEAR = 52
EARLIER = ("2023-05-08", "2023-07-03", "2023-08-28", "2023-10-23", "2023-12-18", "2024-02-12")
CHECK = (380.6, 533.2)  # cost of weeks 1 and 2, as published


@dataclass(frozen=True)
class Game:
    """Eight weeks to play, P products in the order of the panel.

    Attributes:
        start: the last week that is known before the first order.
        panel: the past up to the last decision, to be cut for each.
        on_hand: units at the end of the week `start`, shape `[P]`.
        pipeline: units that arrive in weeks 1 and 2, shape `[P, 2]`.
        demand: units of weeks 1 to 8, as recorded, shape `[P, 8]`.
        out_of_stock: share of these products and weeks that were out of stock; None where that is not known.
    """

    start: pd.Timestamp
    panel: Panel
    on_hand: Array
    pipeline: Array
    demand: Array
    out_of_stock: float | None

    @property
    def decisions(self) -> list[pd.Timestamp]:
        """The weeks at whose ends orders are placed."""
        return list(pd.date_range(self.start, periods=ORDERS, freq=self.panel.offset))

    def play(self, known: list[Known], policy: Policy) -> Replayed:
        """The game under a policy."""
        return replay(known, self.demand, self.on_hand, self.pipeline, policy, COSTS)


def earlier(start: str) -> Game:
    """The game at an earlier start, with a stock by rule; nothing of the competition's weeks is read.

    The competition's own stock at the start follows from the mean week of the last year as recorded, m: in stock m
    rounded up and at least one unit; for week 1 nothing; for week 2 what is missing to 2 m, rounded, a half to the even
    number. So with all 599 products; it is the rule here too. Demand is the units recorded, as in the competition: 0 in
    weeks out of stock.
    """
    at = pd.Timestamp(start)
    whole = vn2_weekly()
    arrays = cube(whole, 0)
    place = int(arrays.ds.searchsorted(at)) + 1
    mean = np.nan_to_num(arrays.y[:, place - YEAR : place]).mean(axis=1)
    on_hand = np.maximum(np.ceil(mean), 1.0)
    second = np.maximum(np.round(2 * mean - on_hand), 0.0)
    return Game(
        at,
        whole.before(arrays.ds[place + ORDERS - 2]),
        on_hand,
        np.stack([np.zeros_like(mean), second], axis=1),
        np.nan_to_num(arrays.y[:, place : place + WEEKS]),
        float(arrays.stockout[:, place : place + WEEKS].mean()),
    )


def competition() -> Game:
    """The competition's own game. To be opened once the forecaster and the policy are fixed.

    A week's demand is known at its end; whether a product was in stock in these weeks is not known.
    """
    panel = vn2_weekly()
    rows = read("vn2/weekly_sales.parquet")
    rows = rows[rows["week"] > LAST_KNOWN]
    ids = rows["Store"].astype(str) + "-" + rows["Product"].astype(str)
    table = pd.DataFrame(
        {"unique_id": ids, "ds": rows["week"].astype("datetime64[ns]"), "y": rows["units"].astype(float)}
    )
    revealed = table.assign(in_stock=np.nan)
    wide = table.pivot(index="unique_id", columns="ds", values="y").loc[panel.unique_ids]
    state = read("vn2/initial_state.parquet")
    state = state.set_index(state["Store"].astype(str) + "-" + state["Product"].astype(str)).loc[panel.unique_ids]
    shown = revealed[revealed["ds"] <= wide.columns[ORDERS - 2]]
    past = pd.concat([panel.past, shown[panel.past.columns]], ignore_index=True)
    past = past.sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True)
    return Game(
        pd.Timestamp(LAST_KNOWN),
        replace(panel, past=past),
        state["End Inventory"].to_numpy(dtype=float),
        state[["In Transit W+1", "In Transit W+2"]].to_numpy(dtype=float),
        wide.to_numpy(dtype=float)[:, :WEEKS],
        None,
    )
