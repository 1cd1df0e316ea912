"""A past played again, by hand: what counts, what was known, what each policy orders, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.stock import StockRow
from skucast.tools.decide.orders import LeadTime, OrderRule, Supply, propose
from skucast.tools.decide.past import OURS, RULES, Past, classes, cycles_met, past_of, play_all, proposals
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.replay import Costs, Replayed, State, Terms, replay, shown
from skucast.tools.decide.scores import Measure, against, measures
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array

WEEK = pd.Timestamp("2023-01-01")
ONE = Policy(service=90, lead_time=1, review=1)  # type: ignore[arg-type]


def panel(sales: dict[str, list[float]], out: dict[str, list[int]] | None = None, late: int = 0) -> Panel:
    parts = []
    for uid, y in sales.items():
        table = pd.DataFrame({"unique_id": uid, "ds": pd.date_range(WEEK, periods=len(y), freq="W-SUN"), "y": y})
        table["in_stock"] = 1.0
        table.loc[(out or {}).get(uid, []), "in_stock"] = 0.0
        parts.append(table[late if uid == "late" else 0 :])
    return read_panel(pd.concat(parts, ignore_index=True), schema=PanelSchema(past_only=["in_stock"]))


def flat(past: Past, units: float) -> list[Array]:
    return [np.full((len(past.ids), 5, past.span), units)] * past.decisions


def test_packs_reviews_lead_times_and_shelf_lives_by_hand() -> None:
    """Product 1: lead time 0, an order each second period, packs of 4: asked 3, gets 4 before periods 1 and 3; sells 3,
    1 of 2 as 1 was left, 3, 1. Product 2: lead time 1, a life of one period, MOQ 5: nothing in period 1, then 5 each
    period: 2 sold and 3 wasted."""
    terms = Terms(
        lead=np.array([[0] * 4, [1] * 4]),
        expected=np.array([0.0, 1]),
        review=np.array([2, 1]),
        case_pack=np.array([4.0, 1]),
        moq=np.array([0.0, 5]),
        shelf_life=(None, 1),
    )
    seen: list[State] = []

    def three(state: State) -> Array:
        seen.append(state)
        return np.array([3.0, 3])

    demand = np.array([[3.0, 2, 3, 2], [2, 2, 2, 2]])
    known = past_of(panel({"A": [1.0] * 20, "B": [1.0] * 20}), rows("A", "B"), ONE, 5)
    assert known is not None
    made = replay(list(known.known())[:4], demand, np.zeros(2), np.zeros((2, 1)), three, None, terms)
    assert made.orders.tolist() == [[4, 0, 4, 0], [5, 5, 5, 5]]
    assert made.sold.tolist() == [[3, 1, 3, 1], [0, 2, 2, 2]] and made.lost.tolist() == [[0, 1, 0, 1], [2, 0, 0, 0]]
    assert made.wasted.tolist() == [[0, 0, 0, 0], [0, 3, 3, 3]] and made.stock.tolist() == [[1, 0, 1, 0], [0, 0, 0, 0]]
    assert [state.turn.tolist() for state in seen] == [[True, True], [False, True]] * 2
    assert seen[0].cover.tolist() == [2, 2] and seen[1].pipeline.tolist() == [[0], [5]]
    assert np.isnan(made.cost).all()


def rows(*ids: str, **fields: object) -> dict[str, StockRow]:
    return {uid: StockRow(uid, 99.0, **fields) for uid in ids}  # type: ignore[arg-type]


def test_only_what_was_known() -> None:
    """The history at a decision is that of the panel cut there; the stock at the start does not know what came."""
    rng = np.random.default_rng(0)
    y = rng.poisson(9, 40).astype(float).tolist()
    whole = panel({"A": y, "B": y[::-1]}, out={"A": [12, 33]})
    past = past_of(whole, rows("A", "B"), ONE, 10)
    assert past is not None and past.start == WEEK + pd.Timedelta(weeks=29) and past.out == 0
    for now in past.known():
        assert np.array_equal(now.history, shown(whole.before(now.at)), equal_nan=True)
    other = past_of(panel({"A": [*y[:30], *[500.0] * 10], "B": y[::-1]}), rows("A", "B"), ONE, 10)
    assert other is not None and other.on_hand[1] == past.on_hand[1]
    first = np.array(y[17:30])
    assert other.on_hand[0] == np.ceil(first.mean() * 2)  # lead time 1 + review 1


def test_out_of_stock_counts_as_recorded() -> None:
    y = [5.0] * 18 + [0.0, 5]
    past = past_of(panel({"A": y}, out={"A": [18]}), rows("A"), ONE, 4)
    assert past is not None and past.out == 1 and past.demand.tolist() == [[5, 5, 0, 5]]
    assert np.array_equal(past.shown, [[5, 5, np.nan, 5]], equal_nan=True)


def test_what_cannot_be_played() -> None:
    sales = {"A": [5.0] * 30, "late": [5.0] * 30}
    past = past_of(panel(sales, late=15), rows("A", "late"), ONE, 10)
    assert past is not None and past.ids == ["A"] and past.left_out == ("late",)
    assert past_of(panel(sales), rows("A", lead_time=9), ONE, 10) is None
    with pytest.raises(InputError, match="--periods 23: the sales have 30; at most 22"):
        past_of(panel(sales), rows("A"), ONE, 23)


def test_ours_is_what_orders_proposes() -> None:
    """At each decision the same as `propose` on the state: stock, orders on their way, packs, MOQ and shelf life."""
    rng = np.random.default_rng(1)
    past = past_of(
        panel({"A": rng.poisson(9, 40).astype(float).tolist()}),
        rows("A", case_pack=6.0, moq=12.0, lead_time=2, shelf_life=3),
        ONE,
        10,
    )
    assert past is not None
    paths = [rng.poisson(9, (1, 200, past.span)).astype(float) for _ in range(past.decisions)]
    states: list[State] = []
    ours = proposals(past, np.array([0.9]))

    def watched(state: State) -> Array:
        states.append(state)
        return ours(state)

    made = replay(past.known(paths), past.demand, past.on_hand, np.zeros((1, 2)), watched, None, past.terms)
    assert made.orders.sum() > 0
    for at, state in enumerate(states):
        due = np.append(state.pipeline[0], 0.0)
        supply = Supply(float(state.on_hand[0]), due, LeadTime((2,)), 1, 6.0, 12.0, shelf_life=3)
        assert made.orders[0, at] == propose(paths[at][0], supply, 0.9).order


def test_another_rule_is_played_as_it_orders() -> None:
    """With half the demand less is ordered; on paths that are all alike nothing is left over that could linger."""
    past = past_of(panel({"A": [10.0] * 40}), rows("A", lead_time=1, review=2), ONE, 12)
    assert past is not None
    rule = OrderRule(scale=0.5)
    assert (past.span, past.reach(rule), past.reach(OrderRule(linger=1.0))) == (3, 3, 5)
    made = play_all(past, flat(past, 10.0), np.array([0.9]), None, rule)[OURS]
    whole = play_all(past, flat(past, 10.0), np.array([0.9]), None)[OURS]
    assert made.orders.sum() < whole.orders.sum()
    lingering = [np.full((1, 5, 5), 10.0)] * past.decisions
    assert (play_all(past, lingering, np.array([0.9]), None, OrderRule(linger=0.01))[OURS].orders == whole.orders).all()


def test_a_drawn_lead_time_is_the_same_for_all() -> None:
    policy = Policy.model_validate({"lead_time": {"periods": [1, 3], "weights": [1, 1]}, "review": 1})
    past = past_of(panel({"A": [5.0] * 60}), rows("A"), policy, 40, seed=3)
    assert past is not None and set(past.terms.lead[0]) == {1, 3} and past.terms.expected.tolist() == [2]
    again = past_of(panel({"A": [5.0] * 60}), rows("A"), policy, 40, seed=3)
    assert again is not None and (again.terms.lead == past.terms.lead).all()
    played = play_all(past, flat(past, 5.0), np.array([0.9]), Costs(0.1, 1.0))
    assert list(played) == [OURS, *RULES] and past.counted[0].tolist() == [False] * 3 + [True] * 37


def test_classes_know_nothing_of_what_came() -> None:
    y = [9.0] * 20
    past = past_of(panel({"A": y, "B": [*[1.0] * 15, *[900.0] * 5]}), rows("A", "B"), ONE, 5)
    assert past is not None and classes([past]) == {"A": "A", "B": "B"}


def figures(sold: list[float], lost: list[float], **other: list[float]) -> Replayed:
    nothing = np.zeros((1, len(sold)))
    given = {name: np.array([values]) for name, values in other.items()}
    parts = {"orders": nothing, "stock": nothing, "wasted": nothing, "cost": nothing, **given}
    return Replayed(sold=np.array([sold]), lost=np.array([lost]), **parts)


def test_measures_by_hand() -> None:
    """Lead time 1, review 2, of 6 periods: the first does not count, cycles are periods 2-3 and 4-5, the sixth is half
    a cycle. Sold 8 + 9 + 10 + 10 + 10 of 50: fill rate 94 %; one of two cycles without a loss."""
    past = past_of(panel({"A": [10.0] * 30}), rows("A", lead_time=1, review=2, unit_cost=2.0, price=5.0), ONE, 6)
    assert past is not None
    played = figures([0, 8, 9, 10, 10, 10], [10, 2, 1, 0, 0, 0], stock=[9, 1, 2, 3, 4, 5], cost=[9, 1, 1, 1, 1, 1])
    met, whole = cycles_met(played, past)
    assert (met.tolist(), whole.tolist()) == ([1], [2])
    made = {name: one.value for name, one in measures(played, [past], True).items()}
    assert made == pytest.approx(
        {
            "fill_rate": 0.94,
            "cycle_service": 0.5,
            "lost": 3,
            "stock": 3,
            "wasted": 0,
            "lost_margin": 9,
            "stock_value": 6,
            "cost": 5,
        }
    )


def test_nothing_is_claimed_where_the_interval_holds_0() -> None:
    """Twenty products: every one loses 1 less with ours: sure. Half lose 1 more, half 1 less: nothing. Of nine: few."""
    some, none = np.ones(20), np.zeros(20)
    mixed = np.where(np.arange(20) % 2, 2.0, 0.0)
    made = against(
        {OURS: {"lost": Measure(some)}, "mean": {"lost": Measure(some + 1)}, "normal": {"lost": Measure(mixed)}}
    )
    sure = made["mean"]["lost"]
    assert (sure.gap, sure.low, sure.high, sure.verdict) == (-20, -20, -20, "better")
    open_ = made["normal"]["lost"]
    assert open_.gap == 0 and open_.low < 0 < open_.high and open_.verdict == "no different"
    # the deviation of the sum of 20 draws of +-1 is sqrt(20) = 4.5: 1.96 of it each way
    assert open_.high == pytest.approx(8.8, abs=1.3)
    assert against({OURS: {"lost": Measure(none)}, "mean": {"lost": Measure(none)}})["mean"]["lost"].verdict == (
        "no different"
    )
    few = against({OURS: {"lost": Measure(some[:9])}, "mean": {"lost": Measure(some[:9] + 1)}})
    assert few["mean"]["lost"].verdict == "too few products"


def test_products_without_a_price_or_cost_are_left_out_of_money_and_counted() -> None:
    """Each loses 3 units and keeps 4: at a cost of 2 and a price of 5 that is 9 and 8, of one; of another 8 alone."""
    of = {uid: StockRow(uid, 0.0, lead_time=0, review=1, **money) for uid, money in (  # type: ignore[arg-type]
        ("A", {"unit_cost": 2.0, "price": 5.0}), ("B", {"unit_cost": 2.0}), ("C", {"price": 5.0}),
    )}  # fmt: skip
    past = past_of(panel({uid: [10.0] * 30 for uid in "ABC"}), of, ONE, 6)
    assert past is not None
    each = {name: np.zeros((3, 6)) for name in ("orders", "wasted", "cost", "sold")}
    played = Replayed(**each, lost=np.full((3, 6), 0.5), stock=np.full((3, 6), 4.0))
    made = measures(played, [past], False)
    margin, value = made["lost_margin"], made["stock_value"]
    assert (margin.part.tolist(), margin.left_out, margin.value) == ([9], 2, 9)
    assert (value.part.tolist(), value.left_out, value.value) == ([8, 8], 1, 16)
    assert made["lost"].left_out == 0 and made["lost"].value == 9


def test_a_measure_of_few_products_says_nothing_whatever_the_others_do() -> None:
    """Of twenty products nine have a price, of which each loses 1 less: their sum is -9 in every draw."""
    some, priced = np.ones(20), np.ones(9)
    made = against(
        {
            OURS: {"lost": Measure(some), "lost_margin": Measure(priced, left_out=11)},
            "mean": {"lost": Measure(some + 1), "lost_margin": Measure(priced + 1, left_out=11)},
        }
    )["mean"]
    assert made["lost"].verdict == "better" and made["lost_margin"].verdict == "too few products"
    assert (made["lost_margin"].gap, made["lost_margin"].low, made["lost_margin"].high) == (-9, -9, -9)


def test_more_is_better_of_rates_alone() -> None:
    ours, theirs = Measure(np.full(12, 9.0), np.full(12, 10.0)), Measure(np.full(12, 8.0), np.full(12, 10.0))
    made = against({OURS: {"fill_rate": ours, "stock": ours}, "mean": {"fill_rate": theirs, "stock": theirs}})["mean"]
    assert made["fill_rate"].verdict == "better" and made["fill_rate"].gap == pytest.approx(0.1)
    assert made["stock"].verdict == "worse"


def test_nobody_knows_how_long_an_order_will_take() -> None:
    """Lead times of 1 or 3, 2 on average. The first order takes 3: due in period 2, it is overdue there and in 3."""
    terms = Terms(np.array([[3, 1, 1, 1, 1, 1]]), np.array([2.0]), np.ones(1))
    known = past_of(panel({"A": [1.0] * 20}), rows("A"), ONE, 6)
    assert known is not None
    seen: list[list[float]] = []

    def once(state: State) -> Array:
        seen.append(state.pipeline[0].tolist())
        return np.array([7.0 if len(seen) == 1 else 0.0])

    made = replay(list(known.known())[:5], np.ones((1, 6)), np.zeros(1), np.zeros((1, 3)), once, None, terms)
    assert seen == [[0, 0, 0], [0, 7, 0], [7, 0, 0], [7, 0, 0], [0, 0, 0]]
    assert made.sold.tolist() == [[0, 0, 0, 1, 1, 1]]
