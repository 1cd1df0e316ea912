"""The words of notes and queries: terms by hand, and what a query is about."""

import time

import pytest
from skucast.tools.text.words import subject, terms


def test_terms() -> None:
    assert terms("The Coupons for 2% milk, of batteries and glass; gas") == [
        "coupon",
        "2",
        "milk",
        "battery",
        "glass",
        "gas",
    ]
    assert terms("酸奶促销 B级 酸") == ["酸奶", "奶促", "促销", "b", "级", "酸"]


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ("notes", ""),
        ("News?", ""),
        ("documents", ""),
        ("reviews", ""),
        ("anything", ""),
        ("market updates", ""),
        ("the latest reports and articles", ""),
        ("what do the notes say?", ""),
        ("news or reviews", ""),
        ("笔记", ""),
        ("最近有什么新闻？", ""),
        ("笔记里说了什么", ""),
        ("资讯 备注", ""),
        ("any news about oat milk?", "oat milk"),
        ("notes on news of the egg shortage", "egg shortage"),
        ("competitor news", "competitor"),
        ("customer reviews", "customer reviews"),
        ("any new competitor store", "new competitor store"),
        ("price of milk", "price of milk"),
        ("'radio campaign'", "radio campaign"),
        ("竞争对手 消息", "竞争对手"),
        ("有什么关于燕麦奶的消息？", "燕麦奶"),
        ("关于oat milk的新闻", "oat milk"),
        ("有机牛奶", "有机牛奶"),
        ("笔记本", "笔记本"),
    ],
)
def test_a_query_is_about_what_is_left_without_words_for_notes(query: str, about: str) -> None:
    assert subject(query) == about


@pytest.mark.parametrize("part", ["有没有", "说了", "news ", "市场消息", " "])
def test_a_long_query_is_read_quickly(part: str) -> None:
    before = time.process_time()
    subject("x" + part * 400 + "x")
    assert time.process_time() - before < 1
