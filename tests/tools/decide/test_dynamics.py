"""Stock over demand, worked out by hand; and that no unit is made or lost on the way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.decide.dynamics import Played, Shelves, play
from skucast.tools.errors import InputError

DEMAND = np.array([[4.0, 9, 2, 5]])
ARRIVALS = np.array([0.0, 3, 6, 0])


def rows(played: Played) -> list[list[float]]:
    return [array[0].tolist() for array in (played.stock, played.sold, played.lost, played.wasted)]


def test_lost_sales() -> None:
    """Of 6: 4 sold, 2 left; 2 + 3 meet 5 of 9; 6 meet 2, 4 left; 4 of 5."""
    assert rows(play(DEMAND, 6, ARRIVALS)) == [[2, 0, 4, 0], [4, 5, 2, 4], [0, 4, 0, 1], [0, 0, 0, 0]]


def test_backorders() -> None:
    """The 4 missing in the second period are owed, and go first out of the 6 that arrive; 5 wanted with none left."""
    assert rows(play(DEMAND, 6, ARRIVALS, backorders=True)) == [
        [2, 0, 0, 0],
        [4, 5, 6, 0],
        [0, 4, 0, 5],
        [0, 0, 0, 0],
    ]


def test_shelf_life() -> None:
    """Two periods: of the first 10 there are 3 left after the second, wasted; the 4 that arrived then are still good.

    1st: 10, 5 sold. 2nd: 5 old + 4 new, 2 old sold, 3 old wasted. 3rd: 4 meet 1, 3 wasted. 4th: 1 arrives, 2 wanted.
    """
    played = play(np.array([[5.0, 2, 1, 2]]), 10, np.array([0.0, 4, 0, 1]), shelf_life=2)
    assert rows(played) == [[5, 4, 0, 0], [5, 2, 1, 1], [0, 0, 0, 1], [0, 3, 3, 0]]


def test_sold_on_the_day_only() -> None:
    """Of one period: what is not sold in it is wasted; what is owed is met by the next arrivals."""
    demand, arrivals = np.array([[3.0, 1, 4]]), np.array([0.0, 5, 2])
    assert rows(play(demand, 2, arrivals, shelf_life=1)) == [[0, 0, 0], [2, 1, 2], [1, 0, 2], [0, 4, 0]]
    owed = play(demand, 2, arrivals, shelf_life=1, backorders=True)
    assert rows(owed) == [[0, 0, 0], [2, 2, 2], [1, 0, 2], [0, 3, 0]]


def test_what_lies_for_all_of_its_life_is_wasted_in_the_last_period() -> None:
    played = play(np.array([[1.0, 0]]), 4, np.zeros(2), shelf_life=2)
    assert rows(played) == [[3, 0], [1, 0], [0, 0], [0, 3]]


def test_whole_numbers_leave_parts_of_units() -> None:
    assert rows(play(np.array([[4, 9]]), 6.5, np.array([0, 3]))) == [[2.5, 0], [4, 5.5], [0, 3.5], [0, 0]]


def test_the_oldest_go_first() -> None:
    """4 old and 4 new, 6 sold: both the new ones that are left live on."""
    played = play(np.array([[0.0, 6, 0]]), 4, np.array([0.0, 4, 0]), shelf_life=2)
    assert rows(played) == [[4, 2, 0], [0, 6, 0], [0, 0, 0], [0, 0, 2]]


def test_products_that_keep_and_that_do_not_on_the_same_shelves() -> None:
    """One keeps for two periods, the other for ever; 5 of each, 2 of each come in the second period, 1 of each sells in
    the first two. The first: 4 left; 3 old ones wasted and 2 new ones left; these wasted. The second: 4, 5, 5 left."""
    shelves = Shelves(np.array([5.0, 5]), [2, None])
    steps = [
        shelves.step(np.full(2, sells), np.full(2, comes)) for sells, comes in ((1.0, 0.0), (1.0, 2.0), (0.0, 0.0))
    ]
    stock, sold, lost, wasted = (np.stack(column, axis=1).tolist() for column in zip(*steps, strict=True))
    assert stock == [[4, 2, 0], [4, 5, 5]] and wasted == [[0, 3, 2], [0, 0, 0]]
    assert sold == [[1, 1, 0]] * 2 and lost == [[0, 0, 0]] * 2 and shelves.on_hand.tolist() == [0, 5]
    _, sold_then, lost_then, _ = shelves.step(np.full(2, 7.0), np.zeros(2))
    assert sold_then.tolist() == [0, 5] and lost_then.tolist() == [7, 2] and shelves.owed.tolist() == [0, 0]


def test_shelves_of_what_keeps_owe_what_is_missing() -> None:
    """3 wanted of 1: 2 are owed, and go first out of the 4 that come; none of it is ever wasted."""
    shelves = Shelves(np.array([1.0]), [None], backorders=True)
    first, then = (shelves.step(np.array([sells]), np.array([comes])) for sells, comes in ((3.0, 0.0), (1.0, 4.0)))
    assert [float(each[0]) for each in first] == [0, 1, 2, 0] and [float(each[0]) for each in then] == [1, 3, 0, 0]


def test_a_stock_and_arrivals_a_path() -> None:
    played = play(np.array([[2.0, 2], [2, 2]]), np.array([1.0, 5]), np.array([[0.0, 4], [0, 0]]))
    assert played.stock.tolist() == [[0, 2], [3, 1]] and played.lost.tolist() == [[1, 0], [0, 0]]


units = st.integers(0, 30).map(float)


@given(st.data(), st.booleans(), st.sampled_from([None, 1, 2, 3, 9]))
def test_no_unit_is_made_or_lost(data: st.DataObject, backorders: bool, shelf_life: int | None) -> None:
    paths, periods = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 8))
    flat = data.draw(st.lists(units, min_size=paths * periods, max_size=paths * periods))
    demand = np.array(flat).reshape(paths, periods)
    arrivals = np.array(data.draw(st.lists(units, min_size=periods, max_size=periods)))
    on_hand = data.draw(units)
    played = play(demand, on_hand, arrivals, backorders=backorders, shelf_life=shelf_life)
    came = on_hand + np.cumsum(arrivals)
    gone = np.cumsum(played.sold + played.wasted, axis=1)
    assert np.allclose(came, gone + played.stock)
    assert min(array.min() for array in (played.stock, played.sold, played.lost, played.wasted)) >= 0
    if backorders:
        assert np.allclose(np.cumsum(demand, axis=1), np.cumsum(played.sold, axis=1) + played.lost)
    else:
        assert np.allclose(demand, played.sold + played.lost)
    assert not (played.stock * played.lost).any()  # nobody goes without while there is stock
    if shelf_life is None:
        assert not played.wasted.any()


@given(st.lists(units, min_size=5, max_size=5), units, st.booleans())
def test_a_long_shelf_life_is_none(demand: list[float], on_hand: float, backorders: bool) -> None:
    arrivals = np.array([3.0, 0, 7, 0, 1])
    long, none = (play(np.array([demand]), on_hand, arrivals, backorders=backorders, shelf_life=n) for n in (5, None))
    assert np.allclose(long.sold, none.sold) and np.allclose(long.lost, none.lost)
    assert np.allclose(long.stock + long.wasted, none.stock)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"on_hand": -1.0}, "stock on hand: -1 is negative"),
        ({"demand": np.array([[1.0, np.nan, 0, 0]])}, "demand: a number is not known"),
        ({"demand": np.array([1.0, 2])}, "expected 2, paths and periods"),
        ({"arrivals": np.zeros(3)}, r"arrivals of shape \(3,\): expected \(4,\) or \(1, 4\)"),
        ({"arrivals": np.array([0.0, -2, 1, 0])}, "arrivals: -2 is negative; expected 0 or more units"),
        ({"on_hand": np.ones(2)}, r"stock on hand of shape \(2, 1\): expected \(1,\) or \(1, 1\)"),
        ({"shelf_life": 0}, "shelf life 0: expected 1 or more"),
    ],
)
def test_what_cannot_be_played(given: dict[str, object], says: str) -> None:
    fine: dict[str, object] = {"demand": DEMAND, "on_hand": 1.0, "arrivals": ARRIVALS}
    with pytest.raises(InputError, match=says):
        play(**{**fine, **given})  # type: ignore[arg-type]
