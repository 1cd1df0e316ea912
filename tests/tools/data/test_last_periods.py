"""The end of a table: periods that were not loaded, a last one that was not over, and what is neither."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.read import Source, open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Percent, message

WEEKS = 60
WAVE = np.array([1.0, 0.95, 1.1, 1.02, 0.9, 1.05, 0.98, 1.08])


def table(
    change: Callable[[np.ndarray, int], object] = lambda y, n: None,
    series: int = 5,
    periods: int = WEEKS,
    freq: str = "W-SUN",
    start: str = "2023-01-01",
) -> pd.DataFrame:
    """Steady series of 20, 40, 60, … units, each changed in place."""
    ds = pd.date_range(start, periods=periods, freq=freq)
    parts = []
    for n in range(series):
        y = np.round(20 * (n + 1) * np.resize(np.roll(WAVE, n), periods))
        change(y, n)
        parts.append(pd.DataFrame({"unique_id": f"S{n}", "ds": ds, "y": y}))
    return pd.concat(parts)


def end(k: int, value: float) -> Callable[[np.ndarray, int], None]:
    def change(y: np.ndarray, n: int) -> None:
        y[-k:] = np.round(y[-k:] * value)

    return change


def opened(rows: pd.DataFrame, **declared: object) -> Source:
    return open_source(rows, schema=PanelSchema.model_validate(declared))


@pytest.mark.parametrize(
    ("k", "freq", "first", "last", "cutoff"),
    [
        (6, "W-SUN", "2024-01-14", "2024-02-18", "2024-01-07"),
        (2, "W-SUN", "2024-02-11", "2024-02-18", "2024-02-04"),
        (3, "D", "2023-02-27", "2023-03-01", "2023-02-26"),
        (2, "MS", "2027-11-01", "2027-12-01", "2027-10-01"),
    ],
)
def test_zeros_of_every_series_are_not_loaded_yet(k: int, freq: str, first: str, last: str, cutoff: str) -> None:
    source = opened(table(end(k, 0.0), freq=freq))
    days = {name: pd.Timestamp(day).date() for name, day in (("first", first), ("last", last), ("cutoff", cutoff))}
    periods = message(f"periods-{freq[0]}", count=k)
    assert source.assumed == (message("assumed-not-loaded", periods=periods, **days),)
    panel = source.panel()
    assert panel.cutoff == pd.Timestamp(cutoff)
    assert len(panel.past) == 5 * (WEEKS - k)
    assert [finding.kind for finding in source.health().findings if finding.severity == "warning"] == ["left_out"]
    kept = opened(table(end(k, 0.0), freq=freq), last="keep")
    assert kept.assumed == ()
    assert kept.panel().cutoff == pd.Timestamp(last)


def test_empty_sales_that_would_become_zeros_are_not_loaded_either() -> None:
    def change(y: np.ndarray, n: int) -> None:
        y[-4:] = np.nan

    source = opened(table(change), missing="zero")
    assert [said.key for said in source.assumed] == ["assumed-not-loaded"]
    assert source.panel().past["y"].min() > 0


def test_zeros_filled_into_a_plan_become_the_plan() -> None:
    rows = table(end(4, 0.0)).assign(promo=0.0)
    panel = opened(rows, known_future=["promo"]).panel()
    assert panel.cutoff == pd.Timestamp("2024-01-21")
    assert len(panel.future) == 5 * 4


def one_ends(y: np.ndarray, n: int) -> None:
    if n == 2:
        y[-8:] = 0


def closed_in_winter(y: np.ndarray, n: int) -> None:
    y[10:20] = 0
    y[-8:] = 0


def closed_on_weekends(y: np.ndarray, n: int) -> None:
    y[5::7] = y[6::7] = 0


@pytest.mark.parametrize(
    "rows",
    [
        table(one_ends),
        table(end(8, 0.0), series=1),  # it may have ended
        table(closed_in_winter),
        table(closed_on_weekends, freq="D", start="2023-01-02", periods=63),  # ends on a Sunday
        table(lambda y, n: None),
        table(end(1, 0.85)),  # a weak week
        table(lambda y, n: end(1, 0.3)(y, n) if n < 3 else None),  # of some series only
        table(end(1, 0.3), series=2),  # two say little
        table(end(10, 0.3)),  # a new level
    ],
)
def test_what_stays(rows: pd.DataFrame) -> None:
    source = opened(rows)
    assert source.assumed == ()
    assert source.panel().cutoff == rows["ds"].max()


@pytest.mark.parametrize("value", [0.43, 0.0])
@pytest.mark.parametrize(("freq", "periods"), [("W-SUN", "W"), ("D", "D"), ("ME", "M")])
def test_a_last_period_that_was_not_over(value: float, freq: str, periods: str) -> None:
    rows = table(end(1, value), freq=freq, periods=90)
    days = sorted(rows["ds"].unique())
    source = opened(rows)
    (said,) = source.assumed
    assert said.key == "assumed-last-not-over"
    assert (said.facts["date"], said.facts["cutoff"]) == (days[-1].date(), days[-2].date())
    assert said.facts["series"] == 5
    assert said.facts["percent"] == pytest.approx(Percent(100 * value), abs=3)
    assert source.panel().cutoff == days[-2]
    assert opened(rows, last="keep").panel().cutoff == days[-1]


def test_slow_sellers_are_looked_at_together() -> None:
    def slow(y: np.ndarray, n: int) -> None:
        y[:] = 0
        y[n % 3 :: 3] = 6  # each third week: 10 of 30 series a week, 60 units
        y[-1] = 6 if n in (2, 5) else 0  # 12

    assert [said.key for said in opened(table(slow, series=30)).assumed] == ["assumed-last-not-over"]


def test_a_low_week_that_came_a_year_ago_as_well_is_a_season() -> None:
    def christmas(y: np.ndarray, n: int) -> None:
        y[-1] = y[-53] = np.round(y[-1] * 0.3)

    assert opened(table(christmas, periods=120)).assumed == ()


def test_zeros_and_before_them_half_a_week() -> None:
    def change(y: np.ndarray, n: int) -> None:
        end(3, 0.4)(y, n)
        y[-2:] = 0

    source = opened(table(change))
    assert [said.key for said in source.assumed] == ["assumed-not-loaded", "assumed-last-not-over"]
    assert source.panel().cutoff == pd.Timestamp("2024-01-28")


@pytest.mark.parametrize(
    ("freq", "first", "last", "kept", "begins"),
    [
        ("W", "2024-01-01", "2024-03-06", "2024-02-26", "2024-03-04"),  # to a Wednesday
        ("2W", "2023-12-25", "2024-03-06", "2024-02-19", "2024-03-04"),
        ("M", "2023-01-01", "2024-03-20", "2024-02-01", "2024-03-01"),
    ],
)
def test_days_that_are_summed_leave_out_a_period_that_is_not_over(
    freq: str, first: str, last: str, kept: str, begins: str
) -> None:
    days = pd.DataFrame({"unique_id": "A", "ds": pd.date_range(first, last), "y": 2.0})
    source = opened(days, sum=True, freq=freq)
    said = [one for one in source.assumed if one.key == "assumed-last-not-whole"]
    assert said == [message("assumed-last-not-whole", date=pd.Timestamp(begins).date(), last=pd.Timestamp(last).date())]
    assert source.panel().cutoff == pd.Timestamp(kept)
    assert opened(days, sum=True, freq=freq, last="keep").panel().cutoff == pd.Timestamp(begins)


def test_a_week_is_over_where_the_shop_is_closed_on_sundays() -> None:
    days = pd.date_range("2024-01-01", "2024-03-02")  # a Saturday
    rows = pd.DataFrame({"unique_id": "A", "ds": days[days.dayofweek < 6], "y": 2.0})
    source = opened(rows, sum=True, freq="W")
    assert "assumed-last-not-whole" not in {said.key for said in source.assumed}
    assert source.panel().past["y"].tolist() == [12.0] * 9
