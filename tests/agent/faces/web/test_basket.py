"""Changed and approved orders, and the file of them."""

import io
from typing import Any

import pandas as pd
import pytest
from skucast.agent.faces.web.basket import Basket, Baskets, as_csv, as_workbook, doubt, units_of
from skucast.agent.faces.web.ordering import chosen, keep
from skucast.tools.errors import InputError
from starlette.datastructures import FormData


def line(
    uid: str, order: float, cost: float | None = 2.0, pack: float = 1, moq: float = 0, **more: Any
) -> dict[str, Any]:
    evidence = {"unit_cost": cost, "case_pack": pack, "moq": moq}
    some = {"unique_id": uid, "name": f"thing {uid}", "supplier": "s", "urgency": "order", "order": order}
    return {**some, "on_hand": 1.0, "on_order": 0.0, "runs_out": None, "evidence": evidence, **more}


def test_what_is_approved_is_in_the_file_at_its_changed_units() -> None:
    lines = [line("a", 10.0), line("b", 5.0), line("c", 4.0, cost=None), line("d", 3.0)]
    basket = Basket()
    basket.take(lines[0], 12.0, approved=True)
    basket.take(lines[1], 7.0, approved=False)
    basket.take(lines[2], 4.0, approved=True)
    basket.take(lines[3], 0.0, approved=True)  # nothing is ordered
    rows = basket.chosen(lines)
    assert [(row["unique_id"], row["order"], row["proposed"], row["cost"]) for row in rows] == [
        ("a", 12.0, 10.0, 24.0),
        ("c", 4.0, 4.0, None),
    ]
    assert basket.units == {"a": 12.0, "b": 7.0, "d": 0.0}
    basket.take(lines[0], 10.0, approved=False)
    assert "a" not in basket.units and "a" not in basket.approved


def test_files_run_no_formula_and_keep_chinese() -> None:
    basket = Basket()
    lines = [line("=1+1", 2.0, name="@cmd"), line("燕麦", 3.0)]
    for one in lines:
        basket.take(one, one["order"], approved=True)
    rows = basket.chosen(lines)
    csv = pd.read_csv(io.BytesIO(as_csv(rows)))
    assert list(csv["unique_id"]) == ["'=1+1", "燕麦"]
    assert list(csv["name"]) == ["'@cmd", "thing 燕麦"]
    assert list(csv["cost"]) == [4.0, 6.0]
    book = pd.read_excel(io.BytesIO(as_workbook(rows)), engine="calamine")
    assert list(book["unique_id"]) == ["=1+1", "燕麦"]  # a text, and no formula
    assert list(book["order"]) == [2, 3]


@pytest.mark.parametrize(("text", "units"), [("12", 12.0), (" 1.5 ", 1.5), ("", 0.0), ("0", 0.0)])
def test_units(text: str, units: float) -> None:
    assert units_of(text) == units


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1,5", "1e9", "twelve", "<b>"])
def test_no_units(text: str) -> None:
    with pytest.raises(InputError, match="expected a number"):
        units_of(text)


def test_doubts_of_packs_and_the_least() -> None:
    one = line("a", 12.0, pack=6, moq=12)
    assert [doubt(one, units) for units in (12.0, 13.0, 6.0, 0.0)] == ["", "packs", "moq", ""]
    assert doubt(line("a", 1.0, pack=0.1), 0.3) == ""


def test_a_form_keeps_its_own_lines_and_says_which_are_wrong() -> None:
    lines = {"a": line("a", 10.0), "b": line("b", 5.0), "c": line("c", 1.0)}
    basket = Basket(approved={"c"})
    form = FormData(
        [("sku", "a"), ("units", "11"), ("sku", "b"), ("units", "x"), ("sku", "zz"), ("units", "1"), ("approved", "a")]
    )
    assert keep(form, lines, basket) == {"b": "x"}
    assert basket.units == {"a": 11.0}
    assert basket.approved == {"a", "c"}  # what the form does not show stays as it was


def test_lines_by_kind_supplier_and_words() -> None:
    lines = [line("a", 1.0), line("b", 1.0, urgency="over"), line("c", 1.0, supplier="other")]
    assert [one["unique_id"] for one in chosen(lines, "order", "", "")] == ["a", "c"]
    assert [one["unique_id"] for one in chosen(lines, "", "other", "")] == ["c"]
    assert [one["unique_id"] for one in chosen(lines, "", "", "THING b")] == ["b"]


def test_browsers_do_not_share_a_basket() -> None:
    baskets = Baskets()
    baskets.of("x").approved.add("a")
    assert baskets.of("y").approved == set()
    assert baskets.of("x").approved == {"a"}
