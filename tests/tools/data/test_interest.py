"""Views and carts a period as covariates of the past, by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.event_table import read_events
from skucast.tools.data.events import Events
from skucast.tools.data.interest import with_interest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError


@pytest.fixture(scope="module")
def panel() -> Panel:
    weeks = pd.date_range("2024-01-07", periods=4, freq="W-SUN")
    return read_panel(pd.concat([pd.DataFrame({"unique_id": uid, "ds": weeks, "y": 1.0}) for uid in "AB"]))


@pytest.fixture(scope="module")
def events() -> Events:
    rows = [
        ("u", "2024-01-08 00:00", "view", "A"),  # the Monday of the second week
        ("u", "2024-01-14 23:59", "view", "A"),  # its Sunday
        ("u", "2024-01-15 00:00", "cart", "A"),
        ("u", "2024-01-28 23:59", "view", "B"),
        ("u", "2024-01-29 00:00", "view", "B"),  # after the last week
        ("u", "2024-01-16 00:00", "view", "C"),  # not of the panel
        ("u", "2024-01-16 00:00", "buy", "A"),
    ]
    return read_events(
        pd.DataFrame(rows, columns=["user_id", "ds", "event", "unique_id"]), today=pd.Timestamp("2026-01-01")
    )


def test_views_and_carts_by_week(panel: Panel, events: Events) -> None:
    made = with_interest(panel, events)
    np.testing.assert_array_equal(made.past_of("A")["views"], [np.nan, 2, 0, 0])
    np.testing.assert_array_equal(made.past_of("A")["carts"], [np.nan, 0, 1, 0])
    np.testing.assert_array_equal(made.past_of("B")["views"], [np.nan, 0, 0, 1])
    assert made.past["y"].tolist() == panel.past["y"].tolist()


def test_it_is_cut_with_the_past_and_never_planned(panel: Panel, events: Events) -> None:
    made = with_interest(panel, events)
    assert made.schema.past_only == ["views", "carts"]
    cut = made.before("2024-01-14")
    assert cut.past_of("A")["views"].tolist()[1:] == [2.0]
    assert "views" not in cut.future.columns


def test_a_column_of_that_name_is_not_replaced(panel: Panel, events: Events) -> None:
    with pytest.raises(InputError, match="a column 'views' already"):
        with_interest(with_interest(panel, events), events)
