"""Totals by a column, as people ask for them."""

import pytest
from skucast.prompts.reading.groupings import groupings, unspoken

COLUMNS = ("Category", "shop", "price_tier")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("forecast by category", ["Category"]),
        ("totals per store for 8 weeks", ["shop"]),
        ("how much for each shop next month", ["shop"]),
        ("units by price tier", ["price_tier"]),
        ("forecast across categories", ["Category"]),
        ("forecast by region", ["region"]),
        ("按门店预测下个月", ["shop"]),
        ("各品类销量预测", ["Category"]),
        ("按供应商汇总", ["supplier"]),
        ("i need it by friday", []),
        ("how many units per week", []),
        ("forecast store 12", []),
        ("by category and by store", ["Category", "shop"]),
    ],
)
def test_columns_are_read(text: str, found: list[str]) -> None:
    assert groupings(text, COLUMNS) == found


def test_what_is_left_may_name_products() -> None:
    assert unspoken("Forecast milk by Store next month", COLUMNS) == "Forecast milk , next month"
