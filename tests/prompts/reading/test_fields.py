"""What a request says in so many words of a call's arguments."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.prompts.reading.fields import plainly
from skucast.prompts.reading.request import Reading
from skucast.prompts.reading.scope import everything, listed, more_to_do, whole
from skucast.tools.toolset.registry import argument_models, parse


@pytest.mark.parametrize(
    ("request_", "tool", "told"),
    [
        ("milk for the next six weeks", "forecast", {"horizon": ["6w"]}),
        ("milk next month or next quarter", "forecast", {}),
        ("how did milk sell in the past 12 weeks", "sales_history", {"periods": [12]}),
        ("what did milk sell last year", "sales_history", {"periods": [52]}),
        ("milk against last year", "compare", {}),
        ("milk and eggs over the last quarter", "compare", {}),
        ("milk and eggs over the last 2 quarters", "compare", {"periods": [26]}),
        ("10 % off milk", "what_if", {"price_change_percent": [-10]}),
        ("milk at -10%", "what_if", {"price_change_percent": [-10]}),
        ("raise milk by five percent", "what_if", {"price_change_percent": [5]}),
        ("if milk gets 20 % cheaper, how much more do we sell", "what_if", {"price_change_percent": [-20]}),
        ("half price on milk, weeks 1 to 3", "what_if", {"price_change_percent": [-50], "periods": [[1, 2, 3]]}),
        ("a fifth cheaper", "what_if", {"price_change_percent": [-20]}),
        ("便宜10%，销量能涨多少？", "what_if", {"price_change_percent": [-10]}),
        ("如果涨价20%会少卖多少", "what_if", {"price_change_percent": [20]}),
        ("鸡蛋打八五折", "what_if", {"price_change_percent": [-15]}),
        ("milk and a change of 7.5 percent", "what_if", {"price_change_percent": [-7.5, 7.5]}),
        ("5 % or 10 % off", "what_if", {}),
        ("put milk on promotion next month", "what_if", {"promotion": [True], "horizon": ["1m"]}),
        ("and without the promo?", "what_if", {"promotion": [False]}),
        ("the promotion falls through", "what_if", {"promotion": [True, False]}),
        (
            "we have 1,200 units of milk, lead time three weeks, 97.5 % service",
            "stock_plan",
            {"on_hand": [1200], "lead_time": [3], "service_level": [97.5]},
        ),
        ("two hundred left of 1082185", "stock_plan", {"on_hand": [200]}),
        ("milk, LT 2, SL 98%", "stock_plan", {"lead_time": [2], "service_level": [98]}),
        ("stock for 1082185", "stock_plan", {}),
        ("库存还有150，交货期2周", "stock_plan", {"on_hand": [150], "lead_time": [2]}),
        ("20 % service", "stock_plan", {}),  # no level that the tool takes
        ("backtest milk on six past windows", "backtest", {"windows": [6]}),
        ("top 5 sellers", "top_sellers", {"limit": [5]}),
        ("find cheese, 5 products", "find_products", {"limit": [5]}),
        ("why?", "explain", {}),
        ("milk tomorrow", "forecast", {"horizon": ["1d"]}),
        ("milk for 0 weeks", "forecast", {"horizon": ["0w"]}),
        ("what if we double the price", "what_if", {"price_change_percent": [100]}),
        ("if milk were twice as expensive", "what_if", {"price_change_percent": [100]}),
        ("and with the price tripled?", "what_if", {"price_change_percent": [200]}),
        ("如果涨价一倍呢?", "what_if", {"price_change_percent": [100]}),
        ("milk at half the price", "what_if", {"price_change_percent": [-50]}),
        ("花生酱半价", "what_if", {"price_change_percent": [-50]}),
        ("should I order 3000 units of milk", "stock_plan", {}),
        ("300 units left, should we order 200 more", "stock_plan", {"on_hand": [300]}),
        ("要不要订3000件", "stock_plan", {}),
        ("50 bananas left, lead time 2 weeks", "stock_plan", {"on_hand": [50], "lead_time": [2]}),
        ("订多少香蕉，我有50件", "stock_plan", {"on_hand": [50]}),
        ("we have 100 with 50 on order", "stock_plan", {"on_hand": [100]}),
        ("we have 3 suppliers, lead time 2 weeks", "stock_plan", {"lead_time": [2]}),
        ("order milk tomorrow? we have 40 left", "stock_plan", {"on_hand": [40]}),
        ("milk the day after tomorrow", "forecast", {}),
        ("预测12月的销量", "forecast", {}),
        ("预测未来3个月", "forecast", {"horizon": ["3m"]}),
        ("if milk costs half", "what_if", {"price_change_percent": [-50]}),
        ("cut the price by half", "what_if", {"price_change_percent": [-50]}),
        ("if the price goes up by half", "what_if", {"price_change_percent": [50]}),
        ("put milk on sale", "what_if", {"promotion": [True]}),
        ("第二周打折", "what_if", {"promotion": [True], "periods": [[2]]}),
        ("milk sales in December 2024", "sales_history", {"during": ["2024-12"]}),
        ("milk in December last year", "sales_history", {"during": ["-12"]}),
    ],
)
def test_what_is_said_in_so_many_words(request_: str, tool: str, told: dict[str, Any]) -> None:
    assert plainly(argument_models()[tool], Reading(request_)) == told


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("sold in q4 2023", ["2023-Q4"]),
        ("what did it sell last march", ["03"]),
        ("2024-11 please", ["2024-11"]),
        ("how much in 2023", ["2023"]),
        ("over sept. 2023", ["2023-09"]),
        ("2024年12月卖了多少", ["2024-12"]),
        ("去年十一月卖了多少", ["-11"]),
        ("2023年三季度", ["2023-Q3"]),
        ("2023年卖了多少", ["2023"]),
        ("may I see what we sold in may", ["05"]),
        ("2024年Q4销量", ["2024-Q4"]),
        ("2024年第四季度", ["2024-Q4"]),
        ("2024年的12月", ["2024-12"]),
        ("q4 '24", ["2024-Q4"]),
        ("the last quarter of 2024", ["2024-Q4"]),
        ("second half of 2024", []),
        ("week 3 of 2024", []),
        ("2024年上半年", []),
        ("2024年双十一", []),
        ("前三季度", []),
        ("how did milk sell on 24 december", []),
        ("sales on december 5", []),
        ("12月5日卖了多少", []),
        ("sales of Mar Bella olive oil", []),
        ("vitamin q2", []),
        ("dec sales", ["12"]),
        ("did sales drop in march or may", ["03", "05"]),
        ("how did milk sell in december and why", ["12"]),
        ("may I see it", []),
        ("sales since March", []),
        ("from January to March", []),
        ("marble cake, sku 2024", []),
        ("过去三个月", []),
        ("1月15日", []),
    ],
)
def test_months_quarters_and_years(request_: str, told: list[str]) -> None:
    assert Reading(request_).months == told
    for during in told:
        assert parse("sales_history", {"during": during})


def test_all_products_and_which_products() -> None:
    assert everything("how much did we sell in total in 2023?") and everything("总共卖了多少")
    assert not everything("how much did it sell in total") and not everything("total of the category")
    assert "always" in listed("which product sold most last year?") and not listed("what is milk")
    assert everything("total sales this month") and everything("这个月总销量")
    for request in (
        "what is the product price",
        "what did all products sell",
        "what would the product sell at 10% off",
    ):
        assert not listed(request)
    assert "alike" in listed("which items are like it") - listed("which items grew")


def test_periods_are_those_of_the_data() -> None:
    assert plainly(argument_models()["sales_history"], Reading("the last 2 weeks of milk"), "D") == {"periods": [14]}
    assert plainly(argument_models()["stock_plan"], Reading("milk, delivered in 10 days"), "D") == {"lead_time": [10]}
    told = {"price_change_percent": [-10], "periods": [[8, 9, 10, 11, 12, 13, 14]]}
    assert plainly(argument_models()["what_if"], Reading("10 % off in week 2"), "D") == told
    assert "periods" not in plainly(
        argument_models()["what_if"], Reading("10 % off in week 2"), "MS"
    )  # a month has no such weeks


@pytest.mark.slow
@given(st.text(max_size=120), st.sampled_from(sorted(argument_models())), st.sampled_from(["W", "D"]))
def test_what_is_read_is_valid(text: str, tool: str, freq: str) -> None:
    for name, values in plainly(argument_models()[tool], Reading(text), freq).items():
        needed = {field: "x" for field, told in argument_models()[tool].model_fields.items() if told.is_required()}
        for value in values:
            parse(tool, needed | {name: value})


def test_a_single_thing_and_several() -> None:
    for request in (
        "check the data, then forecast milk",
        "is it sound? if so, plot milk",
        "holidays and why milk falls",
    ):
        assert more_to_do(request)
    for request in ("is the data sound?", "holidays and events in the next 3 months", "检查一下数据"):
        assert not more_to_do(request)
    assert whole("the whole dairy aisle") and not whole("bananas next month")
