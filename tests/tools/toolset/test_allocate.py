"""The chat's tool that splits scarce stock over stores: as the command does, and what it asks for where it cannot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.batch.allocation import allocations
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all, say_error
from skucast.tools.data.lexicon import Lexicon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.stock import Stock, StockRow
from skucast.tools.decide.places import places_of, share_of
from skucast.tools.errors import InputError
from skucast.tools.messages import Refusal


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Tea and milk in three stores that sell 30, 12 and 4 a week."""
    rng, ds = np.random.default_rng(4), pd.date_range("2023-01-01", periods=52, freq="W-SUN")
    parts = [
        pd.DataFrame({"store": store, "sku": sku, "ds": ds, "y": rng.poisson(level, 52)})
        for store, level in (("North", 30), ("South", 12), ("East", 4))
        for sku in ("tea", "milk")
    ]
    return read_panel(pd.concat(parts))


@pytest.fixture(scope="module")
def stock(panel: Panel) -> Stock:
    north = next(uid for uid in panel.unique_ids if "North" in uid and "tea" in uid)
    return Stock("stock.csv", {north: StockRow(north, 70.0)})


def test_it_gives_what_the_command_gives(panel: Panel, stock: Stock) -> None:
    """North holds 70 for four weeks of 30: of 40 units it gets fewer than South, and all are given."""
    answer = Desk(panel, Forecaster(None), stock=stock).do("allocate", {"product": "tea", "units": 40, "horizon": "4w"})
    assert answer.table is not None
    given = {row[0]: row[3] for row in answer.table.rows}
    share = share_of(places_of(panel, "store"), "tea", 40, stock.rows)
    made = allocations(Forecaster(None), panel, [share], 4, 0.0)[0]
    assert given == dict(zip(share.places, made.given.given, strict=True))
    assert sum(given.values()) == 40 and given["South"] > given["North"]  # type: ignore[arg-type, operator]
    said = say_all(answer.messages)
    assert "tea: 40 of 40 units to" in said and "Nothing is sent anywhere" in said and "2 are not in the stock" in said
    assert "分给" in say_all(answer.messages, "zh")


def test_what_it_needs_is_asked_for(panel: Panel) -> None:
    desk = Desk(panel, Forecaster(None))
    with pytest.raises(Refusal, match="allocate-how-many"):
        desk.do("allocate", {"product": "tea"})
    with pytest.raises(Refusal, match="allocate-several"):
        desk.do("allocate", {"product": "North", "units": 5})
    with pytest.raises(Refusal, match="no-product"):
        desk.do("allocate", {"product": "coffee", "units": 5})
    alone = read_panel(pd.DataFrame({"unique_id": "A", "ds": panel.past["ds"].unique(), "y": 3.0}))
    with pytest.raises(InputError) as error:
        Desk(alone, Forecaster(None)).do("allocate", {"product": "A", "units": 5})
    assert "store" in say_error(error.value) and "store" in say_error(error.value, "zh")


@pytest.mark.parametrize(
    "request_",
    [
        "we have 200 units of tea, how should we split them over the stores?",
        "share out 200 units of tea among the shops",
    ],
)
def test_who_is_asked(panel: Panel, request_: str) -> None:
    model = RulesModel(known=frozenset(panel.unique_ids), catalogue=Lexicon.of(panel))
    reply = Agent(Desk(panel, Forecaster(None)), model).ask(request_)
    call = next(step for step in reply.steps if step.kind == "call")
    assert (call.tool, call.arguments) == ("allocate", {"product": "tea", "units": 200})


def test_who_is_asked_in_chinese(panel: Panel) -> None:
    model = RulesModel(known=frozenset(panel.unique_ids), catalogue=Lexicon.of(panel))
    reply = Agent(Desk(panel, Forecaster(None)), model).ask("tea 有200件，怎么分给各门店？")
    call = next(step for step in reply.steps if step.kind == "call")
    assert call.tool == "allocate" and call.arguments["units"] == 200


def test_a_pack_of_a_place_holds_for_all(panel: Panel, tmp_path: Path) -> None:
    uid = panel.unique_ids[0]
    sku = str(panel.static.at[uid, "sku"])
    products = places_of(panel, "store")
    assert share_of(products, sku, 9, {uid: StockRow(uid, 0.0, case_pack=6.0)}).pack == 6
    assert share_of(products, sku, 9, {uid: StockRow(uid, 0.0, case_pack=6.0)}, pack=2).pack == 2
    assert share_of(products, sku, 9, {}, case=4.0).pack == 4
    with pytest.raises(InputError, match=r"packs of 1\.5 units"):
        share_of(products, sku, 9, {uid: StockRow(uid, 0.0, case_pack=1.5)})
    with pytest.raises(InputError, match="--by sku"):
        places_of(panel, "sku")
