"""Calendars as people keep them: two weeks, four weeks, 4-4-5, quarters, and several in one file."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.horizon import parse_horizon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Message, Refusal


def rows(uid: str, ds: "list[str] | pd.DatetimeIndex", y: object = 5.0) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": uid, "ds": pd.to_datetime(ds), "y": y})


def every(days: int, start: str, periods: int) -> pd.DatetimeIndex:
    return pd.date_range(start, periods=periods, freq=f"{days}D")


def panel_of(*parts: pd.DataFrame, schema: PanelSchema | None = None) -> Panel:
    return open_source(pd.concat(parts), schema=schema or PanelSchema()).panel()


def refusal(*parts: pd.DataFrame, schema: PanelSchema | None = None) -> Message:
    with pytest.raises(Refusal) as error:
        panel_of(*parts, schema=schema)
    why = error.value.message.facts["why"]
    assert isinstance(why, Message)
    return why


@pytest.mark.parametrize(
    ("start", "days", "offset", "season"),
    [
        ("2021-01-03", 14, "2W-SUN", 26),
        ("2021-01-10", 14, "2W-SUN", 26),  # the other weeks
        ("2022-03-02", 14, "2W-WED", 26),
        ("1969-05-05", 14, "2W-MON", 26),
        ("2021-01-02", 28, "4W-SAT", 13),
        ("2021-01-12", 28, "4W-TUE", 13),
    ],
)
def test_periods_of_several_weeks(start: str, days: int, offset: str, season: int) -> None:
    ds = every(days, start, 30)
    panel = panel_of(rows("A", ds, np.arange(30.0)), rows("B", ds[4:], 3.0))
    assert (panel.offset, panel.freq, panel.season_length) == (offset, offset[:2], season)
    assert panel.past_of("A")["ds"].tolist() == ds.tolist()
    assert panel.past_of("A")["y"].tolist() == list(range(30))  # no zero was made up
    assert panel.steps_of("B", 3).tolist() == every(days, str(ds[-1]), 4)[1:].tolist()
    assert parse_horizon("12w", panel) == 12 * 7 // days


def test_a_missing_fortnight_is_one_gap() -> None:
    ds = every(14, "2023-01-02", 20).delete(7)
    keep = panel_of(rows("A", ds), schema=PanelSchema(missing="keep")).past_of("A")
    assert keep["ds"][7] == pd.Timestamp("2023-04-10")
    assert keep["y"].isna().tolist() == [i == 7 for i in range(20)]
    assert refusal(rows("A", ds)).facts["what"].key == "found-gaps"  # type: ignore[union-attr]


def test_weeks_with_gaps_stay_weeks() -> None:
    ds = every(7, "2023-01-01", 40)[[0, 2, 4, 6, 9, 11, 13, 15, 17, 20, 30, 39]]  # mostly two weeks apart
    panel = panel_of(rows("A", ds), schema=PanelSchema(missing="zero"))
    assert panel.offset == "W-SUN"
    assert len(panel.past) == 40


def test_what_is_declared_is_taken() -> None:
    ds = every(14, "2023-01-01", 10)
    panel = panel_of(rows("A", ds), schema=PanelSchema(freq="W", missing="zero"))
    assert (panel.offset, len(panel.past)) == ("W-SUN", 19)
    assert panel_of(rows("A", ds[:1]), schema=PanelSchema(freq="2W")).offset == "2W-SUN"


def test_the_cut_of_fortnights() -> None:
    panel = panel_of(rows("A", every(14, "2023-01-01", 10), np.arange(10.0)))
    assert panel.before("2023-02-04").past["y"].tolist() == [0, 1, 2]  # to 29 January
    assert panel.before("2023-02-12").cutoff == pd.Timestamp("2023-02-12")


def retail(start: str, weeks: list[int], years: int) -> list[str]:
    """The last days of periods that follow on one another."""
    ends = pd.Timestamp(start) + pd.to_timedelta(np.cumsum(weeks * years) * 7, unit="D")
    return [str(end.date()) for end in ends]


@pytest.mark.parametrize(
    ("start", "weeks", "first"),
    [
        ("2021-01-02", [4, 4, 5] * 4, "2021-01-31"),  # 4-4-5 from the first week of January
        ("2021-01-30", [4, 5, 4] * 4, "2021-02-28"),  # 4-5-4 from February
        ("2021-09-25", [5, 4, 4] * 4, "2021-10-31"),  # 5-4-4 from October
    ],
)
def test_months_of_a_retail_calendar(start: str, weeks: list[int], first: str) -> None:
    ends = retail(start, weeks, 3)
    source = open_source(rows("A", ends, np.arange(36.0)))
    panel = source.panel()
    assert (panel.offset, panel.season_length) == ("ME", 12)
    assert panel.past["ds"].tolist() == pd.date_range(first, periods=36, freq="ME").tolist()
    assert panel.past["y"].tolist() == list(range(36))
    (said,) = source.assumed
    assert said.key == "assumed-retail-months"
    assert said.facts["date"] == date.fromisoformat(ends[-1])


def test_two_rows_in_a_retail_month_are_two_rows() -> None:
    ends = retail("2021-01-02", [4, 4, 5] * 4, 2)
    assert refusal(rows("A", [*ends, ends[3]])).facts["what"].key == "found-duplicates"  # type: ignore[union-attr]


@pytest.mark.parametrize("freq", ["QE", "QS", "91D"])
def test_quarters_are_refused(freq: str) -> None:
    assert refusal(rows("A", pd.date_range("2020-03-31", periods=9, freq=freq))).key == "no-calendar-quarters"


@pytest.mark.parametrize(("days", "shown"), [(21, 21.0), (42, 42.0), (10, 10.0)])
def test_other_steps_are_refused(days: int, shown: float) -> None:
    why = refusal(rows("A", every(days, "2023-01-01", 12)))
    assert (why.key, why.facts["days"]) == ("no-calendar-step", shown)


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (every(1, "2024-01-01", 60), every(7, "2024-01-07", 20), ["several-D", "several-W"]),
        (every(7, "2024-01-07", 60), pd.date_range("2024-01-01", periods=14, freq="MS"), ["several-W", "several-M"]),
        (every(7, "2024-01-07", 60), every(14, "2024-01-07", 20), ["several-W", "several-2W"]),
    ],
)
def test_mixed_frequencies_are_named(one: pd.DatetimeIndex, other: pd.DatetimeIndex, kinds: list[str]) -> None:
    why = refusal(rows("A1", one), rows("A2", one), rows("B", other))
    assert why.key == "no-calendar-mixed"
    groups = why.facts["groups"]
    assert isinstance(groups, tuple)
    found = [group.facts for group in groups if isinstance(group, Message)]
    assert [facts["periods"].key for facts in found] == kinds  # type: ignore[union-attr]
    assert [facts["series"] for facts in found] == [("A1", "A2"), ("B",)]
    alone = open_source(
        pd.concat([rows("A1", one), rows("B", other)]), sql="select * from data where unique_id = 'B'"
    ).panel()  # the way out that is named
    assert alone.unique_ids == ["B"]


def test_a_daily_article_that_sells_on_saturdays_is_asked_about() -> None:
    daily, saturdays = rows("A", every(1, "2024-01-01", 90)), rows("S", every(7, "2024-01-06", 12))
    assert refusal(daily, saturdays).key == "no-calendar-mixed"
    panel = panel_of(daily, saturdays, schema=PanelSchema(freq="D", missing="zero"))
    assert len(panel.past_of("S")) == 78


def test_two_weeks_are_said() -> None:
    (said,) = open_source(rows("A", every(14, "2023-01-06", 10))).assumed
    assert (said.key, said.facts["weeks"], said.facts["date"]) == ("assumed-weeks-apart", 2, date(2023, 5, 12))
    assert open_source(rows("A", every(14, "2023-01-06", 10)), schema=PanelSchema(freq="2W")).assumed == ()
    assert open_source(rows("A", every(7, "2023-01-06", 10))).assumed == ()


def test_days_and_weeks_can_be_summed_to_weeks() -> None:
    daily, weekly = rows("D", every(1, "2024-01-01", 56), 2.0), rows("W", every(7, "2024-01-07", 8), 70.0)
    assert refusal(daily, weekly).facts["longest"] == "W"
    panel = panel_of(daily, weekly, schema=PanelSchema(sum=True, freq="W"))
    assert panel.past_of("D")["y"].tolist() == [14.0] * 8
    assert panel.past_of("W")["y"].tolist() == [70.0] * 8
