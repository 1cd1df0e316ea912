"""The catalogue: products by words, as it spells them or nearly, and the holidays ahead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.catalogue import holidays_ahead, in_category, matches, one_product
from skucast.tools.messages import ProductName, Quoted, Refusal, hint

Shop = Callable[..., Panel]


@dataclass
class Shelf:
    """What `browse` reads of a panel."""

    texts: dict[str, str]
    cutoff = pd.Timestamp("2024-01-07")

    @property
    def unique_ids(self) -> list[str]:
        return list(self.texts)

    @property
    def static(self) -> pd.DataFrame:
        return pd.DataFrame({"description": self.texts})

    def static_of(self, uid: str) -> dict[str, str]:
        return {"description": self.texts[uid]}


@pytest.fixture
def shelf() -> Any:
    return Shelf(
        {
            "11": "cottage cheese 24 oz",
            "12": "broccoli crowns",
            "13": "toothpaste",
            "14": "tuna 5 oz",
            "15": "tuna 6 oz",
            "16": "frozen garlic bread",
        }
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("broccoli crowns", ["12"]),
        ("brocolli crown", ["12"]),
        ("cotage chese", ["11"]),
        ("frzn garlic bred", ["16"]),
        ("tuna", ["14", "15"]),
        ("SKU 13", ["13"]),
        ("crowns of broccolis", ["12"]),
        ("toothbrush", []),
        ("quantum socks", []),
    ],
)
def test_words_mean_products_misspelt_or_not(shelf: Any, words: str, found: list[str]) -> None:
    assert sorted(matches(shelf, words)) == found


def test_several_are_asked_back_and_none_is_said(shelf: Any) -> None:
    with pytest.raises(Refusal) as error:
        one_product(shelf, "tuna")
    assert (error.value.kind, error.value.asks) == ("several-products", True)
    assert sorted(error.value.choices) == ["14", "15"] and error.value.message.facts["more"] == 0
    with pytest.raises(Refusal) as error:
        one_product(shelf, "quantum socks")
    assert (error.value.kind, error.value.asks) == ("no-product", False)
    with pytest.raises(Refusal) as error:
        one_product(shelf, "quantum tuna")
    assert (error.value.kind, error.value.asks) == ("no-product-but-near", True)
    assert sorted(error.value.choices) == ["14", "15"]


def test_a_sku_that_is_not_one_is_told_the_nearest(shelf: Any) -> None:
    with pytest.raises(Refusal) as error:
        one_product(shelf, "quantum socks")
    assert error.value.message.facts["words"] == Quoted("quantum socks")
    with pytest.raises(Refusal) as error:
        one_product(shelf, "17")
    assert error.value.message.facts["hint"] == hint("17", list(shelf.texts))
    assert one_product(shelf, "13") == "13"


def test_digits_that_are_no_sku_are_no_words_either() -> None:
    """Of several sizes none is meant."""
    two: Any = Shelf({"101": "tuna 5 oz", "102": "beans 5 oz"})
    with pytest.raises(Refusal) as error:
        one_product(two, "5")
    assert (error.value.kind, error.value.asks) == ("unknown-sku", False)
    assert error.value.message.facts == {"words": Quoted("5"), "hint": hint("5", ["101", "102"])}


def test_no_more_than_five_are_named() -> None:
    many: Any = Shelf({f"a{i}": f"tuna {i} oz" for i in range(8)})
    with pytest.raises(Refusal) as error:
        one_product(many, "tuna")
    facts = error.value.message.facts
    assert (error.value.kind, len(error.value.choices), facts["count"], facts["more"]) == ("several-products", 5, 8, 3)
    assert facts["words"] == Quoted("tuna")
    assert facts["products"] == tuple(ProductName(uid, many.texts[uid]) for uid in error.value.choices)
    with pytest.raises(Refusal) as error:
        one_product(many, "quantum tuna")
    facts = error.value.message.facts
    assert (error.value.kind, len(error.value.choices), facts["words"]) == (
        "no-product-but-near", 5, Quoted("quantum tuna")
    )  # fmt: skip
    assert facts["products"] == tuple(ProductName(uid, many.texts[uid]) for uid in error.value.choices)


TWENTY = {  # weeks: 4 of what no longer counts, 8 before, 8 of late
    "A": [900.0] * 4 + [10.0] * 8 + [30.0] * 8,
    "B": [900.0] * 4 + [50.0] * 8 + [40.0] * 8,
    "C": [900.0] * 4 + [5.0] * 8 + [6.0] * 8,
    "D": [900.0] * 4 + [0.0] * 8 + [7.0] * 8,
    "E": [900.0] * 4 + [80.0] * 8 + [80.0] * 8,
    "F": [900.0] * 4 + [9.0] * 8 + [2.0] * 8,
}
GOODS = {"category": {uid: "dairy" if uid in "ABC" else "bread" for uid in TWENTY}}


def test_categories(shop: Shop) -> None:
    panel = shop(TWENTY, static=GOODS)
    assert in_category(panel, None) == list("ABCDEF")
    assert in_category(panel, "dairy") == list("ABC")
    with pytest.raises(Refusal) as error:
        in_category(panel, "toys")
    assert error.value.kind == "no-category"
    assert error.value.message.facts == {"words": Quoted("toys"), "hint": hint("toys", ["bread", "dairy"])}
    with pytest.raises(Refusal) as error:
        in_category(shop(TWENTY), "toys")
    assert error.value.message.facts["hint"] == hint("toys", [])


def test_holidays_after_the_cutoff_up_to_the_last_period(shop: Shop) -> None:
    fourth = (date(2024, 7, 4), "Independence Day")
    weekly = shop({"A": [1.0] * 26})  # to Sunday 2024-06-30
    assert holidays_ahead(weekly, 1) == [fourth]
    assert holidays_ahead(weekly, 1, "FR") == []
    assert (date(2025, 1, 1), "New Year's Day") in holidays_ahead(weekly, 30)
    monthly = shop({"A": [1.0] * 12}, freq="MS", start="2024-01-01")  # to the December that began on 2024-12-01
    year = [(date(2024, 12, 25), "Christmas Day"), (date(2025, 1, 1), "New Year's Day")]
    assert sorted(holidays_ahead(monthly, 1)) == year
    for last, ahead, found in (("2024-07-03", 1, [fourth]), ("2024-07-04", 1, []), ("2024-07-02", 1, [])):
        daily = shop({"A": [1.0] * 10}, freq="D", start=str(pd.Timestamp(last) - pd.Timedelta(days=9)))
        assert holidays_ahead(daily, ahead) == found
