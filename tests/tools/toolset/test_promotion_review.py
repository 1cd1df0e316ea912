"""The last promotion of a product in a session, against an uplift that is known."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say, say_all
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Refusal, message


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A sells 200 a week, and twice that when promoted, at the same price: 2 weeks in 13. B is never promoted."""
    rng, ds = np.random.default_rng(7), pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    parts = []
    for uid in "AB":
        on = (np.arange(104) % 13 < 2) & (uid == "A")
        y = rng.poisson(np.where(on, 400, 200))
        parts.append(
            pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "price": 10.0, "promo": on * 1.0, "unit_cost": 8.0})
        )
    schema = PanelSchema(known_future=["price", "promo"], static=["unit_cost"])
    return read_panel(pd.concat(parts), schema=schema)


def test_uplift_and_margin(panel: Panel) -> None:
    """Two weeks bring 400 units more, 2 of margin each: 800."""
    answer = Desk(panel, Forecaster(None)).do("promotion_review", {"product": "A"})
    uplift, dip, margin, _ = answer.messages
    assert uplift.facts["mean"] == pytest.approx(400, abs=80) and uplift.facts["low"] < 400 < uplift.facts["high"]
    assert dip.facts["low"] < 0 < dip.facts["high"]
    assert margin.facts["mean"] == pytest.approx(800, abs=300) and margin.facts["way"] == "up"
    assert "earned" in say_all(answer.messages) and "上次促销" in say_all(answer.messages, "zh")


def test_one_period_is_named_once() -> None:
    facts = {"product": "A", "first": "1–7 Jan", "last": "1–7 Jan", "sold": 1, "mean": 1, "low": 0, "high": 2}
    one, more = (message("promotion-review-uplift", periods=periods, **facts) for periods in ("one", "more"))
    assert "the last promotion, of 1–7 Jan, sold" in say(one) and "from 1–7 Jan to 1–7 Jan" in say(more)
    assert "上次促销在 1–7 Jan，" in say(one, "zh").replace("促销 在", "促销在")


def test_no_promotion(panel: Panel) -> None:
    with pytest.raises(Refusal, match="promotion-review-none"):
        Desk(panel, Forecaster(None)).do("promotion_review", {"product": "B"})


def test_who_is_asked(panel: Panel) -> None:
    agent = Agent(Desk(panel, Forecaster(None)), RulesModel(known=frozenset(panel.unique_ids)))
    reply = agent.ask("was the last promotion of A worth it?")
    assert next(step.tool for step in reply.steps if step.kind == "call") == "promotion_review"
