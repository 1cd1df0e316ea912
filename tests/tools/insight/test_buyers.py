"""Who buys it, and why its sales changed: worked out by hand."""

from dataclasses import replace
from math import log

import pandas as pd
import pytest
from skucast.prompts.messages.say import say_all
from skucast.tools.data.event_table import read_events
from skucast.tools.data.events import Events
from skucast.tools.insight.buyers import Span, buyers_of, rfm, wilson
from skucast.tools.insight.buying_change import FACTORS, Selling, change, selling, switching
from skucast.tools.messages import Refusal

FIRST = Span(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-29"))
SECOND = Span(pd.Timestamp("2024-01-29"), pd.Timestamp("2024-02-26"))


def events(rows: list[tuple[str, str, str, float, float]], **more: object) -> Events:
    table = pd.DataFrame(rows, columns=["user_id", "ds", "unique_id", "units", "value"])
    return read_events(table, today=pd.Timestamp("2026-01-01"))


def test_sales_are_split_by_hand() -> None:
    # 2 buyers × 1.5 visits × 2 units × 3 = 18, then 1 buyer × 2 visits × 2 units × 2 = 8
    before = [("u", "2024-01-01", "a", 2, 6.0), ("u", "2024-01-02", "a", 3, 9.0), ("v", "2024-01-03", "a", 1, 3.0)]
    after = [("u", "2024-02-01", "a", 3, 6.0), ("u", "2024-02-02", "a", 1, 2.0), ("u", "2024-02-02", "b", 1, 9.0)]
    made = events(before + after)
    first, second = selling(made, ["a"], FIRST), selling(made, ["a"], SECOND)
    assert first == Selling(18.0, 2.0, 1.5, 2.0, 3.0)
    assert second == Selling(8.0, 1.0, 2.0, 2.0, 2.0)
    parts = change(first, second).parts
    mean = (8 - 18) / log(8 / 18)
    assert parts["buyers"] == pytest.approx(mean * log(1 / 2))
    assert parts["visits"] == pytest.approx(mean * log(2 / 1.5))
    assert parts["units"] == 0.0
    assert parts["price"] == pytest.approx(mean * log(2 / 3))
    assert sum(parts.values()) == pytest.approx(-10.0)


@pytest.mark.parametrize("after", [Selling(16.0, 2, 2, 2, 2), Selling(0.0, 0, 0, 0, 0), Selling(640.0, 8, 4, 4, 5)])
def test_parts_add_up(after: Selling) -> None:
    before = Selling(16.0, 4, 1, 2, 2)
    assert sum(change(before, after).parts.values()) == pytest.approx(after.money - before.money)
    assert sum(change(after, before).parts.values()) == pytest.approx(before.money - after.money)


def test_the_parts_backwards_are_the_same_with_the_other_sign() -> None:
    one, other = Selling(12.0, 2, 1, 2, 3), Selling(60.0, 4, 1, 3, 5)
    there, back = change(one, other).parts, change(other, one).parts
    assert all(there[name] == pytest.approx(-back[name]) for name in FACTORS)


def test_a_product_that_is_new_owes_all_to_its_buyers() -> None:
    assert change(Selling(0, 0, 0, 0, 0), Selling(8.0, 2, 1, 2, 2)).parts["buyers"] == 8.0


def test_returns_are_told_and_no_sales() -> None:
    made = events([("u", "2024-01-01", "a", 2, 6.0), ("u", "2024-01-05", "a", -1, -3.0)])
    assert selling(made, ["a"], FIRST) == Selling(6.0, 1.0, 1.0, 2.0, 3.0, 3.0)
    assert "no sum of purchases holds them" in say_all(made.findings)


def test_switching_counts_each_person_once() -> None:
    rows = [(f"s{n}", "2024-01-05", "a", 1, 4.0) for n in range(12)]  # these turn to b
    rows += [(f"s{n}", "2024-02-05", "b", 1, 5.0) for n in range(12)]
    rows += [("kept", "2024-01-05", "a", 1, 4.0), ("kept", "2024-02-05", "a", 1, 4.0)]
    rows += [("gone", "2024-01-05", "a", 1, 4.0)]
    rows += [("left", "2024-01-05", "a", 1, 4.0), ("left", "2024-01-05", "b", 1, 5.0)]
    rows += [("left", "2024-02-05", "b", 1, 5.0)]  # as much of b as before
    rows += [("never", "2024-02-05", "b", 1, 99.0)]
    made = switching(events(rows), ["a"], ["a", "b"], FIRST, SECOND)
    assert (made.buyers, made.kept, made.switched, made.left, made.gone) == (15, 1, 12, 1, 1)
    assert made.to == (("b", 60.0, 12),)


def test_a_product_that_few_turned_to_is_not_shown() -> None:
    rows = [(f"s{n}", "2024-01-05", "a", 1, 4.0) for n in range(9)] + [
        (f"s{n}", "2024-02-05", "b", 1, 5.0) for n in range(9)
    ]
    assert switching(events(rows), ["a"], ["a", "b"], FIRST, SECOND).to == ()


def crowd() -> Events:
    """Thirty people who came before: ten once, ten twice, ten three times; those of the last ten buy `a` later."""
    rows = []
    for n in range(30):
        rows += [(f"u{n:02}", f"2024-01-{1 + visit:02}", "x", 1, 1.0) for visit in range(1 + n // 10)]
        rows += [(f"u{n:02}", "2024-02-01", "a" if n >= 20 else "x", 1, 5.0)]
    return events(rows)


def test_groups_stand_as_they_were_before_the_span() -> None:
    made = buyers_of(crowd(), ["a"], SECOND)
    assert (made.people, made.buyers, made.visits, made.units, made.money) == (30, 10, 10, 10.0, 50.0)
    often = next(one for one in made.groups if one.kind == "frequency")
    assert (often.group, often.people, often.buyers, often.money) == ("high", 10, 10, 1.0)
    assert often.index == pytest.approx(300.0)
    assert made.hidden == 6  # low and middle of three kinds: nobody of them bought it


def test_a_group_of_nine_is_not_shown() -> None:
    rows = [(f"u{n}", "2024-02-01", "a", 1, 1.0) for n in range(9)]
    with pytest.raises(Refusal, match="buyers-too-few"):
        buyers_of(events(rows), ["a"], SECOND)


def test_a_small_group_cannot_be_worked_out_from_the_others() -> None:
    rows = [(f"u{n}", "2024-02-01", "a", 1, 1.0) for n in range(45)]
    city = pd.Series({f"u{n}": "North" if n < 12 else "South" if n < 24 else "East" if n < 40 else "Hamlet"
                      for n in range(45)})  # fmt: skip
    made = replace(events(rows), people=city.to_frame("city"))
    shown = [one for one in buyers_of(made, ["a"], SECOND).groups if one.kind == "city"]
    assert 45 - sum(one.people for one in shown) >= 10 and {one.group for one in shown} < {"North", "South", "East"}


def test_recency_frequency_value() -> None:
    made = rfm(
        events([("u", "2024-01-01", "a", 1, 2.0), ("u", "2024-01-03", "b", 1, 3.0), ("v", "2024-01-01", "a", 1, 1.0)])
    )
    assert made.loc["u", ["recency", "frequency", "value"]].tolist() == [1.0, 2, 5.0]
    assert made.loc["v", "recency"] == 3.0


def test_wilson_by_hand() -> None:
    # p = .5, n = 10, z = 1.96: middle .5, half = 1.96/(1+.38416) · sqrt(.025 + .0096)
    low, high = wilson(5, 10)
    assert (low, high) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
    assert wilson(0, 0) == (0.0, 1.0)
