from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.data.panel import Grid, Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

SCHEMA = PanelSchema(known_future=["price"], past_only=["views"], static=["category"])
PERIODS = 12
DATES = pd.date_range("2024-01-07", periods=PERIODS + 3, freq="W-SUN")


def make_panel(lengths: list[int], starts: list[int], seed: int = 0) -> Panel:
    """One series a length: rows from its start, then a plan of up to 3 weeks."""
    rng = np.random.default_rng(seed)
    past, future = [], []
    for i, (length, start) in enumerate(zip(lengths, starts, strict=True)):
        end = min(start + length, PERIODS)
        ds, plan = DATES[start:end], DATES[end : end + 3]
        n = len(ds)
        past.append(
            pd.DataFrame(
                {
                    "unique_id": f"s{i}",
                    "ds": ds,
                    "y": rng.poisson(5, n).astype(float),
                    "price": rng.uniform(1, 2, n),
                    "views": rng.poisson(50, n).astype(float),
                }
            )
        )
        future.append(pd.DataFrame({"unique_id": f"s{i}", "ds": plan, "price": rng.uniform(1, 2, len(plan))}))
    static = pd.DataFrame({"category": ["tea"] * len(lengths)}, index=[f"s{i}" for i in range(len(lengths))])
    return Panel(pd.concat(past, ignore_index=True), pd.concat(future, ignore_index=True), static, SCHEMA, "W-SUN")


def same(a: Panel, b: Panel) -> None:
    pd.testing.assert_frame_equal(a.past, b.past)
    pd.testing.assert_frame_equal(a.future, b.future)
    pd.testing.assert_frame_equal(a.static, b.static)
    assert (a.schema, a.offset) == (b.schema, b.offset)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    n = draw(st.integers(1, 4))
    starts = [0, *draw(st.lists(st.integers(0, PERIODS - 1), min_size=n - 1, max_size=n - 1))]
    lengths = draw(st.lists(st.integers(1, PERIODS), min_size=n, max_size=n))
    return make_panel(lengths, starts, draw(st.integers(0, 5)))


days = st.integers(0, 7 * (PERIODS + 1)).map(lambda days: DATES[0] + pd.Timedelta(days=days))


@pytest.mark.slow
@settings(deadline=None, max_examples=60, derandomize=True)
@given(panels(), days)
def test_nothing_after_the_cutoff_survives_but_the_plan(panel: Panel, cutoff: pd.Timestamp) -> None:
    cut = panel.before(cutoff)
    assert cut.past["ds"].max() <= cutoff
    assert list(cut.future.columns) == ["unique_id", "ds", "price"]
    assert set(cut.future["unique_id"]) <= set(cut.unique_ids) == set(cut.static.index)
    ends = cut.past.groupby("unique_id")["ds"].max()
    assert (cut.future["ds"] > cut.future["unique_id"].map(ends)).all()


@pytest.mark.slow
@settings(deadline=None, max_examples=60, derandomize=True)
@given(panels(), days, st.sampled_from([-1e6, 0.0, 1e6, float("nan")]))
def test_what_happened_after_the_cutoff_cannot_be_told(panel: Panel, cutoff: pd.Timestamp, secret: float) -> None:
    later = panel.past["ds"] > cutoff
    changed = panel.past.assign(y=panel.past["y"].mask(later, secret), views=panel.past["views"].mask(later, secret))
    same(replace(panel, past=changed).before(cutoff), panel.before(cutoff))


@pytest.mark.slow
@settings(deadline=None, max_examples=60, derandomize=True)
@given(panels(), days, days)
def test_two_cuts_are_the_earlier_one(panel: Panel, a: pd.Timestamp, b: pd.Timestamp) -> None:
    same(panel.before(a).before(a), panel.before(a))
    same(panel.before(a).before(b), panel.before(min(a, b)))
    same(panel.before(b).before(a), panel.before(min(a, b)))


def test_the_plan_after_the_cutoff_stays_known() -> None:
    panel = make_panel([12], [0])
    cut = panel.before("2024-02-04")
    assert len(cut.past) == 5
    expected = [*panel.past["price"].iloc[5:], *panel.future["price"]]
    assert cut.future["price"].tolist() == expected
    steps = cut.horizon_of("s0", 3)
    assert steps["ds"].dt.strftime("%m-%d").tolist() == ["02-11", "02-18", "02-25"]
    assert steps["price"].tolist() == expected[:3]
    assert panel.horizon_of("s0", 3)["price"].isna().tolist() == [False] * 3
    assert panel.horizon_of("s0", 5)["price"].isna().tolist() == [False] * 3 + [True] * 2


def test_a_cut_before_everything_is_an_error() -> None:
    with pytest.raises(InputError, match="cutoff 2023-01-01: no series has sales by then; the first period is 2024-01"):
        make_panel([3], [0]).before("2023-01-01")


def test_a_series_that_starts_later_is_gone() -> None:
    cut = make_panel([12, 4], [0, 8]).before(DATES[4])
    assert cut.unique_ids == ["s0"]
    assert list(cut.static.index) == ["s0"]
    assert set(cut.future["unique_id"]) == {"s0"}


def test_select_and_concat() -> None:
    panel = make_panel([12, 4, 6], [0, 8, 2])
    same(Panel.concat([panel.select(["s0"]), panel.select(["s1", "s2"])]), panel)
    with pytest.raises(InputError, match="unknown SKU 's9': did you mean"):
        panel.select(["s9"])


def test_facts_of_one_series() -> None:
    panel = make_panel([12, 4], [0, 2])
    assert (panel.freq, panel.season_length) == ("W", 52)
    assert panel.cutoff == DATES[11]
    assert panel.cutoff_of("s1") == DATES[5]
    assert len(panel.past_of("s1")) == 4
    assert panel.static_of("s1") == {"category": "tea"}
    assert panel.static_of("other") == {}


@pytest.mark.parametrize("offset", ["D", "W-MON", "W-WED", "W-SUN", "MS", "ME"])
def test_the_grid_counts_as_pandas_does(offset: str) -> None:
    import duckdb

    grid, dates = Grid(offset), pd.date_range("1969-11-01", periods=40, freq=offset)
    con = duckdb.connect()
    sql = f"select {grid.number('d')} as p, {grid.label(grid.number('d'))}::varchar as back from (select ?::date as d)"
    rows = [con.execute(sql, [str(d.date())]).fetchall()[0] for d in dates]
    assert np.diff([row[0] for row in rows]).tolist() == [1] * 39
    assert [row[1] for row in rows] == [str(d.date()) for d in dates]


@pytest.mark.parametrize(
    ("cutoff", "last"),
    [
        ("2024-06-01", "2024-06-01"),
        ("2024-06-15", "2024-05-01"),
        ("2024-06-30", "2024-06-01"),
        ("2024-07-02", "2024-06-01"),
    ],
)
def test_a_month_that_is_not_over_is_not_known(cutoff: str, last: str) -> None:
    ds = pd.date_range("2023-01-01", periods=24, freq="MS")
    past = pd.DataFrame({"unique_id": "a", "ds": ds, "y": 1.0})
    panel = Panel(past, past.iloc[:0][["unique_id", "ds"]], pd.DataFrame(index=["a"]), PanelSchema(), "MS")
    assert panel.before(cutoff).cutoff == pd.Timestamp(last)


def small() -> Panel:
    """Two series of three weeks: 5 + 6 + 7 units, and 9 + 9 + one not known."""
    ds = pd.date_range("2024-01-07", periods=3, freq="W-SUN")
    past = pd.DataFrame(
        {"unique_id": ["a"] * 3 + ["b"] * 3, "ds": [*ds, *ds], "y": [5.0, 6.0, 7.0, 9.0, 9.0, float("nan")]}
    )
    return Panel(past, pd.DataFrame(columns=["unique_id", "ds"]), pd.DataFrame(), PanelSchema(), "W-SUN")


def test_best_sellers_are_of_the_last_year() -> None:
    assert small().best_sellers(1) == ["a"]  # 18 and 18: the first
    long = pd.date_range("2022-01-02", periods=60, freq="W-SUN")
    early = pd.DataFrame({"unique_id": "early", "ds": long, "y": [100.0] * 8 + [0.0] * 52})
    late = pd.DataFrame({"unique_id": "late", "ds": long, "y": [0.0] * 59 + [1.0]})
    whole = Panel(
        pd.concat([early, late], ignore_index=True),
        pd.DataFrame(columns=["unique_id", "ds"]),
        pd.DataFrame(),
        PanelSchema(),
        "W-SUN",
    )
    assert whole.best_sellers(2) == ["late", "early"]


def test_what_was_sold_after_a_cutoff_is_there_whole_or_not_at_all() -> None:
    first = DATES[0]
    rows = small().sold_after("a", first, 2)
    assert rows is not None and rows["y"].tolist() == [6.0, 7.0]
    assert small().sold_after("a", first, 3) is None
    assert small().sold_after("b", first, 2) is None
    known = small().sold_after("b", first, 1)
    assert known is not None and known["y"].tolist() == [9.0]
