"""Recommendations: candidates, the learned blend, re-ranking and reasons, on sixty made-up customers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say_all
from skucast.tools.data.events import Events
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import Freq, PanelSchema
from skucast.tools.data.stock import Stock, StockRow
from skucast.tools.decide import new_products
from skucast.tools.decide.baskets import Floats, baskets_of
from skucast.tools.decide.candidates import market_of, offers_of
from skucast.tools.decide.next_basket import Decay
from skucast.tools.decide.offer_supply import supply_of, trends
from skucast.tools.decide.ranker import OTHERS, learn
from skucast.tools.decide.recommend_telling import offers_table
from skucast.tools.decide.rerank import Supply, Weights, allowed, pick, worth
from skucast.tools.decide.shop import Shop, open_shop
from skucast.tools.messages import Refusal

START = pd.Timestamp("2024-01-01")
SUPPLY = Supply(
    trend=np.array([4.0, 0.5, 1.0]),
    on_hand=np.array([0.0, 5.0, np.nan]),
    price=np.array([10.0, 4.0, np.nan]),
    cost=np.array([2.0, 2.0, np.nan]),
    clear=np.array([0.0, 1.0, 0.0]),
)


@pytest.fixture(scope="module")
def events() -> Events:
    """Each customer has four products that come every week or two; one looks and never buys."""
    draws, rows = np.random.default_rng(0), []
    for user in range(60):
        liked = draws.choice(20, 4, replace=False)
        for at in range(int(draws.integers(0, 7)), 112, int(draws.integers(6, 12))):
            some = sorted({*draws.choice(liked, 2).tolist(), *draws.choice(20, 1).tolist()})
            rows += [(f"u{user}", START + pd.Timedelta(days=at), "buy", f"P{one:02d}", 1.0 + one) for one in some]
    rows.append(("looks", START, "view", "P00", 0.0))
    frame = pd.DataFrame(rows, columns=["user_id", "ds", "event", "unique_id", "value"])
    ids = sorted(set(frame["unique_id"]))
    products = pd.DataFrame({"category": [f"c{int(i[1:]) % 4}" for i in ids], "name": [f"tea {i}" for i in ids]}, ids)
    return Events(frame, products=products.rename_axis("unique_id"))


@pytest.fixture(scope="module")
def shop(events: Events) -> Shop:
    return open_shop(events)


def test_what_is_offered_was_mostly_bought_often(shop: Shop, events: Events) -> None:
    made = shop.for_user("u7", Weights(), 5)
    often = events.frame[events.frame["user_id"] == "u7"]["unique_id"].value_counts()
    assert made.known and len(made.offers) == 5
    assert {offer.unique_id for offer in made.offers[:3]} <= set(often.index[:5])
    chances = [offer.chance or 0.0 for offer in made.offers]
    assert min(chances) > 0 and max(chances) < 1
    assert "bought every" in say_all(made.offers[0].why) and "购买一次" in say_all(made.offers[0].why, "zh")


def test_the_chances_are_those_of_the_past(events: Events) -> None:
    """Drawing a quarter of what was not bought is put right: expected hits are near those that came."""
    baskets = baskets_of(events.frame)
    day = baskets.last_day - 6
    category = np.zeros(len(baskets.products), dtype=np.int64)
    ranker = learn(baskets, day, category, Decay())
    ahead = baskets.next_after(day)
    codes = np.array(sorted(ahead))
    offers = offers_of(baskets.before(day).of(codes), codes, market_of(baskets, day, category, Decay()))
    came = sum(len(some) for some in ahead.values())
    assert 0.6 * came < ranker.chance(offers).sum() < 1.6 * came < came / OTHERS


def test_nothing_from_the_day_on_is_known(events: Events) -> None:
    day = START + pd.Timedelta(days=90)
    later = events.frame[events.frame["ds"] >= day].assign(unique_id="P00", user_id="u1")
    other = replace(events, frame=pd.concat([events.before(day).frame, later], ignore_index=True))
    one, two = (open_shop(some, day).for_user("u1", Weights(), 5) for some in (events, other))
    assert one == two


@pytest.mark.parametrize(
    ("freq", "first", "day", "known"),
    [
        ("D", "2024-01-01", "2024-03-01", "2024-02-29"),
        ("W", "2023-10-01", "2024-03-03", "2024-02-25"),
        ("M", "2023-01-01", "2024-03-01", "2024-02-01"),
        ("M", "2023-01-01", "2024-03-15", "2024-02-01"),
    ],
)
def test_no_sales_of_the_day_or_later_are_known(events: Events, freq: Freq, first: str, day: str, known: str) -> None:
    ds = pd.date_range(first, "2024-03-20", freq={"D": "D", "W": "W-SUN", "M": "MS"}.get(freq))
    sold = pd.DataFrame({"unique_id": "P00", "ds": ds, "y": 5.0}).assign(price=2.0)
    later = sold["ds"] > known
    assert later.any()
    other = sold.assign(y=sold["y"].where(~later, 900.0), price=sold["price"].where(~later, 70.0))
    schema = PanelSchema(freq=freq, past_only=["price"])
    one, two = (open_shop(events, pd.Timestamp(day), read_panel(some, schema)).supply for some in (sold, other))
    assert one.trend.tolist() == two.trend.tolist() and one.price[0] == two.price[0] == 2.0


def test_new_purchases_count_at_once(shop: Shop, events: Events) -> None:
    code, free = np.array([shop.baskets.users.index("u7")]), Weights(category=20)
    before = {offer.unique_id: offer.chance or 0.0 for offer in shop.for_user("u7", free, 20).offers}
    never = next(uid for uid in shop.baskets.products if uid not in set(_of(events, "u7")["unique_id"]))
    days = [shop.as_of - pd.Timedelta(days=days) for days in (15, 8, 1)]
    more = pd.DataFrame({"user_id": "u7", "ds": days, "event": "buy", "unique_id": never, "value": 1.0})
    history = baskets_of(pd.concat([_of(events, "u7"), more]), products=shop.baskets.products)
    made = shop.maker.recommend(history, code, shop.supply, free, 20)[0]
    chance = next(offer.chance for offer in made.offers if offer.unique_id == never)
    assert chance is not None and chance > 2 * before[never]


def test_too_few_to_learn_from() -> None:
    """Nobody comes back in a week of the last six."""
    rows = [(f"u{n}", START, "buy", "P1", 1.0) for n in range(5)]
    with pytest.raises(Refusal, match="recommend-too-few"):
        open_shop(Events(pd.DataFrame(rows, columns=["user_id", "ds", "event", "unique_id", "value"])))


def test_a_narrow_screen_names_the_product(shop: Shop) -> None:
    made = shop.for_user("u7", Weights(), 3)
    for names, place in ((shop.names, 1), ({}, 0)):
        table = offers_table(made, "u7", names)
        assert table.narrow[0] == place and all(row[place] for row in table.rows)


def test_who_never_bought_gets_what_sells(shop: Shop) -> None:
    made = shop.for_user("looks", Weights(category=20), 3)
    assert not made.known and len(made.offers) == 3
    assert "of the baskets of the last 4 weeks" in say_all(made.offers[0].why)
    with pytest.raises(Refusal, match="recommend-unknown-user"):
        shop.for_user("nobody", Weights(), 3)


def test_customers_of_a_product(shop: Shop, events: Events) -> None:
    likely = shop.for_product("P03", Weights(), 5)
    buyers = events.frame[events.frame["unique_id"] == "P03"]["user_id"].value_counts()
    assert len(likely) == 5 and likely[0][0] in buyers.index[:8]
    assert [chance for _, chance in likely] == sorted((chance for _, chance in likely), reverse=True)
    with pytest.raises(Refusal, match="recommend-nobody-bought"):
        shop.for_product("P99", Weights(), 5)


def test_trend_and_repeat_by_hand() -> None:
    """A: 8 baskets in the last 28 days, 12 in the 84 before, so 4 in 28: (8 + 5) / (4 + 5)."""
    rows = [("u", START + pd.Timedelta(days=7 * week), "A") for week in range(12)]
    rows += [(f"v{n}", START + pd.Timedelta(days=90), "A") for n in range(8)] + [("w", START, "B")]
    frame = pd.DataFrame(rows, columns=["user_id", "ds", "unique_id"]).assign(event="buy", value=1.0)
    market = market_of(baskets_of(frame), day_of(START) + 112, np.array([0, 0]), Decay())
    assert market.trend[0] == pytest.approx(13 / 9) and market.popularity.tolist() == [1.0, 0.0]
    assert market.repeat[0] == pytest.approx((1 + 5 * 0.1) / (9 + 5))  # one of nine buyers; one of ten pairs
    assert market.interval[0] == 7.0 and np.isnan(market.interval[1])


def test_worth_by_hand() -> None:
    """Trend 4 counts as 2; margins 8 and 2 have the median 5, which stands for one that is not known."""
    made = worth(np.arange(3), np.array([0.2, 0.2, 0.1]), SUPPLY, Weights(trend=0.5, margin=1.0, clear=0.3))
    assert made[0] == pytest.approx(np.log(0.2) + 0.5 * np.log(2) + np.log(8 / 5))
    assert made[1] == pytest.approx(np.log(0.2) - 0.5 * np.log(2) + np.log(2 / 5) + 0.3)
    assert made[2] == pytest.approx(np.log(0.1))


def test_a_margin_that_is_lost_counts_as_the_least_and_an_unknown_one_as_the_median() -> None:
    """Margins 1, 2 and 9 have the median 2, which is not their mean; one sells below cost, one is not known."""
    price = np.array([2.0, 3.0, 10.0, 0.5, np.nan])
    supply = replace(Supply.unknown(np.ones(5)), price=price, cost=np.ones(5))
    made = worth(np.arange(5), np.full(5, 0.5), supply, Weights(margin=1.0)) - np.log(0.5)
    assert np.exp(made).tolist() == pytest.approx([1 / 2, 1.0, 9 / 2, 1 / 2, 1.0])


def test_out_of_stock_and_out_of_the_band_of_prices() -> None:
    assert allowed(np.arange(3), SUPPLY, Weights()).tolist() == [False, True, True]
    assert allowed(np.arange(3), SUPPLY, Weights(lowest=5.0)).tolist() == [False, False, True]


def test_at_most_so_many_of_a_category() -> None:
    products, value, category = np.array([5, 1, 2, 3]), np.array([4.0, 3.0, 3.0, 1.0]), np.array([9, 0, 0, 1, 9, 0])
    assert pick(products, value, category, 3, 2).tolist() == [0, 1, 3]
    assert pick(products, value, category, 2, 9).tolist() == [0, 1]


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A: 10 a week, 20 of late, over more than a year; B: 8 a week."""
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    rows = [pd.DataFrame({"unique_id": "A", "ds": ds, "y": [10.0] * 56 + [20.0] * 4})]
    rows.append(pd.DataFrame({"unique_id": "B", "ds": ds, "y": 8.0}))
    return read_panel(pd.concat(rows))


def test_supply_from_sales_and_stock(panel: Panel) -> None:
    ratio, spans, sold = trends(panel)
    assert spans == "last-year" and sold == {"A": 80.0, "B": 32.0}
    assert ratio == pytest.approx({"A": 85 / 45, "B": 1.0})
    early = trends(panel.before(panel.past["ds"].sort_values().unique()[30]))
    assert early[1] == "before" and early[0] == pytest.approx({"A": 1.0, "B": 1.0})
    rows = {"A": StockRow("A", 520.0), "B": StockRow("B", 209.0, unit_cost=1.0, price=3.0)}
    made = supply_of(["A", "B", "C"], np.array([9.0, 9.0, 1.5]), panel, Stock("s", rows))
    assert made.clear.tolist() == [0, 1, 0]  # 182 days of A are 520 units, of B 208
    assert made.trend.tolist() == pytest.approx([85 / 45, 1.0, 1.5]) and made.margin[1] == 2.0
    assert np.isnan(made.margin[0]) and np.isnan(made.on_hand[2])


def test_a_new_product_takes_the_last_place(shop: Shop, events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(texts: list[str]) -> Floats:
        return np.array([[0.6, 0.8] if "new" in text or "P01" in text else [-0.8, 0.6] for text in texts])

    monkeypatch.setattr(new_products, "embed_texts", embed)
    names = ["tea P00", "tea P01", "new tea"]
    made = new_products.newcomers(names, np.array([3.0, 1.0, 0.0]), [0, 1, 2])
    assert made.new == {1: 2} and made.likeness[1] == pytest.approx(1.0)
    assert made.best(np.array([0, 1])) == (2, 1) and made.best(np.array([0])) is None
    user = _of(events, "u7")["unique_id"].iloc[0]
    code = shop.baskets.products.index(user)
    newer = replace(shop.maker, newcomers=new_products.Newcomers({code: 0}, {code: 0.9}))
    last = replace(shop, maker=newer).for_user("u7", Weights(), 4).offers[-1]
    assert last.unique_id == shop.baskets.products[0] and last.chance is None
    assert "new, and like" in say_all(last.why)


def day_of(at: pd.Timestamp) -> int:
    return (at - pd.Timestamp("1970-01-01")).days


def _of(events: Events, user: str) -> pd.DataFrame:
    return events.frame[events.frame["user_id"] == user]
