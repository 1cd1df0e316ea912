"""What a person is told of a forecast's evidence: the forecast, and a few reasons that bear on the question."""

import pytest
from skucast.agent.forecast.explain import told
from skucast.agent.forecast.report import Evidence
from skucast.tools.messages import Fact, Message, Percent, Units, message

UNIT: dict[str, Fact] = {"unit": message("unit-W"), "period": message("period-W")}


def evidence() -> list[Evidence]:
    """A forecast and seven reasons, as the drivers give them."""
    change: dict[str, Fact] = {"way": "down", "change_percent": Percent(14)}
    level: dict[str, Fact] = {"recent_mean": Units(10), "periods": 8, "periods_before": 8, **change, **UNIT}
    deals: dict[str, Fact] = {"deal_periods": 5, "periods": 8, "deal_percent": Percent(58), "off": "yes", **UNIT}
    deals |= {"turn": "up", "deals_before": 1, "periods_before": 8}
    season: dict[str, Fact] = {"turn": "down", "periods": 8, "years": 2, "alike": 2, **UNIT}
    loss: dict[str, Fact] = {"loss_llm": Units(9.56), "loss_base": Units(11.7), "weight_percent": Percent(83)}
    ahead: dict[str, Fact] = {"total_median": Units(34), "total_q0.1": Units(20), "total_q0.9": Units(51)}
    span = message("periods-W", count=4)
    some = [
        ("forecast", Message("evidence-forecast", {**ahead, "interval": 80, "span": span})),
        ("drivers.level", Message("driver-level", level)),
        ("drivers.outlook", Message("driver-outlook", {"forecast_mean": Units(8.6), **change, **UNIT})),
        ("drivers.last_year", Message("driver-last_year", {"last_year": Units(43), **change})),
        ("drivers.price", message("driver-price-none")),
        ("drivers.deals", Message("driver-deals", deals)),
        ("drivers.season", Message("driver-season-yearly", season)),
        ("validation", Message("evidence-validation", {**loss, "span": span})),
    ]
    return [Evidence.of(number, tool, one) for number, (tool, one) in enumerate(some, 1)]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("", ["forecast", "outlook", "deals", "season"]),
        ("is it driven by promo or by trend?", ["forecast", "level", "outlook", "deals"]),
        ("是促销还是趋势?", ["forecast", "level", "outlook", "deals"]),
        ("is that normal for the time of year?", ["forecast", "last_year", "season"]),
        ("why did it drop?", ["forecast", "level", "outlook", "deals", "season"]),
        ("what did the model add?", ["forecast", "validation"]),
    ],
)
def test_what_is_told(question: str, names: list[str]) -> None:
    assert [item.tool.removeprefix("drivers.") for item in told(evidence(), question)] == names
