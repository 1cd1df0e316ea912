"""Frames: a conversation's last call, changed by short requests, and told where something was carried."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.carry import as_before, carried, pointed_out, timed
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.frames import Frame, after, amended, followed
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.asking import pointed
from skucast.prompts.messages.say import say, say_all
from skucast.prompts.routing import AMEND, Call
from skucast.tools.data.lexicon import Lexicon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

SHELF = {
    "4001": ("limes, 36 ct", "citrus"),
    "4002": ("lemons", "citrus"),
    "4003": ("oat milk", "milk"),
    "4004": ("large eggs", "eggs"),
    "4005": ("medium eggs", "eggs"),
}


@pytest.fixture(scope="module")
def shelf() -> Panel:
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    rng = np.random.default_rng(5)
    parts = [
        pd.DataFrame(
            {"unique_id": uid, "ds": ds, "y": rng.poisson(30, 60).astype(float), "description": d, "category": c}
        )
        for uid, (d, c) in SHELF.items()
    ]
    return read_panel(pd.concat(parts), schema=PanelSchema(static=["description", "category"]))


@pytest.fixture(scope="module")
def words(shelf: Panel) -> Lexicon:
    return Lexicon.of(shelf)


PLAN = {"product": "4001", "lead_time": 3, "service_level": 98.0}


@pytest.mark.parametrize(
    ("tool", "arguments", "request_", "meant"),
    [
        ("stock_plan", PLAN, "we've got 60 on hand", {**PLAN, "on_hand": 60}),
        ("stock_plan", PLAN, "make that 95 %", {**PLAN, "service_level": 95}),
        (
            "stock_plan",
            {**PLAN, "on_hand": 60.0},
            "and for lemons?",
            {**PLAN, "product": "lemons"},
        ),  # whose stock is not 60
        ("forecast", {"product": "4001", "horizon": "8w"}, "sorry, oat milk", {"product": "oat milk", "horizon": "8w"}),
        ("forecast", {"product": "4001"}, "no, I meant oat milk, not lemons", {"product": "oat milk"}),
        ("forecast", {"by": "category", "horizon": "8w"}, "lemons", {"product": "lemons", "horizon": "8w"}),
        ("forecast", {"product": "4001", "horizon": "8w"}, "and 4 weeks?", {"product": "4001", "horizon": "4w"}),
        ("forecast", {"product": "4001", "horizon": "8w"}, "那4周呢？", {"product": "4001", "horizon": "4w"}),
        ("forecast", {"category": "citrus", "horizon": "8w"}, "and eggs?", {"category": "eggs", "horizon": "8w"}),
        ("top_sellers", {"category": "citrus"}, "only the top 3", {"category": "citrus", "limit": 3}),
        (
            "sales_history",
            {"product": "4001", "during": "12"},
            "the same month last year?",
            {"product": "4001", "during": "-12"},
        ),
        (
            "sales_history",
            {"product": "4001", "during": "2023-12"},
            "and the last 4 weeks?",
            {"product": "4001", "periods": 4},
        ),
        (
            "compare",
            {"products": ["4001", "4002"]},
            "over the last 4 weeks only",
            {"products": ["4001", "4002"], "periods": 4},
        ),
    ],
)
def test_a_short_request_changes_the_last_call(
    words: Lexicon, tool: str, arguments: dict[str, Any], request_: str, meant: dict[str, Any]
) -> None:
    assert amended(Frame(tool, arguments), request_, words, "W") == Call(tool, meant)


@pytest.mark.parametrize(
    "request_",
    [
        "why?", "what sells best in citrus?", "is the data ok?", "thanks", "and?", "4", "stock of lemons",
        "what's the price of lemons?", "order lemons", "10 % off lemons", "how was lemons last week?",
        "lemons last 4 weeks",
        "lemons on promotion next week", "not lemons", "不要柠檬",
    ],
)  # fmt: skip
def test_a_request_with_words_of_its_own_or_nothing_to_change_does_not(words: Lexicon, request_: str) -> None:
    assert amended(Frame("forecast", {"product": "4001"}), request_, words, "W") is None


def test_the_same_weeks_a_year_ago_are_not_the_last_year(words: Lexicon) -> None:
    frame = Frame("sales_history", {"product": "4001", "periods": 8})
    assert amended(frame, "same period last year?", words, "W") is None
    assert amended(frame, "and the last year?", words, "W") == Call("sales_history", {"product": "4001", "periods": 52})


def test_a_number_alone_changes_the_number_that_was_said_last(words: Lexicon) -> None:
    call = {"product": "4001", "price_change_percent": -20.0, "horizon": "1w"}
    frame = after(None, "what_if", call, (), False)
    assert amended(frame, "make it 30", words, "W") == Call("what_if", {**call, "price_change_percent": -30})
    eight = after(None, "forecast", {"product": "4001", "horizon": "8w"}, (), False)
    assert amended(eight, "make it 12", words, "W") == Call("forecast", {"product": "4001", "horizon": "12w"})
    both = after(None, "stock_plan", PLAN, (), False)
    assert amended(both, "make it 4", words, "W") == Call("stock_plan", {**PLAN, "lead_time": 4})  # no share is so low
    assert amended(both, "make it 95", words, "W") == Call("stock_plan", {**PLAN, "service_level": 95})
    stock = Frame("stock_plan", {**PLAN, "on_hand": 60.0}, ("on_hand",))
    assert amended(stock, "make it 0", words, "W") == Call("stock_plan", {**PLAN, "on_hand": 0})
    listed = Frame("top_sellers", {"category": "citrus"})
    assert amended(listed, "make it 7", words, "W") == Call("top_sellers", {"category": "citrus", "limit": 7})
    changed = after(both, "stock_plan", {**PLAN, "lead_time": 2}, (), False)
    assert amended(changed, "make it 4", words, "W") == Call("stock_plan", {**PLAN, "lead_time": 4})
    assert amended(changed, "make it 400", words, "W") is None  # no such lead time


def test_which_of_several_products_is_told_by_a_word_of_its_own(words: Lexicon) -> None:
    frame = Frame("forecast", {"horizon": "8w"}, listed=("4004", "4005"), asks=True)
    for request in ("the large ones, not the medium", "large", "4004"):
        assert amended(frame, request, words, "W") == Call("forecast", {"horizon": "8w", "product": "4004"})
    other = Call("forecast", {"horizon": "8w", "product": "4001"})
    assert amended(frame, "4001", words, "W") == other  # none of those shown, and said all the same
    assert amended(frame, "eggs", words, "W") is None  # both
    assert amended(frame, "4 weeks", words, "W") is None  # still not said which
    assert amended(frame, "not the large", words, "W") is None
    four = Call("forecast", {"horizon": "4w", "product": "4004"})
    assert amended(frame, "large eggs 4 weeks", words, "W") == four == amended(frame, "4004 for 4 weeks", words, "W")
    assert amended(frame, "what sells best of the large?", words, "W") is None  # asks anew


def test_the_same_tool_again_keeps_what_was_set_for_the_product(words: Lexicon) -> None:
    frame = Frame("stock_plan", PLAN)
    assert carried(frame, Call("stock_plan", {"on_hand": 5}), "5 left") == Call("stock_plan", {**PLAN, "on_hand": 5})
    other = Call("stock_plan", {"product": "4002"})
    assert carried(frame, other, "order for lemons") == other  # asked anew
    assert carried(frame, Call("explain", {}), "why?") == Call("explain", {"product": "4001"})
    totals = Call("forecast", {"by": "category"})
    assert carried(Frame("forecast", {"product": "4001"}), totals, "forecast by category") == totals
    december = Frame("sales_history", {"product": "4001", "during": "12"})
    assert carried(december, Call("sales_history", {}), "how has it sold?").arguments == {"product": "4001"}
    of_all = Call("top_movers", {"direction": "down"})
    listed = Frame("top_sellers", {"category": "citrus"})
    assert carried(listed, of_all, "what fell most?") == of_all
    assert carried(listed, of_all, "what fell most there?").arguments == {"direction": "down", "category": "citrus"}


def test_what_was_carried_is_told(shelf: Panel) -> None:
    call = Call("stock_plan", {**PLAN, "on_hand": 60})
    note = as_before(Frame("stock_plan", PLAN), call, "we've got 60 on hand", shelf)
    assert note is not None and say(note) == "As before: lead time 3 weeks, 98 %."
    assert say(note, "zh") == "沿用之前的：备货期3 周、98 %。"
    said = as_before(Frame("stock_plan", PLAN), call, "lead time 3 weeks, 98 %, 60 on hand", shelf)
    assert said is None
    assert as_before(None, call, "x", shelf) is None


def test_the_first_one_is_the_first_of_the_list() -> None:
    frame = Frame("top_sellers", {}, listed=("4003", "4001"))
    assert pointed_out(frame, "forecast the first one") == "forecast 4003"
    assert pointed_out(None, "forecast the first one") == "forecast the first one"


def test_a_session_carries_and_tells_and_forgets_no_more_than_it_should(shelf: Panel) -> None:
    desk = Desk(shelf, Forecaster(None))
    agent = Agent(desk, RulesModel(known=frozenset(shelf.unique_ids)))
    first = agent.ask("reorder point of 4001, lead time 3 weeks, service level 98 %")
    assert "98 %" in first.text and "As before" not in first.text
    second = agent.ask("we've got 60 on hand")
    assert "With 60 on hand" in second.text and "As before: lead time 3 weeks, 98 %." in second.text
    third = agent.ask("and for lemons?")
    assert "SKU 4002" in third.text and "on hand" not in third.text and "lead time 3 weeks, 98 %" in third.text
    assert desk.frame is not None and desk.frame.arguments["product"] == "4002"
    assert not desk.reports  # the forecast of an order is no forecast that was asked for


def test_a_refusal_changes_no_horizon(shelf: Panel) -> None:
    desk = Desk(shelf, Forecaster(None))
    desk.periods("4w")
    with pytest.raises(InputError):
        desk.do("forecast", {"product": "no such thing", "horizon": "9w"})
    assert (desk.horizon, desk.span) == (4, "4w")


def test_a_call_that_was_refused_may_be_asked_otherwise(shelf: Panel) -> None:
    desk = Desk(shelf, Forecaster(None))
    with pytest.raises(InputError, match="no-group-column"):  # there is no column of stores
        desk.do("allocate", {"product": "4001", "units": 300, "by": "store"})
    assert desk.frame is not None and desk.frame.tool == desk.spoken.tool == "allocate"
    again = amended(desk.frame, "no, 250", Lexicon.of(shelf), "W")
    assert again == Call("allocate", {"product": "4001", "units": 250, "by": "store"})


def test_a_number_before_a_product_is_of_units_and_a_grouping_beside_one_stays(words: Lexicon) -> None:
    frame = Frame("allocate", {"product": "4001", "units": 250, "by": "store", "horizon": "2w"}, said=("horizon",))
    meant = {"product": "lemons", "units": 400, "by": "store", "horizon": "2w"}
    assert amended(frame, "same for 400 lemons", words, "W") == Call("allocate", meant)


def test_a_group_narrows_what_was_asked_of_all(words: Lexicon) -> None:
    assert amended(Frame("volatility"), "in milk", words, "W") == Call("volatility", {"category": "milk"})
    one = Frame("volatility", {"product": "4004"})
    assert amended(one, "and oat milk", words, "W") == Call("volatility", {"product": "oat milk"})


def test_a_greeting_and_what_cannot_be_done_stand_aside(shelf: Panel) -> None:
    desk = Desk(shelf, Forecaster(None))
    desk.do("forecast", {"product": "4001", "horizon": "8w"})
    frame = desk.frame
    text = say_all(desk.do("help", {"social": "hello"}).messages)
    best = max(shelf.unique_ids, key=lambda uid: shelf.past_of(uid)["y"].tail(8).mean())
    assert (
        text.startswith("Hello! I know what 5 products sold until 2024-02-18")
        and f"forecast next month for {best}" in text
    )
    assert say_all(desk.do("help", {"social": "thanks"}).messages) == "You're welcome."
    desk.do("out_of_scope", {"topic": "weather"})
    assert desk.frame == frame


@pytest.mark.parametrize(
    "request_", ["what can we do if 4001 runs out?", "what do we know about lemons", "how do you work out the order?"]
)
def test_help_takes_no_question_of_its_own_away(request_: str) -> None:
    rule = pointed(request_)
    assert rule is None or rule.tool != "help"


@pytest.mark.parametrize(
    "request_", ["what can you do?", "Hi!", "thanks a lot", "你能做什么？", "what can I ask here", "help"]
)
def test_help_is_asked_in_these_words(request_: str) -> None:
    rule = pointed(request_.strip())
    assert rule is not None and rule.tool == "help"


@pytest.mark.parametrize(
    ("arguments", "request_", "changed", "meant"),
    [
        (PLAN, "say 40 then", {}, {**PLAN, "lead_time": 40}),  # the number that was said last
        (PLAN, "the oat one, please", {"product": "oat"}, {**PLAN, "product": "oat"}),
        ({**PLAN, "on_hand": 60.0}, "and lemons", {"product": "4002"}, {**PLAN, "product": "4002"}),
        ({**PLAN, "on_hand": 60.0}, "forget the stock", {}, PLAN),
        (PLAN, "and again", {}, PLAN),
        (PLAN, "lead time of 900 weeks", {"lead_time": 900}, PLAN),  # out of bounds: as it was
    ],
)
def test_a_model_changes_fields_of_the_last_call(
    words: Lexicon, arguments: dict[str, Any], request_: str, changed: dict[str, Any], meant: dict[str, Any]
) -> None:
    frame = Frame("stock_plan", arguments, ("lead_time",))
    assert followed(frame, Call(AMEND, changed), request_, words) == Call("stock_plan", meant)


def test_what_goes_without_a_field_takes_it_back(words: Lexicon) -> None:
    before = {"product": "4001", "price_change_percent": -20.0}
    frame = Frame("what_if", before, ("price_change_percent",))
    call = followed(frame, Call(AMEND, {"promotion": True}), "if we only run it on display, no price cut?", words)
    assert call == Call("what_if", {"product": "4001", "promotion": True})


def test_a_question_back_is_narrowed_by_the_answer(words: Lexicon) -> None:
    frame = Frame("forecast", {"product": "eggs", "horizon": "1m"}, (), ("4004", "4005"), asks=True)
    assert followed(frame, Call(AMEND, {"product": "medium"}), "the medium ones", words).arguments["product"] == "4005"
    asked = followed(frame, Call(AMEND, {"product": "eggs"}), "the eggs, I said", words)
    assert asked.arguments == {"product": "eggs eggs", "horizon": "1m"}


@pytest.mark.parametrize(
    ("tool", "arguments", "request_", "meant"),
    [
        ("top_sellers", {"by": "category", "during": "Q4"}, "and in Q3?", {"by": "category", "during": "Q3"}),
        ("top_sellers", {"periods": 8}, "in the third quarter", {"during": "Q3"}),
        (
            "top_movers",
            {"direction": "up", "periods": 13},
            "show me 10",
            {"direction": "up", "periods": 13, "limit": 10},
        ),
        ("top_movers", {"direction": "up", "periods": 13}, "losers?", {"direction": "down", "periods": 13}),
        ("what_if", {"product": "4001", "price_change_percent": 5.0}, "at plus 10?", {"price_change_percent": 10}),
        (
            "what_if",
            {"product": "4001", "price_change_percent": 5.0},
            "a cut of 10 instead",
            {"price_change_percent": -10},
        ),
        ("what_if", {"product": "4001", "price_change_percent": -5.0}, "12 percent", {"price_change_percent": -12}),
        ("what_if", {"product": "4001", "periods": [1]}, "week 2 too", {"periods": [1, 2]}),
        ("what_if", {"product": "4001", "price_change_percent": -5.0}, "for 6 weeks", {"horizon": "6w"}),
        ("backtest", {"product": "4001"}, "8 weeks ahead", {"horizon": "8w"}),
        ("compare", {"products": ["4001", "4002"]}, "add oat milk", {"products": ["4001", "4002", "oat milk"]}),
        ("market_notes", {"query": "coupons"}, "and on lemons", {"query": "lemons"}),
        ("orders", {"what": "over"}, "suppliers 1 week late", {"late": 1}),
    ],
)
def test_what_a_reader_reads_is_no_word_of_its_own(
    words: Lexicon, tool: str, arguments: dict[str, Any], request_: str, meant: dict[str, Any]
) -> None:
    call = amended(Frame(tool, arguments, tuple(arguments)), request_, words, "W")
    gone = {"periods"} if "during" in meant else {"what"} if "late" in meant else set()
    kept = {name: value for name, value in arguments.items() if name not in gone}
    assert call == Call(tool, {**kept, **meant})


@pytest.mark.parametrize(
    ("tool", "arguments", "said", "request_", "meant"),
    [
        ("stock_plan", {**PLAN, "late": 1}, "late", "make that 2 weeks", {**PLAN, "late": 2}),
        ("stock_plan", {**PLAN, "late": 1}, "late", "改成2周", {**PLAN, "late": 2}),
        ("stock_plan", {**PLAN, "late": 1}, "late", "lead time 2 weeks", {**PLAN, "late": 1, "lead_time": 2}),
        ("stock_plan", {**PLAN, "late": 1}, "lead_time", "make that 2 weeks", {**PLAN, "late": 1, "lead_time": 2}),
        ("orders", {"late": 1}, "late", "and 3 weeks?", {"late": 3}),
    ],
)
def test_a_length_after_a_delay_is_the_delay(
    words: Lexicon, tool: str, arguments: dict[str, Any], said: str, request_: str, meant: dict[str, Any]
) -> None:
    assert amended(Frame(tool, arguments, (said,)), request_, words, "W") == Call(tool, meant)


@pytest.mark.parametrize("request_", ["make it 98 %", "make that 3 weeks", "and limes?"])
def test_what_holds_already_may_be_said_again(words: Lexicon, request_: str) -> None:
    found = amended(Frame("stock_plan", {**PLAN, "product": "limes"}, ("lead_time",)), request_, words, "W")
    assert found == Call("stock_plan", {**PLAN, "product": "limes"})


@pytest.mark.parametrize("request_", ["order 40 of them", "set it to 2.49 from monday", "tell marketing to push it"])
def test_what_is_to_be_done_changes_no_call(words: Lexicon, request_: str) -> None:
    assert amended(Frame("stock_plan", PLAN, ("lead_time",)), request_, words, "W") is None


def test_products_spoken_of_one_after_another_can_be_pointed_to() -> None:
    frame = after(after(None, "forecast", {"product": "4001"}, (), False), "forecast", {"product": "4003"}, (), False)
    assert pointed_out(frame, "back to the first one") == "back to 4001"
    assert pointed_out(frame, "compare the two") == "compare 4001 and 4003"
    assert pointed_out(frame, "and the other one?") == "and 4001?"


def test_another_tool_is_of_the_same_product_or_group() -> None:
    of_one = Frame("anomalies", {"product": "4001"})
    assert carried(of_one, Call("price_history", {}), "was it ever on promo").arguments == {"product": "4001"}
    assert carried(of_one, Call("anomalies", {"limit": 3}), "odd weeks overall").arguments == {
        "limit": 3,
        "product": "4001",
    }
    group = Frame("overview", {"category": "citrus"})
    assert carried(group, Call("forecast", {"horizon": "6w"}), "the next 6 weeks").arguments["category"] == "citrus"
    assert carried(group, Call("top_sellers", {}), "which of them sell best?").arguments == {"category": "citrus"}
    assert carried(group, Call("top_sellers", {}), "what sells best?").arguments == {}


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        ("how many did we sell last month?", Call("sales_history", {"product": "4001", "periods": 4})),
        ("lemons in november", Call("sales_history", {"product": "lemons", "during": "11"})),
        ("and the next 3 weeks", Call("forecast", {"product": "4001", "horizon": "3w"})),
        ("lemons", None),
        ("what drove sales last month", None),
        ("forecast 99999999 next month", None),  # a product that there is not
    ],
)
def test_a_time_behind_is_history_and_one_ahead_a_forecast(words: Lexicon, request_: str, meant: Call | None) -> None:
    assert timed(Frame("explain", {"product": "4001"}), request_, words, "W") == meant
