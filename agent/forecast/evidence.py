"""Evidence: what the tools found, as sentences whose every number is also a fact, with an id to point at."""

from collections.abc import Sequence

import pandas as pd

from ...prompts.messages.say import say
from ...tools.data.panel import PERIOD_NAME
from ...tools.data.schema import Freq
from ...tools.insight.answer import Answer
from ...tools.insight.drivers import Driver as ComputedDriver
from ...tools.insight.drivers import figure
from ...tools.messages import figures
from .report import Driver, Evidence, LLMPart, Total


def periods(count: int, freq: Freq) -> str:
    """`1 week`, `4 weeks`."""
    return f"{count} {PERIOD_NAME[freq]}" + ("" if count == 1 else "s")


def forecast_evidence(total: Total, steps: Sequence[pd.Timestamp], freq: Freq) -> Evidence:
    """E1: the forecast itself, its total and the 80 % interval of the total."""
    facts: dict[str, float | str] = {
        "total_median": figure(total.quantiles["q0.5"]),
        "total_q0.1": figure(total.quantiles["q0.1"]),
        "total_q0.9": figure(total.quantiles["q0.9"]),
        "horizon": len(steps),
        "first": f"{steps[0]:%Y-%m-%d}",
        "last": f"{steps[-1]:%Y-%m-%d}",
        "interval": 80,
    }
    text = (
        f"Forecast: {facts['total_median']} units in total over {periods(len(steps), freq)}, "
        f"likely between {facts['total_q0.1']} and {facts['total_q0.9']} (80 % interval)."
    )
    return Evidence(id="E1", tool="forecast", text=text, facts=facts)


def gather(
    total: Total,
    steps: Sequence[pd.Timestamp],
    freq: Freq,
    drivers: Sequence[ComputedDriver],
    llm: LLMPart | None,
) -> tuple[list[Evidence], list[Driver]]:
    """All evidence of one forecast: the forecast, each driver, and what the LLM earned."""
    evidence = [forecast_evidence(total, steps, freq)]
    named = []
    for driver in drivers:
        item = Evidence(id=f"E{len(evidence) + 1}", tool=f"drivers.{driver.name}", text=driver.text, facts=driver.facts)
        evidence.append(item)
        named.append(Driver(name=driver.name, text=driver.text, evidence=item.id))
    if llm is not None and llm.validation_loss_llm is not None and llm.validation_loss_base is not None:
        losses = figure(llm.validation_loss_llm), figure(llm.validation_loss_base)
        share = f"{llm.weight * 100:.0f}"
        tested = llm.validation_periods or len(steps)
        text = (
            f"On the last {periods(tested, freq)} known, the LLM's loss was {losses[0]} units "
            f"against {losses[1]} for the forecast without it"
        )
        facts: dict[str, float | str] = {"loss_llm": losses[0], "loss_base": losses[1], "weight_percent": share}
        if llm.witness_weight is None:
            text += f", so it carries {share} % of this forecast."
        else:
            facts["witness_percent"] = f"{llm.witness_weight * 100:.0f}"
            text += (
                f"; over other products together it earned a share of {facts['witness_percent']} %. "
                f"By both it carries {share} % of this forecast."
            )
        facts["validation_periods"] = tested
        evidence.append(Evidence(id=f"E{len(evidence) + 1}", tool="validation", text=text, facts=facts))
    return evidence, named


def as_evidence(answers: Sequence[tuple[str, Answer]], lang: str = "en") -> list[Evidence]:
    """What tools found as evidence: each sentence with an id to point at."""
    made: list[Evidence] = []
    for tool, answer in answers:
        sources = answer.sources or (tool,) * len(answer.messages)
        for one, source in zip(answer.messages, sources, strict=True):
            made.append(Evidence(id=f"E{len(made) + 1}", tool=source, text=say(one, lang), facts=figures(one)))
    return made
