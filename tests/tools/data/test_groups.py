"""Groups of series by a static column, their names, and their sums."""

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say, say_error
from skucast.tools.data.groups import Group, column_named, groups_of, total, value_of
from skucast.tools.data.lexicon import Lexicon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.insight.answer import group_name
from skucast.tools.insight.catalogue import group_named, in_category
from skucast.tools.messages import Refusal


def stores(**columns: list[object]) -> Panel:
    """Four series of 10 weeks that sell 1, 2, 3 and 4 a week."""
    ds = pd.date_range("2024-01-07", periods=10, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": float(i + 1)} | {name: of[i] for name, of in columns.items()})
        for i, uid in enumerate("ABCD")
    ]
    return read_panel(pd.concat(parts, ignore_index=True), schema=PanelSchema(static=list(columns)))


def test_groups_of_a_column_hold_every_series_once() -> None:
    panel = stores(store=["12", None, "7", "12"])
    groups = groups_of(panel, "store")
    assert groups == {Group("store", "12"): ["A", "D"], Group("store", "7"): ["C"], Group("store"): ["B"]}
    assert list(groups)[-1] == Group("store")  # of those without a value
    assert groups_of(panel, "all") == {Group(): ["A", "B", "C", "D"]}


def test_a_sum_is_a_series_of_its_own() -> None:
    summed = total(stores(store=["1", "1", "2", "2"]), ["C", "D"], Group("store", "2"))
    assert summed.unique_ids == ["group:store:2"] and summed.past["y"].tolist() == [7.0] * 10


@pytest.mark.parametrize("group", [Group(), Group("store", "12"), Group("a:b%3A", "x:y"), Group("region", "")])
def test_a_group_is_read_back_from_its_unique_id(group: Group) -> None:
    assert Group.of(group.unique_id) == group
    assert Group.of("A") is None and Group.of("category:fruit") is None


@pytest.mark.parametrize(
    ("cell", "text"), [(12.0, "12"), (1.5, "1.5"), (" North ", "North"), (np.nan, ""), (None, ""), (7, "7")]
)
def test_values_are_text(cell: object, text: str) -> None:
    assert value_of(cell) == text


def test_a_column_is_named_in_any_case() -> None:
    panel = stores(Region=["N", "S", "N", "S"])
    assert column_named(panel, "region") == "Region" and column_named(panel, "ALL") == "all"


@pytest.mark.parametrize(
    ("columns", "words", "kind", "en", "zh"),
    [
        (["Region"], "stor", "no-group-column", "no column is called 'stor'", "没有名为 'stor' 的列"),
        (["all"], "all", "group-column-all", "the data has a column called all", "数据中有一列名为 all"),
    ],
)
def test_other_columns_are_refused(columns: list[str], words: str, kind: str, en: str, zh: str) -> None:
    with pytest.raises(Refusal) as refused:
        column_named(stores(**{name: ["x"] * 4 for name in columns}), words)
    assert refused.value.kind == kind
    assert en in say_error(refused.value) and zh in say_error(refused.value, "zh")


def test_columns_that_differ_in_case_alone_are_asked_about() -> None:
    panel = stores(Store=["1"] * 4)
    panel.static["store"] = "2"
    assert column_named(panel, "store") == "store"
    with pytest.raises(Refusal) as refused:
        column_named(panel, "STORE")
    assert refused.value.asks and refused.value.choices == ("Store", "store")
    assert "Store, store" in say_error(refused.value) and "哪一列" in say_error(refused.value, "zh")


def test_names_of_groups() -> None:
    for group, en, zh in (
        (Group(), "All products", "全部商品"),
        (Group("category", "fruit"), "Category fruit", "品类 fruit"),
        (Group("store", "12"), "store 12", "store 12"),
        (Group("store"), "no store given", "未注明 store"),
    ):
        assert say(group_name(group)) == en and say(group_name(group), "zh") == zh


def test_a_group_of_any_column_is_found_by_its_words() -> None:
    panel = stores(
        store=["12", "1", "12", "1"],
        region=["North", "South", "North", "South"],
        size=["16 oz"] * 4,
        description=["tea"] * 4,
    )
    assert group_named(panel, "store 12") == Group("store", "12") and in_category(panel, "Store 1") == ["B", "D"]
    assert group_named(panel, "south") == group_named(panel, "region South") == Group("region", "South")
    assert group_named(panel, "size 16 oz") == Group("size", "16 oz") and Lexicon.of(panel).group("16 oz") is None
    assert Lexicon.of(panel).group("12") is None  # a number alone is a count, or a length of time
    assert Lexicon.of(panel).group("store") is None and Lexicon.of(panel).group("tea") is None
    with pytest.raises(Refusal):
        group_named(panel, "store 3")
