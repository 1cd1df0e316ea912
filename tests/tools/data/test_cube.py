"""The cube against arrays written by hand, and against the cut."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.data.cube import Cube, cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema

NAN = np.nan
SCHEMA = PanelSchema(known_future=["open", "promo"], past_only=["stock"], static=["group"])


def two_shops() -> Panel:
    """`a` has 5 days, one of them not known; `b` begins on the third and ends on the fourth; a plan beyond both."""
    days = pd.date_range("2024-01-01", periods=8, freq="D")
    past = pd.DataFrame(
        {
            "unique_id": ["a"] * 5 + ["b"] * 2,
            "ds": [*days[:5], *days[2:4]],
            "y": [5.0, 0.0, NAN, 3.0, 0.0, 2.0, 0.0],
            "open": [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0],
            "promo": [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, NAN],
            "stock": [9.0, 0.0, NAN, 4.0, 2.0, 0.0, -1.0],
        }
    )
    future = pd.DataFrame(
        {
            "unique_id": ["a"] * 3 + ["b"] * 4,
            "ds": [*days[5:8], *days[4:8]],
            "open": [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0],
            "promo": [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0],
        }
    )
    return Panel(past, future, pd.DataFrame({"group": ["x"]}, index=["b"]), SCHEMA, "D")


def test_two_shops_by_hand() -> None:
    made = cube(two_shops(), 2)
    assert made.unique_ids == ["a", "b"]
    assert made.ds.equals(pd.date_range("2024-01-01", periods=7, freq="D"))
    np.testing.assert_array_equal(made.y, [[5, 0, NAN, 3, 0], [NAN, NAN, 2, 0, NAN]])
    np.testing.assert_array_equal(made.known["open"], [[1, 1, 1, 0, 1, 1, 0], [NAN, NAN, 1, 1, 0, 1, 1]])
    np.testing.assert_array_equal(made.known["promo"], [[0, 1, 0, 0, 1, 1, 0], [NAN, NAN, 1, NAN, 0, 0, 1]])
    np.testing.assert_array_equal(made.past_only["stock"], [[9, 0, NAN, 4, 2], [NAN, NAN, 0, -1, NAN]])
    assert made.end.tolist() == [4, 3]
    assert (made.horizon, made.offset) == (2, "D")
    assert made.static["group"].isna().tolist() == [True, False]


def test_masks_by_hand() -> None:
    made = cube(two_shops(), 2)
    closed = [[0, 0, 0, 1, 0, 0, 1], [0, 0, 0, 0, 1, 0, 0]]
    stockout = [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]]  # sold with nothing on hand is no stock-out, nor is a stock not known
    assert made.closed.astype(int).tolist() == closed
    assert made.stockout.astype(int).tolist() == stockout
    np.testing.assert_array_equal(made.demand, [[5, NAN, NAN, NAN, 0], [NAN, NAN, 2, NAN, NAN]])
    assert made.y[0, 1] == 0  # what was sold stays as it was


def test_nothing_shows_demand_before_the_first_sale() -> None:
    """An item that is not on the shelf yet shows no demand, not a demand of none; what never sold shows just that."""
    late = one_series({}, {}, [0, NAN, 0, 3, 0, 2])
    np.testing.assert_array_equal(late.demand, [[NAN, NAN, NAN, 3, 0, 2]])
    np.testing.assert_array_equal(late.y, [[0, NAN, 0, 3, 0, 2]])
    np.testing.assert_array_equal(one_series({}, {}, [0, 0, NAN, 0]).demand, [[0, 0, NAN, 0]])
    np.testing.assert_array_equal(one_series({}, {}, [4, 0, 0]).demand, [[4, 0, 0]])
    both = one_series({}, {"stock": [9, 9, 0, 9, 0]}, [0, 0, 0, 2, 0])
    np.testing.assert_array_equal(both.demand, [[NAN, NAN, NAN, 2, NAN]])


def test_promoted_by_hand() -> None:
    made = cube(two_shops(), 2)
    assert made.promoted is not None
    assert made.promoted.astype(int).tolist() == [[0, 1, 0, 0, 1, 1, 0], [0, 0, 1, 0, 0, 0, 1]]


def one_series(known: dict[str, list[float]], past_only: dict[str, list[float]], y: list[float]) -> Cube:
    ds = pd.date_range("2024-01-01", periods=len(y), freq="MS")
    past = pd.DataFrame({"unique_id": "a", "ds": ds, "y": y, **known, **past_only})
    schema = PanelSchema(known_future=list(known), past_only=list(past_only))
    return cube(Panel(past, past.iloc[:0].drop(columns="y"), pd.DataFrame(index=["a"]), schema, "MS"), 1)


def test_any_promotion_counts_and_a_small_discount_does_not() -> None:
    made = one_series({"promo": [0, 0, 0, 1], "discount": [0, 0.05, 0.2, 0.0]}, {}, [1, 1, 1, 1])
    assert made.promoted is not None
    assert made.promoted.tolist() == [[False, False, True, True, False]]


@pytest.mark.parametrize("name", ["stock", "on_hand", "in_stock"])
def test_every_word_for_stock_masks(name: str) -> None:
    made = one_series({}, {name: [1, 0, 0, NAN]}, [0, 0, 3, 0])
    assert made.stockout.tolist() == [[False, True, False, False]]


def test_without_such_columns_nothing_is_masked() -> None:
    made = one_series({"price": [1, 0, 1, 1]}, {"views": [0, 0, 1, 1]}, [1, 0, 3, 0])
    assert made.promoted is None
    assert not made.closed.any() and not made.stockout.any()
    np.testing.assert_array_equal(made.demand, made.y)


def test_the_plan_that_is_not_given_is_not_made_up() -> None:
    made = one_series({"price": [1, 2, 3, 4]}, {}, [1, 1, 1, 1])
    assert np.isnan(made.known["price"][0, -1])
    assert made.ds[-1] == pd.Timestamp("2024-05-01")


def test_no_horizon_is_the_past_alone() -> None:
    made = cube(two_shops(), 0)
    assert len(made.ds) == made.y.shape[1] == made.closed.shape[1] == 5


def random_panel(seed: int, freq: str) -> Panel:
    """Three series of up to 12 periods that begin and end when they like, with gaps, and a plan to period 15."""
    rng = np.random.default_rng(seed)
    ds = pd.date_range("2024-01-31", periods=15, freq=freq)
    tables = []
    for i in range(3):
        begin = 0 if i == 0 else int(rng.integers(0, 8))
        y = np.where(rng.random(15) < 0.2, NAN, rng.poisson(2, 15).astype(float))
        y[int(rng.integers(begin + 1, 13)) if i else 12 :] = NAN
        row = {"open": rng.integers(0, 2, 15) * 1.0, "promo": rng.random(15), "stock": rng.integers(0, 3, 15) * 1.0}
        tables.append(pd.DataFrame({"unique_id": f"s{i}", "ds": ds, "y": y, **row, "n": np.arange(15)})[begin:])
    table = pd.concat(tables, ignore_index=True)
    last = table["unique_id"].map(table[table["y"].notna()].groupby("unique_id")["n"].max()).fillna(14)
    past, future = table[table["n"] <= last], table[table["n"] > last]
    keep = ["unique_id", "ds", "open", "promo"]
    static = pd.DataFrame({"group": list("xyz")}, index=["s0", "s1", "s2"])
    return Panel(past.drop(columns="n"), future[keep], static, SCHEMA, freq)


@pytest.mark.slow
@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(0, 10_000), st.sampled_from(["D", "W-SAT", "MS", "ME"]), st.integers(0, 12), st.integers(0, 4))
def test_the_cube_of_a_cut_panel_is_the_cut_cube(seed: int, freq: str, place: int, horizon: int) -> None:
    panel = random_panel(seed, freq)
    whole = cube(panel, 3)
    at = whole.ds[place]
    cut = cube(panel.before(at), horizon)
    rows = [whole.unique_ids.index(uid) for uid in cut.unique_ids]
    begin, last = whole.ds.get_loc(cut.ds[0]), whole.ds.get_loc(panel.before(at).cutoff)
    past = slice(begin, last + 1)
    plan = slice(begin, min(last + 1 + horizon, len(whole.ds)))
    np.testing.assert_array_equal(cut.y, whole.y[rows, past])
    begun = np.nanmax(cut.y, axis=1, initial=0) > 0  # of what has sold by then; what has not shows that it has not
    np.testing.assert_array_equal(cut.demand[begun], whole.demand[rows, past][begun])
    masked = cut.closed[:, : cut.y.shape[1]] | cut.stockout
    np.testing.assert_array_equal(cut.demand[~begun], np.where(masked, NAN, cut.y)[~begun])
    np.testing.assert_array_equal(cut.past_only["stock"], whole.past_only["stock"][rows, past])
    for name in ("open", "promo"):
        ahead = whole.known[name][rows, plan]
        np.testing.assert_array_equal(cut.known[name][:, : ahead.shape[1]], ahead)
    np.testing.assert_array_equal(cut.end, np.minimum(whole.end[rows], last) - begin)
