"""Series of several columns: a store beside the SKU."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.read import Source, open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.series import kind_of_group
from skucast.tools.errors import InputError


def sales(**columns: list[str]) -> pd.DataFrame:
    """Ten weeks of every combination of the columns; the n-th sells n + 1 units a week."""
    days = pd.DataFrame({"date": pd.date_range("2024-01-07", periods=10, freq="W-SUN")})
    made = pd.DataFrame({"one": [0]})
    for name, values in columns.items():
        made = made.merge(pd.DataFrame({name: values}), how="cross")
    made = made.assign(units=np.arange(len(made)) + 1.0)
    return made.merge(days, how="cross").drop(columns="one")


def opened(rows: pd.DataFrame, **declared: object) -> Source:
    return open_source(rows, schema=PanelSchema.model_validate(declared))


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("store", "store"),
        ("Store_ID", "store"),
        ("storeId", "store"),
        ("Warehouse Code", "store"),
        ("Filiale", "store"),
        ("FILIALNUMMER", "store"),
        ("Filial-Nr", "store"),
        ("门店", "store"),
        ("门店编号", "store"),
        ("Sales Channel", "channel"),
        ("channel", "channel"),
        ("Country", "region"),
        ("price", None),
        ("store price", None),
        ("id", None),
        ("", None),
    ],
)
def test_what_a_column_groups_by(column: str, kind: str | None) -> None:
    assert kind_of_group(column) == kind


@pytest.mark.parametrize(
    ("column", "ours"), [("store", "store"), ("Warehouse", "store"), ("Channel", "channel"), ("门店", "store")]
)
def test_a_store_that_tells_rows_apart_is_part_of_the_series(column: str, ours: str) -> None:
    source = opened(sales(**{column: ["N", "S"], "sku": ["A", "B"]}))
    panel = source.panel()
    assert panel.unique_ids == ["N/A", "N/B", "S/A", "S/B"]
    assert panel.past.groupby("unique_id")["y"].first().tolist() == [1, 2, 3, 4]
    assert panel.static_of("S/A") == {"sku": "A", ours: "S"}
    (said,) = source.assumed
    assert (said.key, said.facts["series"]) == ("assumed-series", 4)
    assert said.facts["columns"] == (f'"{column}"', '"sku"')
    assert source.ignored == []


def test_a_store_that_is_the_same_for_each_sku_is_not() -> None:
    rows = sales(sku=["A", "B"]).assign(store="N")
    source = opened(rows)
    assert source.panel().unique_ids == ["A", "B"]
    assert (source.assumed, source.ignored) == ((), ["store"])


def test_two_columns_are_needed() -> None:
    source = opened(sales(store=["N", "S"], channel=["web", "shop"], item=["A"]))
    assert source.panel().unique_ids == ["N/shop/A", "N/web/A", "S/shop/A", "S/web/A"]
    assert source.panel().static_of("S/web/A") == {"sku": "A", "channel": "web", "store": "S"}


def test_a_few_copies_are_refused_with_the_store_in_their_name() -> None:
    rows = sales(store=["N", "S"], sku=["A", "B"])
    with pytest.raises(InputError, match="found-duplicates"):
        opened(pd.concat([rows, rows.iloc[[0]]])).panel()
    report = opened(pd.concat([rows, rows.iloc[[0]]])).health()
    assert [(error.kind, error.example.split()[0]) for error in report.errors] == [("duplicates", "N/A")]


def test_what_no_store_tells_apart_stays_as_it_is() -> None:
    rows = sales(sku=["A", "B"])
    source = opened(pd.concat([rows, rows, rows]).assign(store="N"))
    assert {error.kind for error in source.health().errors} == {"duplicates"}
    assert source.assumed == ()


def test_it_can_be_declared() -> None:
    rows = sales(Lot=["x", "y"], sku=["A", "B"])
    source = opened(rows, series=["lot", "sku"])
    assert source.panel().unique_ids == ["x/A", "x/B", "y/A", "y/B"]
    assert source.assumed == ()
    with pytest.raises(InputError, match=r"series: no column 'stor'; did you mean store\?"):
        opened(sales(store=["N"], sku=["A"]), series=["stor", "sku"])


def test_a_store_that_is_declared_static_is_one_column() -> None:
    source = opened(sales(store=["N", "S"], sku=["A"]), static=["store"])
    assert source.panel().static_of("S/A") == {"store": "S", "sku": "A"}


def test_numbers_keep_their_zeros(tmp_path: object) -> None:
    rows = sales(store=["007", "01"], sku=["0012"])
    assert opened(rows).panel().unique_ids == ["007/0012", "01/0012"]


def test_stores_are_groups_of_the_catalogue() -> None:
    from skucast.tools.insight.catalogue import in_category

    panel = opened(sales(store=["North", "South"], sku=["A", "B"])).panel()
    assert in_category(panel, "north") == ["North/A", "North/B"]


def test_to_sum_is_to_have_one_series_an_id_and_the_stores_are_said() -> None:
    source = opened(sales(store=["N", "S"], sku=["A", "B"]), sum=True, freq="W")
    panel = source.panel()
    assert panel.unique_ids == ["A", "B"]
    assert panel.past.groupby("unique_id")["y"].first().tolist() == [1 + 3, 2 + 4]
    over = next(said for said in source.assumed if said.key == "assumed-summed-over")
    assert (over.facts["column"], over.facts["count"]) == ("store", 2)
    each = opened(sales(store=["N", "S"], sku=["A", "B"]), sum=True, freq="W", series=["store", "sku"])
    assert each.panel().unique_ids == ["N/A", "N/B", "S/A", "S/B"]
    assert "assumed-summed-over" not in {said.key for said in each.assumed}
