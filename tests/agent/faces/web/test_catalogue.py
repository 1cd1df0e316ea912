"""The catalogue: figures by hand, and every way to look for a product."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.faces.web.catalogue import SHOWN, SORTS, Catalogue
from skucast.agent.faces.web.charts import points
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema

WEEKS = 30


@pytest.fixture(scope="module")
def every() -> Catalogue:
    ds = pd.date_range("2024-01-07", periods=WEEKS, freq="W-SUN")
    shapes = {  # units a week before the last eight, and in them
        "10": (5.0, 10.0, "Oat Milk", "drinks", 2.0),
        "2": (10.0, 5.0, "rye bread", "bread", 3.0),
        "30": (4.0, 0.0, "oat bread", "bread", 1.0),
        "4": (7.0, 7.0, "燕麦 milk", "drinks", np.nan),
    }
    frames = []
    for uid, (before, last, name, group, price) in shapes.items():
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, "y": [before] * (WEEKS - 8) + [last] * 8, "price": price})
        frames.append(frame.assign(description=name, category=group))
    schema = PanelSchema(past_only=["price"], static=["description", "category"])
    return Catalogue.of(read_panel(pd.concat(frames), schema=schema))


def skus(every: Catalogue, **asked: object) -> list[str]:
    return [row.sku for row in every.find(**asked).rows]  # type: ignore[arg-type]


def test_figures(every: Catalogue) -> None:
    row = every.row("10")
    assert (row.recent, row.before, row.change, row.price, row.revenue) == (80.0, 40.0, 100.0, 2.0, 160.0)
    assert (row.name, row.category, row.state) == ("Oat Milk", "drinks", "up")
    assert list(row.line) == [5.0] * 18 + [10.0] * 8
    assert [every.row(uid).state for uid in ("2", "30", "4")] == ["down", "stopped", "steady"]


def test_words_category_and_state(every: Catalogue) -> None:
    assert skus(every, words="oat", sort="sku") == ["10", "30"]
    assert skus(every, words="BREAD oat") == ["30"]
    assert skus(every, words="燕麦") == ["4"]
    assert skus(every, words="nothing") == []
    assert skus(every, category="drinks", sort="sku") == ["10", "4"]
    assert skus(every, state="down") == ["2"]


def test_sorts_with_what_is_not_known_last(every: Catalogue) -> None:
    assert skus(every, sort="revenue") == ["10", "2", "30", "4"]  # 160, 120, 0, not known
    assert skus(every, sort="-revenue") == ["30", "2", "10", "4"]
    assert skus(every, sort="change") == ["10", "4", "2", "30"]
    assert skus(every, sort="name") == ["10", "30", "2", "4"]
    assert skus(every, sort="-name") == ["4", "2", "30", "10"]
    assert skus(every, sort="'; drop table") == skus(every, sort="recent")
    for sort in SORTS:
        assert len(skus(every, sort=sort)) == 4


def test_pages() -> None:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    count = 2 * SHOWN + 1
    ids = [f"{one:03d}" for one in range(count)]
    frame = pd.DataFrame({"unique_id": np.repeat(ids, len(ds)), "ds": np.tile(ds, count), "y": 1.0})
    every = Catalogue.of(read_panel(frame, schema=PanelSchema()))
    found = every.find(sort="sku", page=2)
    assert (found.count, found.page, found.pages) == (count, 2, 3)
    assert [row.sku for row in found.rows] == ids[SHOWN : 2 * SHOWN]
    assert every.find(sort="sku", page=99).page == 3
    assert len(every.find(sort="sku", page=99).rows) == 1


def test_small_lines_break_where_nothing_is_known() -> None:
    assert points(np.array([0.0, 4.0, np.nan, 2.0]), width=30, height=24) == ["0.0,22.0 10.0,2.0", "30.0,12.0"]
    assert points(np.array([0.0, 0.0]), width=10, height=24) == ["0.0,22.0 10.0,22.0"]
    assert points(np.array([np.nan])) == []
