"""Baskets, and what they say of the next one: TIFU-KNN by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.decide.baskets import Baskets, baskets_of
from skucast.tools.decide.next_basket import Decay, Neighbours, best, best_of, frequency, tifu_knn, user_vectors
from skucast.tools.errors import InputError

ROWS = [
    ("u1", "2024-01-01", "buy", "A", 2.0),
    ("u1", "2024-01-03", "buy", "A", 1.0),
    ("u1", "2024-01-03", "buy", "A", 4.0),  # twice in one basket: one row
    ("u1", "2024-01-03", "buy", "B", 1.0),
    ("u1", "2024-01-09", "buy", "B", 1.0),
    ("u2", "2024-01-02", "buy", "B", 1.0),
    ("u2", "2024-01-10", "view", "A", 0.0),
    ("u3", "2024-01-02", "buy", "C", 1.0),
    ("u3", "2024-01-05", "buy", "", 1.0),  # of no product
]


@pytest.fixture
def baskets() -> Baskets:
    table = pd.DataFrame(ROWS, columns=["user_id", "ds", "event", "unique_id", "value"])
    return baskets_of(table.assign(ds=pd.to_datetime(table["ds"])), users=["u0"])


def day(text: str) -> int:
    return (pd.Timestamp(text) - pd.Timestamp("1970-01-01")).days


def test_one_row_a_user_day_and_product(baskets: Baskets) -> None:
    assert baskets.users == ("u0", "u1", "u2", "u3") and baskets.products == ("A", "B", "C")
    assert baskets.user.tolist() == [1, 1, 1, 1, 2, 3] and baskets.product.tolist() == [0, 0, 1, 1, 1, 2]
    assert baskets.value.tolist() == [2, 5, 1, 1, 1, 1]
    assert baskets.counts().tolist() == [0, 3, 1, 1] and baskets.age().tolist() == [2, 1, 1, 0, 0, 0]


def test_what_comes_after_a_day_and_what_was_before(baskets: Baskets) -> None:
    ahead = baskets.next_after(day("2024-01-02"), 7)
    assert {code: some.tolist() for code, some in ahead.items()} == {1: [0, 1], 2: [1], 3: [2]}
    assert baskets.next_after(day("2024-02-02")) == {}
    assert baskets.before(day("2024-01-03")).user.tolist() == [1, 2, 3]
    assert baskets.of(np.array([3, 1])).user.tolist() == [0, 1, 1, 1, 1]


def test_no_purchases() -> None:
    table = pd.DataFrame([ROWS[6]], columns=["user_id", "ds", "event", "unique_id", "value"])
    with pytest.raises(InputError, match="none is a purchase"):
        baskets_of(table.assign(ds=pd.to_datetime(table["ds"])))


def test_user_vectors_by_hand(baskets: Baskets) -> None:
    """Groups of 2 from the newest back: {3 Jan, 9 Jan} and {1 Jan}; 1/2 within, 1/10 across, over two groups."""
    made = user_vectors(baskets, Decay(group=2, within=0.5, across=0.1)).toarray()
    a = (0.1 * 1 / 1 + 0.5 / 2) / 2
    b = (0.5 / 2 + 1 / 2) / 2
    assert made[1].tolist() == pytest.approx([a, b, 0.0])
    assert made[2].tolist() == pytest.approx([0, 1, 0]) and made[0].sum() == 0


def test_the_nearest_user_is_another_one(baskets: Baskets) -> None:
    decay = Decay(group=2, within=0.5, across=0.1, neighbours=1, own=0.7)
    vectors = user_vectors(baskets, decay)
    near = Neighbours(vectors, decay).near(vectors, np.arange(4))
    assert near.toarray()[1].tolist() == pytest.approx([0, 1, 0])  # u2, not u3
    assert near.toarray()[2].tolist() == pytest.approx(vectors.toarray()[1].tolist())  # u1, not u2 itself
    assert tifu_knn(vectors, near, 0.7).toarray()[2].tolist() == pytest.approx([0.3 * 0.175, 0.7 + 0.3 * 0.375, 0])


def test_best_with_ties(baskets: Baskets) -> None:
    assert best(frequency(baskets), 2)[1].tolist() == [1, 0]  # both twice: B last
    assert best_of(np.array([4, 2, 9, 7, 1]), np.array([1.0, 3.0, 3.0, 0.0, 2.0]), 1).tolist() == [2]
