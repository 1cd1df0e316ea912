from pathlib import Path

import pytest
from pydantic import ValidationError
from skucast.tools.data.schema import ALIASES, PanelSchema, load_schema, match_columns
from skucast.tools.errors import InputError


def test_a_schema_reads_back_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "sales.toml"
    file.write_text('freq = "W"\nmissing = "zero"\nknown_future = ["price"]\n[columns]\ny = "units"\n')
    expected = PanelSchema(freq="W", missing="zero", known_future=["price"], columns={"y": "units"})
    assert load_schema(file) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("freq = ", "not a TOML file"),
        ('freq = "H"', "freq: Input should be 'D', 'W', '2W', '4W' or 'M'; fields are freq, missing"),
        ('prices = ["a"]', "prices: Extra inputs are not permitted; fields are freq, missing, negative, columns"),
        ('static = ["a"]\npast_only = ["a"]', "columns declared in more than one role: a"),
    ],
)
def test_a_bad_schema_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "sales.toml"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        load_schema(file)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_schema_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(No such file"):
        load_schema(tmp_path / "none.toml")


def test_roles_do_not_differ_by_case_alone() -> None:
    with pytest.raises(ValidationError, match="more than one role: y"):
        PanelSchema(static=["Y"])


@pytest.mark.parametrize(("key", "alias"), [(key, alias) for key, all_ in ALIASES.items() for alias in all_])
def test_every_alias_is_found_in_any_case(key: str, alias: str) -> None:
    others = {"unique_id": "unique_id", "ds": "ds", "y": "y"}
    others[key] = alias.upper()
    assert match_columns(list(others.values()), PanelSchema()) == others


def test_declared_goes_before_exact_before_alias() -> None:
    names = ["unique_id", "sku", "date", "ds", "qty", "sales"]
    assert match_columns(names, PanelSchema()) == {"unique_id": "unique_id", "ds": "ds", "y": "qty"}
    declared = PanelSchema(columns={"y": "sales", "unique_id": "sku"})
    assert match_columns(names, declared) == {"unique_id": "sku", "ds": "ds", "y": "sales"}


def test_a_covariate_is_not_taken_for_a_key() -> None:
    schema = PanelSchema(known_future=["week"])
    assert match_columns(["sku", "week", "date", "units"], schema)["ds"] == "date"


@pytest.mark.parametrize(
    ("names", "schema", "says"),
    [
        (["a", "b"], PanelSchema(), "no column for unique_id; got a, b; expected unique_id or an alias (item_id, sku,"),
        (["sku", "b"], PanelSchema(), "no column for ds; got sku, b; expected ds or an alias (timestamp, date,"),
        (["sku", "ds"], PanelSchema(), "declare it in the schema: [columns] y = 'YOUR COLUMN'"),
        (["sku", "ds", "y", "price"], PanelSchema(static=["prize"]), "covariate 'prize'; did you mean price?"),
        (["sku", "ds", "y"], PanelSchema(columns={"y": "units"}), "columns.y = 'units': no such column; "),
        (["sku", "ds", "y"], PanelSchema(columns={"price": "y"}), "columns.price has no role; declare it under known_"),
    ],
)
def test_columns_that_cannot_be_found(names: list[str], schema: PanelSchema, says: str) -> None:
    with pytest.raises(InputError) as error:
        match_columns(names, schema)
    assert says in str(error.value)
