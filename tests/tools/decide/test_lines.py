"""Order lines: when deliveries count, what a policy changes, totals in units and money, and what is told of them."""

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say, say_fact
from skucast.tools.data.stock import Delivery, StockRow
from skucast.tools.decide.lines import (
    OrderLine,
    arrivals,
    by_urgency,
    checked,
    horizon_of,
    order_line,
    reach,
    totals,
)
from skucast.tools.decide.orders import LeadTime
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.scenarios import Outcome
from skucast.tools.decide.telling import (
    assumption_messages,
    found_message,
    late_message,
    line_messages,
    service_message,
    table_of,
    total_messages,
)
from skucast.tools.errors import InputError
from skucast.tools.messages import message

STEPS = list(pd.date_range("2024-01-07", periods=8, freq="W-SUN"))
TEN = np.array([[float(k)] * 8 for k in range(1, 11)])


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def row(uid: str = "A", on_hand: float = 0.0, *on_order: Delivery, **more: object) -> StockRow:
    return StockRow(uid, on_hand, on_order, **more)  # type: ignore[arg-type]


def line(of: StockRow, policy: Policy | None = None, **more: object) -> OrderLine:
    return order_line(of, TEN, STEPS, "W", policy or Policy(service=90), **more)  # type: ignore[arg-type]


def test_deliveries_by_the_period_in_which_they_are_due() -> None:
    """A week that ends on Sunday the 14th begins on Monday the 8th."""
    of = row(
        "A", 0,
        Delivery(1, day("2023-12-01")), Delivery(2, day("2024-01-07")), Delivery(4, day("2024-01-08")),
        Delivery(8, day("2024-01-14")), Delivery(16, day("2025-01-01")), Delivery(32),
    )  # fmt: skip
    made = arrivals(of, STEPS, "W", LeadTime((2, 3), (0.5, 0.5)))
    assert made.tolist() == [3, 12, 0, 32, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("freq", "steps", "due", "place"),
    [
        ("MS", ["2024-01-01", "2024-02-01"], "2024-01-31", 0),
        ("MS", ["2024-01-01", "2024-02-01"], "2024-02-01", 1),
        ("D", ["2024-01-01", "2024-01-02"], "2024-01-02", 1),
    ],
)
def test_deliveries_of_days_and_months(freq: str, steps: list[str], due: str, place: int) -> None:
    held, days = row("A", 0, Delivery(5, day(due))), [day(step) for step in steps]
    made = arrivals(held, days, "D" if freq == "D" else "M", LeadTime((0,)))
    assert made[place] == 5 and made.sum() == 5


def test_a_line_has_what_the_stock_file_and_the_policy_say() -> None:
    """Lead time 2 and review 1: of lost sales the third period counts, of which nine in ten need 9: two packs of 6."""
    made = line(row(case_pack=6, unit_cost=2.0, price=5.0), abc="A", name="Oat milk")
    assert (made.order, made.cost, made.margin) == (12, 24.0, 3.0)
    assert made.urgency == "order" and made.runs_out == STEPS[0].date() and made.assumed == ("lead_time", "review")
    assert made.saved == pytest.approx(5.5)
    waiting = line(row(), Policy(service=90, unmet="backorders", lead_time=1, review=1))  # type: ignore[arg-type]
    assert waiting.order == 18 and waiting.assumed == ()
    assert line(row(lead_time=0, review=2), Policy()).order == 20  # two periods of 10 at 95 %


def test_a_line_takes_what_limits_an_order_from_the_stock_file() -> None:
    """MOQ 20; a shelf life of 1 of two periods; 18 units more that come after all periods lie over the 72 of high
    demand, and over the 27 of a span of one week, which is lead time and review at least."""
    assert line(row(moq=20.0)).order == 20
    assert [line(row(lead_time=0, review=2, shelf_life=life)).order for life in (1, None)] == [9, 18]
    far = row("A", 72, Delivery(18, day("2025-01-01")))
    assert line(far).ahead.over == 18 and line(far).span == 8 and line(far).on_order == 18
    short = line(far, Policy(service=90, span=1))
    assert (short.span, short.ahead.over) == (3, 63)
    supplied = Policy(lead_time_by_supplier={"Dairy": 1})  # type: ignore[dict-item]
    assert [line(row(supplier=name), supplied).lead.periods for name in ("Dairy", "Bakery")] == [(1,), (2,)]
    named = line(row(), abc="B", name="Oat milk", late=1)
    assert (named.abc, named.name, named.late, named.review, named.lead.periods) == ("B", "Oat milk", 1, 1, (3,))
    assert named.steps == [step.date() for step in STEPS] and named.ladder == () and named.limits == ()


def test_a_ladder_goes_from_nothing_to_all_in_whole_packs() -> None:
    """9 are proposed, in packs of 4 that is 12; the third period misses 5.5, 1.5 or none beside the two before it."""
    made = line(row(case_pack=4.0), Policy(service=90, budget=1.0))
    assert [units for units, _ in made.ladder] == [0, 4, 8, 12]
    assert [lost - 11 for _, lost in made.ladder] == pytest.approx([5.5, 2.1, 0.3, 0.0])
    assert made.saved == pytest.approx(5.5) and made.cut_to(4.0, ("budget",)).saved == pytest.approx(3.4)
    least = line(row(moq=5.0), Policy(service=90, capacity=1.0))
    assert [units for units, _ in least.ladder] == [0, 5, 6, 8, 9]  # of 1.5, 3, 4.5, 6 and 7.5
    assert line(row("A", 31), Policy(service=90, budget=1.0)).ladder == ()
    waiting = Policy(service=90, budget=1.0, unmet="backorders")  # 27 are wanted in three weeks
    assert [units for units, _ in line(row("A", 26), waiting).ladder] == [0, 1]


def test_what_is_left_of_an_order_is_named_after_its_limits() -> None:
    made = line(row())
    assert made.cut_to(4.0, ("budget",)).limits == ("budget",) and made.cut_to(4.0, ("budget",)).urgency == "order"
    assert made.cut_to(0.0, ("budget",)).urgency == "left-out" and made.cut_to(9.0, ("budget",)).limits == ()
    assert line(row("A", 31)).cut_to(0.0, ("budget",)).urgency == "fine"


def test_a_class_has_its_own_service() -> None:
    policy = Policy(service=50, service_by_class={"A": 90})
    assert [line(row(), policy, abc=abc).order for abc in "AB"] == [9, 5]


def test_a_late_supplier_comes_later_with_what_is_on_order_and_with_the_order() -> None:
    """Demand of k a week on path k; 10 on hand and 100 due in week 2, which then come in week 4.

    On time 10 last for week 1 on every path, and in week 2 the 100 are there. Two weeks late only what sells at most 10
    in three weeks, 1 to 3, has not run out before they come: seven paths in ten have.
    """
    of = row("A", 10, Delivery(100, day("2024-01-14")), lead_time=2, review=1)
    on_time, late = line(of), line(of, late=2)
    assert (on_time.ahead.before_next, on_time.ahead.before_order) == (0.0, 0.0)
    assert late.ahead.before_next == 0.7 and late.lead.periods == (4,) and late.risk >= 0.7
    assert arrivals(of, STEPS, "W", LeadTime((2,)), 2).tolist() == [0, 0, 0, 100, 0, 0, 0, 0]
    assert arrivals(row("A", 0, Delivery(5)), STEPS, "W", LeadTime((2,)), 1)[3] == 5  # without a date: the lead time
    assert horizon_of([row("B", lead_time=9, review=3)], Policy(), "W", 2) == 14


def test_a_lead_time_that_is_assumed_is_told_without_the_delay() -> None:
    told = [say(one) for one in assumption_messages([line(row(), late=1)], Policy(), "W")]
    assert "assumed: a lead time of 2 weeks for 1 product, as none is given" in told


def test_sales_lost_before_an_order_arrives_are_explained_where_they_are() -> None:
    """At 90 % three weeks take 27 and the third alone 9; demand that waits is ordered, and a shelf life is no loss."""
    assert line(row()).gone_before == 18 and line(row("A", 31)).gone_before == 0
    waiting = line(row(), Policy(service=90, unmet="backorders"))
    assert waiting.gone_before == 0 and "such sales are lost" not in " ".join(map(say, line_messages(waiting, "W")))
    assert line(row(review=3, shelf_life=1)).gone_before == 0 < line(row(review=3, shelf_life=3)).gone_before


def test_another_rule_is_told_with_what_is_short() -> None:
    """Costs of 1 and 9 are a level of 90 %, of which the third period alone takes 9; half the demand 4.5."""
    made = line(row(), Policy(holding=1.0, shortage=9.0, scale=0.5))
    said = " ".join(say(one) for one in line_messages(made, "W"))
    assert made.order == 5 and "counts 0 times, and demand counts 0.5 times: so 4.5 are short" in said
    assert made.gone_before == 0 and all(say(one, "zh") for one in line_messages(made, "W"))


def test_classes_that_the_policy_leaves_out_have_the_default_and_that_is_said() -> None:
    policy = Policy(service_by_class={"A": 98})
    made = [line(row(abc), policy, abc=abc) for abc in "ABC"]
    assert [one.proposal.level for one in made] == [0.98, 0.95, 0.95]
    told = [say(one) for one in assumption_messages(made, policy, "W")]
    assert "assumed: a service level of 95 % for 2 products, as none is given" in told


def test_dead_stock_is_counted_by_itself() -> None:
    made = [one for one in several() if one.urgency in ("over", "dead")]
    told = say(found_message(made, "over", message("all-products"), 6))
    assert "of 6, 1 are over-stocked and 1 are dead" in told and "dead 500 units" in told


def test_what_another_policy_or_a_delay_takes_is_told_beside_what_was_planned() -> None:
    """At 90 % nine of ten paths need 9; at 50 % half of them 5: at 2 a unit 18 and 10."""
    now, usual = (
        Outcome.of([line(row(unit_cost=2.0), Policy(service=level), abc="A"), line(row("B", 31))]) for level in (90, 50)
    )
    assert (now.units, now.cost, now.lines, now.ordered, now.gone) == (9, 18.0, 2, 1, 1)
    told = say(service_message(Policy(service=90), now, usual))
    assert "level of 90 % takes orders of 9 units; the policy as it is takes 5: 4 more" in told
    assert "They cost 18.00; as it is, 10.00: a difference of 8.00" in told
    late = say(late_message(2, "W", now, usual))
    assert "2 weeks late, 1 of 2 products are expected to run out" in late and "on time, 1." in late
    assert all(
        say(one, "zh") for one in (service_message(Policy(service=90), now, usual), late_message(1, "W", usual, now))
    )


def test_how_far_must_be_forecast() -> None:
    rows = [row(), row("B", lead_time=9, review=3)]
    assert horizon_of(rows, Policy(), "W") == 12 and horizon_of(rows[:1], Policy(), "W") == 8
    assert horizon_of(rows[:1], Policy(span=3), "W") == 3
    lingers = Policy(holding=1.0, shortage=9.0, linger=0.5, span=1)
    assert horizon_of(rows[:1], lingers, "W") == 4 and horizon_of(rows, lingers, "W", 2) == 17  # 9 + 2 + 3 + 3
    assert reach(Policy(), "W", 2) == {"longest": 50, "lead": 2, "review": 1, "reviews": 1}
    assert reach(lingers, "D") == {"longest": 182, "lead": 7, "review": 7, "reviews": 2}


def test_what_can_be_forecast() -> None:
    """52 weeks: a lead time of 50 and a review of 2, without a delay, and without what lingers two weeks more."""
    most = Policy(lead_time=50, review=2, span=52)  # type: ignore[arg-type]
    assert checked(most, "W") is most
    said = "lead time \\+ review of 53 periods, span of 52: at most 52 can be forecast"
    with pytest.raises(InputError, match=said):
        checked(most, "W", 1)
    with pytest.raises(InputError, match="review of 54 periods"):
        checked(most.model_copy(update={"holding": 1.0, "shortage": 9.0, "linger": 1.0}), "W")
    with pytest.raises(InputError, match="review of 3 periods, span of 53"):
        checked(Policy(span=53), "W")


def test_what_comes_after_all_periods_comes_in_none() -> None:
    due = row("A", 0, Delivery(5, day("2024-02-25")), Delivery(7, day("2024-02-18")))
    assert arrivals(due, STEPS, "W", LeadTime((2,))).tolist() == [0, 0, 0, 0, 0, 0, 7, 5]
    assert arrivals(due, STEPS, "W", LeadTime((2,)), 1).tolist() == [0, 0, 0, 0, 0, 0, 0, 7]


def several() -> list[OrderLine]:
    return [
        line(row("fine", 31)),
        line(row("dead", 500, unit_cost=1.0), idle=True),
        line(row("over", 90, unit_cost=2.0)),
        line(row("unpriced")),
        line(row("priced", 0, unit_cost=2.0, price=3.0)),
        line(row("late", 1, Delivery(60, day("2024-01-21")))),
    ]


def test_the_most_urgent_come_first() -> None:
    assert [one.row.unique_id for one in by_urgency(several())] == [
        *("priced", "unpriced", "late", "over", "dead", "fine"),
    ]


def test_of_the_same_urgency_the_most_is_at_stake_first() -> None:
    """Orders that save as many units go by margin, one that is not known as 1; what lies too long by what it costs."""
    lines = [
        line(row("poor", unit_cost=2.0, price=2.5)),
        line(row("unpriced")),
        line(row("rich", unit_cost=2.0, price=9.0)),
        line(row("many", 100, unit_cost=1.0)),
        line(row("dear", 80, unit_cost=9.0)),
        line(row("b", 90, unit_cost=5.0), idle=True),
        line(row("a", 90, unit_cost=5.0), idle=True),
        line(row("old", 300, unit_cost=1.0), idle=True),
    ]
    ordered = ["rich", "unpriced", "poor", "dear", "many", "a", "b", "old"]  # 8 x 9 against 28 x 1; 450 against 300
    assert [one.row.unique_id for one in by_urgency(lines)] == ordered


def test_what_has_no_cost_adds_units_and_no_money() -> None:
    """28 over high demand, 500 dead, an order of 9, and nothing of it has a cost."""
    made = totals([line(row("over", 100)), line(row("dead", 500), idle=True), line(row("A"))])
    assert (made.over, made.over_value, made.cost, made.unpriced, made.ordered) == (528, 0, 0, 1, 1)


def test_totals_in_units_and_money() -> None:
    """Two orders of 9, one of them at 2 a unit; 18 more than the 72 of eight high periods lie in `over`, 500 in `dead`.

    An order of 9 meets all of 5.5 expected units but one unit on one path of ten.
    """
    made = totals(several())
    assert made.lines == {"order": 2, "left-out": 0, "runs-out": 1, "over": 1, "dead": 1, "fine": 1}
    assert (made.units, made.cost, made.unpriced) == (18, 18.0, 1)
    assert (made.over, made.over_value) == (18 + 500, 2 * 18 + 500)
    assert made.saved == pytest.approx(2 * (5.5 - 0.1))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_told_has_words_in_every_language(lang: str) -> None:
    lines = several()
    told = [*total_messages(totals(lines)), *assumption_messages(lines, Policy(), "W", recovered=True)]
    assert sum(one.key == "orders-assumed-recovered" for one in told) == 1
    told += [one for each in lines for one in line_messages(each, "W")]
    assert all(say(one, lang) for one in told)
    table = table_of(lines, "W")
    assert all(len(cells) == len(table.columns) for cells in table.rows)
    assert all(isinstance(say_fact(cell, lang), str) for cells in table.rows for cell in (*cells, *table.columns))
    assert all(place < len(table.columns) for place in table.narrow) and len(table.narrow) < len(table.columns)
    assert len(table_of(lines, "W", "over").narrow) < 8 and len(table_of(lines, "W", "order").narrow) < 8


def test_a_lead_time_that_varies_is_said_to() -> None:
    """Its mean of 2 is all that the span of 3 weeks says; the safety stock is for 4."""
    varies = Policy(service=90, lead_time={"periods": [1, 3], "weights": [0.5, 0.5]}, review=1)  # type: ignore[arg-type]
    said = " ".join(say(one) for one in line_messages(line(row(), varies), "W"))
    assert "Over 3 weeks of lead time and review" in said and "varies between 1 and 3 weeks" in said
    assert "varies" not in " ".join(say(one) for one in line_messages(line(row()), "W"))


def test_why_so_much_is_told_with_its_numbers() -> None:
    said = " ".join(say(one) for one in line_messages(line(row(case_pack=6, unit_cost=2.0)), "W"))
    assert "order 12 units now, which cost 24.00" in said and "0 are on hand and 0 on order" in said
    assert "Over 3 weeks of lead time and review 16.5 are expected to sell" in said
    assert "service level of 90 % that takes 27, of which 10.5 are safety stock" in said
    assert "18 of these are wanted before the order arrives, when nothing is left" in said and "so 9 are short" in said
    assert "whole packs of 6" in said and "runs out" not in said and "run out in the period of 2024-01-07" in said
