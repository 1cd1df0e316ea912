"""Naming: the runs of a request's words that may be names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.prompts.reading.names import ASKING, BARE, NEVER, NEVER_CHINESE, WORD, YEAR, Naming
from skucast.prompts.routing import call_schema
from skucast.tools.toolset.registry import tools

from .shelf import Shelf


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ("forecast SKU1234, please", "1234"),
        ("how is 'oat milk' doing?", "oat milk"),
        ("plot AB-4410!", "AB-4410"),
        ("what about Ben's 2% milk 1.5 l?", "Ben's 2% milk 1.5 l"),
        ("预测商品81521A下个月的销量", "81521A"),
        ("鸡蛋的旺季是什么时候", "鸡蛋"),
        ("请预测伊利金典有机纯牛奶的销量", "伊利金典有机纯牛奶"),
        ("crème fraîche épaisse légère, 8w", "crème fraîche épaisse légère"),
        ("我想" * 35 + "预测一下商品1082185未来四周的销量", "1082185"),
    ],
)
def test_names_are_runs_of_words_as_they_stand(request_: str, name: str) -> None:
    assert name in Naming(request_).names


@given(st.text(max_size=200))
def test_every_name_stands_in_the_request(request: str) -> None:
    naming = Naming(request)
    assert all(name and name in request for name in naming.names)
    assert len(naming.names) <= 120 * 10
    json.loads(call_schema(request, tools()))


@pytest.mark.parametrize(
    ("request_", "there", "gone"),
    [
        ("forecast organic milk for the next 8 weeks", {"organic milk"}, {"milk", "organic", "milk for the next 8"}),
        ("how does oat milk sell?", {"oat milk", "milk", "oat"}, {"does oat milk", "oat milk sell"}),
        ("Zorp怎么样?", {"Zorp"}, {"Zorp怎"}),
        ("SKU 4711 or the cheddar", {"4711", "cheddar"}, {"the cheddar", "SKU 4711"}),
        ("forecast SKU-001 for the next 8 weeks", {"SKU-001"}, {"001", "001 for the next 8"}),
        ("forecast item_12 for 8 weeks", {"item_12"}, {"12", "12 for 8"}),
        ("US-01 next month", {"US-01"}, {"01"}),
        ("forecast A for 4 weeks", {"A"}, set()),
        ("plot product 1", {"product 1"}, {"1"}),
        ("forecast chicken stock for 8 weeks", {"chicken stock", "chicken"}, {"chicken stock for 8"}),
        ("spikes in cheddar by chance", {"cheddar", "spikes"}, {"spikes in cheddar", "cheddar by chance"}),
        ("compare cheddar and gouda with bananas", {"cheddar", "gouda", "bananas"}, {"cheddar and gouda"}),
        ("milk and honey", {"milk and honey"}, set()),
        ("cheddar 8w", {"cheddar"}, {"cheddar 8w"}),
        ("预测1082185的未来八周销量", {"1082185"}, {"1082185的", "预测1082185", "1082185的未来八"}),
    ],
)
def test_names_are_whole_where_the_catalogue_has_them(request_: str, there: set[str], gone: set[str]) -> None:
    names = set(Naming(request_).named(Shelf()))
    assert there <= names and not gone & names


@given(st.text(max_size=100))
def test_some_name_is_left_wherever_there_is_a_word_besides_those_of_asking(request: str) -> None:
    naming = Naming(request)
    assert set(naming.named(Shelf())) <= set(naming.names)
    asking = ASKING | NEVER
    words = [word.lower() for word in WORD.findall(request)]
    empty = [word in asking or YEAR.fullmatch(word) or BARE.fullmatch(word) for word in words]
    assert naming.named(Shelf()) or all(empty) or NEVER_CHINESE.search(request)


@pytest.mark.parametrize("request_", ["which product sold most last year?", "how much did we sell in total in 2023?"])
def test_words_of_asking_and_years_are_no_names(request_: str) -> None:
    assert Naming(request_).named(Shelf()) == []
