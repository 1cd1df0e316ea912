"""Events: what rare known periods do to a series, by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.cube import cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.events import DOUBT, Events, event_flags, events_of
from skucast.tools.forecast.recent import recent_forecasts
from skucast.tools.quantiles import MEDIAN, Array

WEEKS, AHEAD = 104, 4
LIFTED = (20, 60, 100)


def flag(*places: int, n: int = 1) -> Array:
    made = np.zeros((n, WEEKS + AHEAD))
    made[:, list(places)] = 1.0
    return made


def steady(level: float = 80.0, times: float = 5.0, n: int = 1) -> Array:
    y = np.full((n, WEEKS), level)
    y[:, list(LIFTED)] *= times
    return y


def panel_of(y: Array, known: Array) -> Panel:
    n = len(y)
    ds = pd.date_range("2023-01-01", periods=WEEKS + AHEAD, freq="W-SUN")
    ids = [f"s{i}" for i in range(n)]
    whole = pd.DataFrame({"unique_id": np.repeat(ids, WEEKS + AHEAD), "ds": np.tile(ds, n)})
    whole["easter"] = known.reshape(-1)
    past = whole[whole["ds"] <= ds[WEEKS - 1]].assign(y=y.reshape(-1))
    past = past[["unique_id", "ds", "y", "easter"]].reset_index(drop=True)
    future = whole[whole["ds"] > ds[WEEKS - 1]].reset_index(drop=True)
    return Panel(past, future, pd.DataFrame(index=ids), PanelSchema(known_future=["easter"]), "W-SUN")


@pytest.mark.parametrize(
    ("values", "is_event"),
    [
        (flag(*LIFTED), True),
        (flag(*range(0, WEEKS, 4)), False),  # a quarter of the weeks: how it sells
        (flag(*range(30, 40)), False),  # ten weeks in a row: a level
        (flag(30, 31, 60, 61), True),
        (flag(*LIFTED) + flag(50), True),
        (flag(*LIFTED) * 3 + flag(50), False),  # three values: a measure
        (np.zeros((1, WEEKS + AHEAD)), False),
        (1 - flag(*LIFTED), True),  # the rare value is the event, whichever it is
    ],
)
def test_what_is_an_event(values: Array, is_event: bool) -> None:
    assert list(event_flags({"easter": values}, WEEKS, 1)) == (["easter"] if is_event else [])


def test_a_steady_series_is_believed_as_it_is() -> None:
    events = Events(steady(), event_flags({"easter": flag(*LIFTED, WEEKS + 1)}, WEEKS, 1), 1, AHEAD)
    effect = events.effect(WEEKS - 1, np.array([0]), WEEKS + AHEAD)
    assert effect[0, [0, WEEKS, WEEKS + 1]] == pytest.approx([1.0, 1.0, 5.0], rel=0.02)


def test_an_event_counts_from_the_period_after_it() -> None:
    events = Events(steady(), event_flags({"easter": flag(*LIFTED)}, WEEKS, 1), 1, AHEAD)
    before, after = (events.effect(origin, np.array([0]), WEEKS)[0, 100] for origin in (19, 20))
    assert before == 1.0
    assert after == pytest.approx(5.0, rel=0.02)


def test_a_series_without_one_gets_the_mean_of_the_others_held_to_none() -> None:
    y, known = steady(n=3), flag(*LIFTED, n=3)
    known[2, list(LIFTED)] = 0.0
    y[2] = 80.0
    known[2, WEEKS] = 1.0
    effect = Events(y, event_flags({"easter": known}, WEEKS, 1), 1, AHEAD).effect(
        WEEKS - 1, np.arange(3), WEEKS + AHEAD
    )
    assert effect[2, WEEKS] == pytest.approx((3 * 5 + DOUBT) / (3 + DOUBT))  # three periods, however many series
    assert effect[0, 20] == pytest.approx(5.0, rel=0.02)


def test_events_that_come_together_are_told_apart() -> None:
    """A leaflet doubles, a display trebles; every second leaflet has a display."""
    leaflet, display = (20, 40, 60, 80), (20, 60, 70, 90)
    y = np.full((1, WEEKS), 50.0)
    y[0, list(leaflet)] *= 2
    y[0, list(display)] *= 3
    flags = event_flags({"leaflet": flag(*leaflet), "display": flag(*display)}, WEEKS, 1)
    effect = Events(y, flags, 1, AHEAD).effect(WEEKS - 1, np.array([0]), WEEKS)[0]
    assert effect[[40, 70, 20]] == pytest.approx([2.0, 3.0, 6.0], rel=0.1)


def test_what_comes_after_the_cut_changes_no_effect() -> None:
    y = steady()
    known = flag(*LIFTED, WEEKS + 2)
    one = events_of(cube(panel_of(y, known), AHEAD)).effect(WEEKS - 1, np.array([0]), WEEKS + AHEAD)
    y[0, 100] = 9000.0
    two = Events(y[:, :90], event_flags({"easter": known[:, :94]}, 90, 1), 1, AHEAD).effect(89, np.array([0]), 94)
    assert two[0, 60] == pytest.approx(one[0, 60], rel=0.02)


def test_the_recent_pattern_leaves_events_out_and_plans_them() -> None:
    made = recent_forecasts(panel_of(steady(), flag(*LIFTED, WEEKS + 1)), AHEAD)["s0"][:, MEDIAN]
    assert made == pytest.approx([80, 400, 80, 80], rel=0.02)
