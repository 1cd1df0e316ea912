"""A slot model says nothing of periods that it was never taught, and the report says why."""

from types import SimpleNamespace
from typing import Any

import pytest
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.slots import why_not
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel


def model(freqs: list[str], horizon: int) -> Any:
    """One that fails the test where it is asked for a forecast."""

    def forecast(*_: object) -> None:
        raise AssertionError("asked")

    return SimpleNamespace(
        config=SimpleNamespace(freqs=freqs, horizon=horizon), forecast=forecast, tokens=0, name="slots:x", digest="d"
    )


@pytest.mark.parametrize(
    ("freqs", "horizon", "freq", "why"),
    [
        (["D", "W"], 60, "M", "the model was not trained on sales by month, and says nothing"),
        (["D", "W"], 12, "W", None),
        ([], 12, "M", None),  # of an older model, whose frequencies were not kept
        (["M"], 11, "M", "the model was trained on at most 11 periods ahead, not on 12, and says nothing"),
        ([], 11, "D", "the model was trained on at most 11 periods ahead, not on 12, and says nothing"),
    ],
)
def test_why_it_says_nothing(freqs: list[str], horizon: int, freq: Any, why: str | None) -> None:
    found = why_not(model(freqs, horizon), freq, 12)
    assert (found and say(found)) == why


def test_in_chinese() -> None:
    month, far = why_not(model(["D"], 60), "M", 12), why_not(model([], 3), "W", 12)
    assert month is not None and far is not None
    assert say(month, "zh") == "模型没有学过按月的销量，因此不参与预测"
    assert say(far, "zh") == "模型最多学过未来 3 期，没有学过 12 期，因此不参与预测"


def test_the_report_says_so_and_the_base_stands(panel: Panel) -> None:
    for slots in (model(["D"], 60), model(["W"], 3)):
        report = Forecaster(None, slots=slots).forecast(panel, ["B"], 4)[0]
        assert report.llm is None
        assert report.steps == Forecaster(None).forecast(panel, ["B"], 4)[0].steps
        assert sum("says nothing" in warning for warning in report.warnings) == 1
