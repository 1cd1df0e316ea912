"""Follow-ups: which requests lean on the last one, and which rows of a list they point to."""

import pytest
from skucast.prompts.reading.follow_up import leans, pointing, there, wanted

KINDS = {"product", "ahead", "stock", "lead time", "share"}


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ("make that 3 weeks and 98% service", []),
        ("we've got 60 on hand", []),
        ("and lemons?", ["lemons"]),
        ("sorry, I meant oat milk", ["oat milk"]),
        ("make it thirty", []),
        ("那4周呢？", []),
        ("and what about the next 2 quarters", []),
    ],
)
def test_what_only_changes_the_last_request_leans(request_: str, named: list[str]) -> None:
    assert leans(request_, named, KINDS)


@pytest.mark.parametrize(
    "request_", ["why?", "what sells best?", "forecast lemons", "is the data ok", "any holidays?", "为什么"]
)
def test_what_has_words_of_its_own_does_not(request_: str) -> None:
    assert not leans(request_, ["lemons"], KINDS)


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        ("forecast the first one for 6 weeks", "forecast B2 for 6 weeks"),
        ("and the second one?", "and C3?"),
        ("the last item please", "D4 please"),
        ("the third", "D4"),
        ("number 2 on the list is", "number 2 on the list is"),
        ("sales of the first week", "sales of the first week"),
        ("the last 4 weeks", "the last 4 weeks"),
        ("the fifth one", "the fifth one"),
        ("预测第二个", "预测C3"),
        ("第一个月卖了多少", "第一个月卖了多少"),
        ("how did it do over the last one month?", "how did it do over the last one month?"),
        ("what's the top product in eggs?", "what's the top product in eggs?"),
        ("in the two weeks before christmas", "in the two weeks before christmas"),
    ],
)
def test_a_row_of_a_list_is_its_sku(request_: str, meant: str) -> None:
    assert pointing(request_, ["B2", "C3", "D4"]) == meant


def test_of_two_there_is_another_one_and_both() -> None:
    assert pointing("no, the other one", ["B2", "C3"], "B2") == "no, C3"
    assert pointing("no, the other one", ["B2", "C3"]) == "no, the other one"  # which is not known
    assert pointing("no, the other one", ["B2", "C3", "D4"], "B2") == "no, the other one"
    assert pointing("compare both", ["B2", "C3"]) == "compare B2 and C3"
    assert pointing("show both price and sales of A1", ["B2", "C3"]) == "show both price and sales of A1"
    assert pointing("the first one", []) == "the first one"


def test_words_of_a_group_and_of_what_is_not_wanted() -> None:
    assert there("and the decliners there?") and there("其中哪些跌了") and not there("what fell?")
    assert not there("are there any that fell?") and not there("what moves these days?")
    assert wanted("the large ones, not the 18 pack").strip(" ,") == "the large ones"
