"""Allocation by hand and against every way to give the same packs."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.decide.allocate import allocate, balance
from skucast.tools.errors import InputError


def test_by_hand() -> None:
    """X wants 1 or 3, Y 0 or 2, each half the time. The first units: X's first sells surely, its second and third half
    the time, as do Y's. Of 3 units: X 1; then a tie, and Y, of whose 1 expected nothing is met while half of X's 2 is;
    then half of each is met, and X is first by name. With 1 held by X: Y, X, and Y, as X has three quarters now."""
    demand = np.array([[1.0, 3], [0, 2]])
    made = allocate(demand, np.zeros(2), 3, names=["X", "Y"])
    assert made.given.tolist() == [2, 1] and made.expected.tolist() == [1.5, 0.5] and made.lost.tolist() == [0.5, 0.5]
    assert made.out.tolist() == [0.5, 0.5] and made.without.tolist() == [0, 0]
    held = allocate(demand, np.array([1.0, 0]), 3, names=["X", "Y"])
    assert held.given.tolist() == [1, 2] and held.without.tolist() == [1, 0]
    assert allocate(demand, np.zeros(2), 3, names=["b", "a"]).given.tolist() == [1, 2]


def test_ties_go_where_demand_is_met_least() -> None:
    """All sells surely. 45 units for 60 and 30 wanted: half of each. With 20 held of the 60 the same 45 are split so
    that both have half again: 10 and 15 of 25 given. Three alike share 7 as 3, 2, 2; the odd one by name."""
    demand = np.array([[60.0], [30]])
    assert allocate(demand, np.zeros(2), 45).given.tolist() == [30, 15]
    assert allocate(demand, np.array([20.0, 0]), 25).given.tolist() == [10, 15]
    alike = np.full((3, 4), 9.0)
    assert allocate(alike, np.zeros(3), 7).given.tolist() == [3, 2, 2]
    assert allocate(alike, np.zeros(3), 7, names=["c", "b", "a"]).given.tolist() == [2, 2, 3]


def test_a_place_that_wants_nothing_gets_nothing() -> None:
    assert allocate(np.array([[0.0, 0], [1, 1]]), np.zeros(2), 2).given.tolist() == [0, 1]


def test_what_would_never_sell_is_kept() -> None:
    made = allocate(np.array([[1.0, 3], [0, 2]]), np.zeros(2), 10)
    assert made.given.tolist() == [3, 2] and made.kept == 5 and made.lost.sum() == 0 and made.out.sum() == 0


def test_a_whole_pack_is_weighed() -> None:
    """X wants 1 for sure, Y 3 in three of four cases: X's first unit is the surer one, a pack sells 1 or 2.25."""
    made = allocate(np.array([[1.0] * 4, [0, 3, 3, 3]]), np.zeros(2), 3, pack=3)
    assert made.given.tolist() == [0, 3] and made.expected.tolist() == [0, 2.25]


def test_packs_and_a_least() -> None:
    """Of 11 units in packs of 4: two packs, and 3 are kept. A least of 1 is a pack each."""
    demand = np.array([[9.0, 9], [1, 1]])
    made = allocate(demand, np.zeros(2), 11, pack=4)
    assert made.given.tolist() == [8, 0] and made.kept == 3
    assert allocate(demand, np.zeros(2), 11, pack=4, least=1).given.tolist() == [4, 4]
    with pytest.raises(InputError, match="at least 5 units for each of 2 places takes 16: there are 11"):
        allocate(demand, np.zeros(2), 11, pack=4, least=5)
    with pytest.raises(InputError, match="packs of 0"):
        allocate(demand, np.zeros(2), 11, pack=0)
    for units, least, held in ((-1, 0, 0), (11, -1, 0), (11, 0, -1)):
        with pytest.raises(InputError, match="expected 0 or more"):
            allocate(demand, np.array([0.0, held]), units, least=least)


def test_sums_of_floats_lose_and_add_no_pack() -> None:
    """0.3 / 0.1 is a little below 3, 10 x 0.1 x 3 a little above."""
    demand = np.full((2, 1), 9.0)
    assert allocate(demand, np.zeros(2), 0.3 / 0.1).given.sum() == 3
    assert allocate(demand, np.zeros(2), 6, least=10 * 0.1 * 3).given.tolist() == [3, 3]


def test_places_without_names_are_taken_in_their_order() -> None:
    """Twelve alike, and a unit for each of the first two: the eleventh is not before the second."""
    assert allocate(np.ones((12, 1)), np.zeros(12), 2).given.tolist() == [1, 1] + [0] * 10


@settings(max_examples=150, deadline=None)
@given(
    demand=st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=2, max_size=3),
    held=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    units=st.integers(0, 7),
    pack=st.integers(1, 3),
)
def test_nothing_else_sells_more(demand: list[list[int]], held: list[int], units: int, pack: int) -> None:
    """Every way to give at most as many packs, tried."""
    paths, has = np.array(demand, dtype=float), np.array(held[: len(demand)], dtype=float)

    def sales(packs: tuple[int, ...]) -> float:
        return float(np.minimum(paths, (has + pack * np.array(packs))[:, None]).mean(axis=1).sum())

    most = units // pack
    ways = (packs for packs in itertools.product(range(most + 1), repeat=len(paths)) if sum(packs) <= most)
    made = allocate(paths, has, units, pack=pack)
    assert made.expected.sum() == pytest.approx(max(map(sales, ways)))
    assert made.given.sum() + made.kept == units and (made.given % pack == 0).all()
    assert (made.expected + made.lost).tolist() == pytest.approx(paths.mean(axis=1).tolist())


def test_demand_against_supply_by_hand() -> None:
    """Ten paths: nine of 2 a period, one of 9. Sums 2 and 4, high 2.7 and 5.4 by interpolation; of 3 on hand and 1 due
    in the second period: high demand is covered first, the median alone then."""
    paths = np.array([[2.0, 2]] * 9 + [[9.0, 9]])
    made = balance(paths, 3.0, np.array([0.0, 1]))
    assert made.median.tolist() == [2, 4] and made.supply.tolist() == [3, 4]
    assert made.high == pytest.approx([2.7, 5.4]) and made.cover == ["high", "median"]
    assert balance(paths, 1.0, np.zeros(2)).cover == ["short", "short"]
