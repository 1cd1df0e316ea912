"""Products by words: as the catalogue spells them, or nearly."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from skucast.tools.errors import InputError
from skucast.tools.insight.catalogue import matches, one_product


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
    with pytest.raises(InputError, match=r"'tuna' may be 2 products: which one\? SKU 1[45]"):
        one_product(shelf, "tuna")
    with pytest.raises(InputError, match="no product is called 'quantum socks'"):
        one_product(shelf, "quantum socks")
    with pytest.raises(InputError, match=r"'quantum tuna'. The nearest are SKU 1[45] .*which one\?"):
        one_product(shelf, "quantum tuna")
