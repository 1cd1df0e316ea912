"""Hours out of stock read as the share of a period in stock, with and without the hours that a place was open."""

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import open_source, read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.lost_sales import tells_parts, with_recovered


def table(freq: str, hours: list[float], **more: list[float] | float) -> pd.DataFrame:
    ds = pd.date_range("2024-01-07", periods=len(hours), freq=freq)
    return pd.DataFrame({"unique_id": "A", "ds": ds, "y": 6.0, "stockout_hours": hours, **more})


def read(frame: pd.DataFrame, *names: str) -> Panel:
    return read_panel(frame, schema=PanelSchema(missing="keep", past_only=list(names)))


def shares(of: Panel) -> list[float]:
    assert "stockout_hours" not in of.past and of.schema.past_only[0] == "in_stock"
    return of.past["in_stock"].tolist()


def test_hours_of_a_day_and_of_a_week() -> None:
    """6 of 24 hours out are three quarters in; of a week 42 of 168; more hours than there are count as all."""
    assert shares(read(table("D", [0, 6, 24, 30] * 5), "stockout_hours"))[:4] == [1, 0.75, 0, 0]
    assert shares(read(table("W-SUN", [0, 42] * 8), "stockout_hours"))[:2] == [1, 0.75]


def test_hours_open_are_what_hours_out_are_a_share_of() -> None:
    """4 of 16; of a day that was not open, or of which either is not known, nothing is known."""
    frame = table("D", [4, 4, np.nan, 4] * 5, open_hours=[16, 0, 16, np.nan] * 5)
    found = shares(read(frame, "stockout_hours", "open_hours"))[:4]
    assert found[0] == 0.75 and np.isnan(found[1:]).all()


def test_demand_is_recovered_as_from_a_share() -> None:
    """Half the day out and 6 sold where 6 is usual: more was wanted; just as with the share itself in the file."""
    hours = [0.0] * 27 + [12.0]
    by_hours = read(table("D", hours), "stockout_hours")
    share = table("D", hours).drop(columns="stockout_hours").assign(in_stock=[1.0] * 27 + [0.5])
    by_share = read(share, "in_stock")
    assert tells_parts(by_hours) and by_hours.past["in_stock"].equals(by_share.past["in_stock"])
    wanted = with_recovered(by_hours).past["y"]
    assert wanted.iloc[-1] > 6 and (wanted.iloc[:-1] == 6).all()
    assert wanted.equals(with_recovered(by_share).past["y"])


@pytest.mark.parametrize(("names", "says"), [(["stockout_hours"], True), (["stockout_hours", "open_hours"], False)])
def test_what_is_assumed_is_said(names: list[str], says: bool) -> None:
    source = open_source(table("D", [0.0, 6.0] * 10, open_hours=16.0), schema=PanelSchema(past_only=names))
    told = [say(one) for one in source.assumed]
    assert any("a share of all 24 hours of a period" in one for one in told) == says
    assert all(say(one, "zh") for one in source.assumed)


def test_a_share_that_is_there_stands() -> None:
    of = read(table("D", [6.0] * 20, in_stock=0.9), "stockout_hours", "in_stock")
    assert of.past["in_stock"].tolist() == [0.9] * 20 and "stockout_hours" in of.past
