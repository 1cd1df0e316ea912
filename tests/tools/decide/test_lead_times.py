"""Lead times of past deliveries, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.decide.lead_times import (
    Deliveries,
    deliveries,
    distribution,
    last_day,
    lead_time_of,
    lead_time_quantiles,
    scorecard,
)
from skucast.tools.errors import InputError

DAY0 = 18_000


def day(number: int) -> pd.Timestamp:
    return pd.Timestamp(DAY0 + number, unit="D")


def made(rows: list[tuple[str, int, int | None, int | None]]) -> Deliveries:
    """Supplier, day of the order, days to the delivery (None: open), days promised."""
    table = pd.DataFrame(
        {
            "supplier": [name for name, *_ in rows],
            "ordered": [day(at) for _, at, _, _ in rows],
            "delivered": [None if days is None else day(at + days) for _, at, days, _ in rows],
            "promised": [None if days is None else day(at + days) for _, at, _, days in rows],
        }
    )
    return deliveries(table)


def test_what_is_left_out_is_counted() -> None:
    table = pd.DataFrame(
        {
            "vendor": ["A", "B", "C", "D", "E"],
            "ordered": ["2020-01-05", "not captured", "2020-01-05", "2020-01-01", "2020-01-02"],
            "came": ["2020-01-09", "2020-01-09", "2020-01-04", "2023-12-01", None],
        }
    )
    found = deliveries(table, supplier="vendor", delivered="came", promised=None)
    assert found.dropped == {"no_order_date": 1, "negative": 1, "too_long": 1}
    assert found.supplier.tolist() == ["E", "A"] and found.days.tolist() == [-1, 4]
    assert np.isnan(found.late).all()
    with pytest.raises(InputError, match="no column 'promised' in the deliveries; there are vendor, ordered, came"):
        deliveries(table, supplier="vendor", delivered="came")


def test_days_are_whole_and_three_years_are_too_long() -> None:
    """Two hours over midnight are a day, and a promise of that day is kept; 1,094 days are too, and not 1,095."""
    table = pd.DataFrame(
        {
            "supplier": "A",
            "ordered": ["2020-01-05 23:00", "2021-01-01", "2021-01-01", "2021-01-01"],
            "delivered": ["2020-01-06 01:00", "2023-12-31", "2024-01-01", "2021-01-01"],
            "promised": ["2020-01-06 00:30", None, None, "2021-01-03"],
        }
    )
    found = deliveries(table)
    assert found.days.tolist() == [1, 1094, 0] and found.dropped["too_long"] == 1 and found.dropped["negative"] == 0
    assert found.late[[0, 2]].tolist() == [0, -2] and np.isnan(found.late[1])


def test_the_last_day_is_that_of_an_order_or_of_a_delivery() -> None:
    assert last_day(made([("A", 0, 9, None), ("A", 5, None, None)])) == DAY0 + 9
    assert last_day(made([("A", 0, 1, None), ("A", 5, None, None)])) == DAY0 + 5
    with pytest.raises(InputError, match="no order of the deliveries can be used"):
        last_day(made([("A", 0, -1, None)]))


def test_a_lead_time_in_periods() -> None:
    """Four orders of 7 days, three of 8, one of 30: in weeks 1, 2 and 5; at most 3; of two parts, the middles of both
    halves, 7 and 8 days."""
    past = made([("A", 0, days, None) for days in (7, 7, 7, 7, 8, 8, 8, 30)])
    whole, capped, two = (
        lead_time_of(past, DAY0 + 40, "A", 7, longest=longest, parts=parts)
        for longest, parts in ((9, 8), (3, 8), (9, 2))
    )
    assert whole.periods == (1, 2, 5) and whole.weights == (0.5, 0.375, 0.125)
    assert capped.periods == (1, 2, 3) and capped.weights == (0.5, 0.375, 0.125)
    assert two.periods == (1, 2) and two.weights == (0.5, 0.5)
    assert lead_time_of(past, DAY0 + 40, "A", 7, longest=9).weights == (0.5, 0.4, 0.1)  # of 20 parts 10, 8, 2
    # all 60 orders count as 30; of A's 30 + 15 of 60 are 75 %
    two_suppliers = made([("A", 0, 7, None)] * 30 + [("B", 0, 14, None)] * 30)
    assert lead_time_of(two_suppliers, DAY0 + 40, "A", 7, longest=9).weights == (0.75, 0.25)


def test_a_supplier_is_one_however_it_is_spelt() -> None:
    past = made([("Acme", 0, 5, None), ("ACME ", 1, 6, None), ("Acme", 2, 7, None), ("Beta", 3, 8, None)])
    assert past.supplier.tolist() == ["Acme", "Acme", "Acme", "Beta"]
    spaced = made([("Oy  Acme", 0, 5, None), ("oy acme", 1, 6, None), ("oy acme", 2, 6, None)])
    assert set(spaced.supplier.tolist()) == {"oy acme"}


def test_quantiles_by_hand() -> None:
    """A alone, hardly shrunk: 1, 2, 3, 4, 5 days; the least that half, 60 % and 90 % do not exceed."""
    past = made([("A", 0, days, None) for days in (3, 1, 5, 2, 4)])
    found = lead_time_quantiles(past, DAY0 + 9, "A", (0.5, 0.6, 0.9), shrink=1e-6)
    assert found.tolist() == [3, 3, 5]


def test_shrunk_to_all() -> None:
    """A: 10, 10. B: 20, 20. With all counting as 2 beside A's 2, three quarters are 10 days; of C, half."""
    past = made([("A", 0, 10, None), ("B", 0, 20, None)] * 2)
    values, reached = distribution(past, DAY0 + 30, "A", shrink=2)
    assert values.tolist() == [10, 20] and reached == pytest.approx([0.75, 1.0])
    assert distribution(past, DAY0 + 30, "C", shrink=2)[1] == pytest.approx([0.5, 1.0])
    assert lead_time_quantiles(past, DAY0 + 30, "A", (0.74, 0.76), shrink=2).tolist() == [10, 20]


@pytest.mark.parametrize(("own", "high", "middle"), [((4, 5, 6), 30, 10), ((10, 10, 90), 30, 10)])
def test_three_deliveries_do_not_speak_for_themselves(own: tuple[int, ...], high: int, middle: int) -> None:
    """A has 3 deliveries, B 42 of 10 days and 15 of 30. All 60 together count as 30, half an order each: of 33 orders
    B's long ones are 7.5. A's quick ones are 4.5, so with B's 21 there are 25.5 by 10 days (77 %) and all by 30; A's
    90 days are 1.5, so by 30 days there are 31.5 (95 %). A q0.9 of its own would be 6 days, or 90."""
    past = made([("A", 0, days, None) for days in own] + [("B", 0, 10, None)] * 42 + [("B", 0, 30, None)] * 15)
    card = scorecard(past, DAY0 + 100).set_index("supplier")
    assert card.loc["A", ["q0.5", "q0.9"]].tolist() == [middle, high] and card.loc["A", "deliveries"] == 3


def test_open_orders_count_as_longer() -> None:
    """Of four orders, one took 2 days, one has waited 3, one took 4, one has waited 4: 1/4 are there by 2; of the two
    that are left after 3, half by 4: 1/4 + 3/4 x 1/2 = 5/8."""
    past = made([("A", 0, 2, None), ("A", 4, None, None), ("A", 0, 4, None), ("A", 3, None, None)])
    values, reached = distribution(past, DAY0 + 7, "A", shrink=1e-9)
    assert values.tolist() == [2, 4] and reached == pytest.approx([0.25, 0.625])
    assert lead_time_quantiles(past, DAY0 + 7, "A", (0.9,)).tolist() == [4]  # the longest known


def test_nothing_is_known_of_later() -> None:
    """On day 5 the order of 9 days is open, and the one of day 6 not there."""
    past = made([("A", 0, 2, 2), ("A", 0, 9, 3), ("A", 6, 1, 1)])
    then = past.known_at(DAY0 + 5)
    assert then.days.tolist() == [2, -1] and then.late[0] == 0 and np.isnan(then.late[1])
    same = lead_time_quantiles(past, DAY0 + 5, "A", (0.5,)), lead_time_quantiles(then, DAY0 + 5, "A", (0.5,))
    assert same[0] == same[1] == 2


def test_what_happens_on_a_day_is_known_at_its_end() -> None:
    """An order of that day is there, and what came on it has come, be it on the day of its order."""
    past = made([("A", 0, 5, 5), ("A", 4, 0, 0), ("A", 5, 0, 0), ("A", 5, 2, 2), ("A", 6, 1, 1), ("A", 9, -1, 0)])
    then = past.known_at(DAY0 + 5)
    assert then.days.tolist() == [5, 0, 0, -1] and then.late[:3].tolist() == [0, 0, 0] and then.dropped["negative"] == 1
    same_day = made([("A", 0, 9, None), ("A", 300, 0, None)])
    assert lead_time_quantiles(same_day, DAY0 + 310, "A", (0.9,), memory=100).tolist() == [0]


def test_orders_of_long_ago_are_forgotten_unless_there_is_nothing_else() -> None:
    past = made([("A", 0, 50, None), ("A", 300, 5, None)])
    assert lead_time_quantiles(past, DAY0 + 310, "A", (0.9,), memory=100).tolist() == [5]
    assert lead_time_quantiles(past, DAY0 + 310, "A", (0.9,), memory=310).tolist() == [5]  # from the day after that on
    assert lead_time_quantiles(past, DAY0 + 310, "A", (0.9,), memory=311).tolist() == [50]
    assert lead_time_quantiles(past, DAY0 + 900, "A", (0.9,), memory=100).tolist() == [50]


def test_nothing_delivered() -> None:
    with pytest.raises(InputError, match="nothing was delivered by 2019-04-15"):
        lead_time_quantiles(made([("A", 0, 9, None)]), DAY0 + 1, "A", (0.5,))


def test_scorecard() -> None:
    """A: three of four on time, one open. B is 7 days slower than before the last year, by six on each side."""
    rows: list[tuple[str, int, int | None, int | None]] = [("A", 900, d, 5) for d in (4, 5, 5, 9)]
    rows += [("A", 999, None, 5)]
    rows += [("B", 300, 3, None)] * 6 + [("B", 900, 10, None)] * 6
    found = scorecard(made(rows), DAY0 + 1000, shrink=1e-6, memory=730).set_index("supplier")
    assert found.index.tolist() == ["B", "A"]
    assert scorecard(made(rows), DAY0 + 1000).index.tolist() == [0, 1]
    assert found["deliveries"].tolist() == [12, 4] and found["open"].tolist() == [0, 1]
    assert found.loc["A", "on_time"] == 0.75 and np.isnan(found.loc["B", "on_time"])
    assert found.loc["A", ["q0.1", "q0.5", "q0.9"]].tolist() == [4, 5, 9]
    assert found.loc["A", "late_days"] == 4 and np.isnan(found.loc["B", "late_days"])
    assert found.loc["B", "drift"] == 7 and bool(found.loc["B", "drifts"])
    assert np.isnan(found.loc["A", "drift"]) and not found.loc["A", "drifts"]


def test_a_drift_is_of_five_deliveries_on_each_side_by_the_day_they_came() -> None:
    """11 to 15 days against 1 to 5: medians 13 and 3. Each of ten ranks is certain: one of 252 ways, both ends: 0.8 %.
    What came on day 635 came 365 days before the end, and is old. Two that change places are within chance."""
    old = [("A", 635 - days, days, None) for days in (1, 2, 3, 4, 5)]
    new = [("A", 636 - days, days, None) for days in (11, 12, 13, 14, 15)]

    def drift(rows: list[tuple[str, int, int | None, int | None]]) -> tuple[float, bool]:
        card = scorecard(made(rows), DAY0 + 1000)
        return card.loc[0, "drift"], bool(card.loc[0, "drifts"])

    assert drift([*old, *new]) == (10, True)
    assert np.isnan(drift([*old[1:], *new])[0]) and np.isnan(drift([*old, *new[1:]])[0])
    mixed = [("A", 635 - 16, 16, None), *old[1:], ("A", 636, 0, None), *new[1:]]
    assert drift([(name, at, days, None) for name, at, days, _ in mixed])[1] is False


def test_a_scorecard_is_of_what_is_remembered() -> None:
    """A delivered too long ago to be listed. B's order of day 455, 545 days ago, counts for nothing but drift; of the
    others one came on the day of its order, one a day late, one three days late, and one was not promised."""
    rows = [("A", 0, 3, None), ("B", 455, 40, 1), ("B", 900, 0, 5), ("B", 901, 7, 6), ("B", 902, 8, 5)]
    card = scorecard(made([*rows, ("B", 903, 7, None)]), DAY0 + 1000, shrink=1e-6)
    assert card["supplier"].tolist() == ["B"] and card.loc[0, "deliveries"] == 4 and card.loc[0, "open"] == 0
    assert card.loc[0, ["on_time", "late_days", "q0.1", "q0.9"]].tolist() == [pytest.approx(1 / 3), 2, 0, 8]
    with pytest.raises(InputError, match="nothing was delivered by 2019-04-15"):
        scorecard(made([("A", 0, 9, None)]), DAY0 + 1)


def test_late_by_a_day_is_late_and_memory_is_that_of_the_card() -> None:
    past = made([("A", 500, 40, None), ("A", 900, 6, 5), ("A", 901, 5, 5)])
    card = scorecard(past, DAY0 + 1000, shrink=1e-6, memory=200)
    assert card.loc[0, ["on_time", "late_days", "q0.9"]].tolist() == [0.5, 1, 6]
    assert scorecard(past, DAY0 + 1000, shrink=1e-6, memory=501).loc[0, "q0.9"] == 40
