"""Products by words: as the catalogue spells them, or nearly."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from skucast.tools.insight.catalogue import matches, one_product
from skucast.tools.messages import Refusal


@dataclass
class Shelf:
    """What `browse` reads of a panel."""

    texts: dict[str, str]

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
