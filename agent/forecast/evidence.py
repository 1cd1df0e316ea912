"""Evidence: what the tools found, as sentences whose every number is also a fact, with an id to point at."""

from collections.abc import Sequence

import pandas as pd

from ...tools.data.schema import Freq
from ...tools.insight.answer import Answer
from ...tools.insight.drivers import Driver as ComputedDriver
from ...tools.messages import Fact, Message, Percent, Units, message
from .report import Driver, Evidence, LLMPart, Total


def periods(count: int, freq: Freq) -> Message:
    """So many periods: `1 week`, `4 weeks`."""
    return message(f"periods-{freq}", count=count)


def forecast_message(total: Total, steps: Sequence[pd.Timestamp], freq: Freq) -> Message:
    """The forecast itself, its total and the 80 % interval of the total."""
    return Message(
        "evidence-forecast",
        {
            "total_median": Units(total.quantiles["q0.5"]),
            "total_q0.1": Units(total.quantiles["q0.1"]),
            "total_q0.9": Units(total.quantiles["q0.9"]),
            "horizon": len(steps),
            "first": steps[0].date(),
            "last": steps[-1].date(),
            "interval": 80,
            "period": message(f"period-{freq}"),
            "span": periods(len(steps), freq),
        },
    )


def validation_message(llm: LLMPart, horizon: int, freq: Freq) -> Message | None:
    """The losses of the LLM and of the base on the last window known; None where it was not tested."""
    if llm.validation_loss_llm is None or llm.validation_loss_base is None:
        return None
    tested = llm.validation_periods or horizon
    facts: dict[str, Fact] = {
        "loss_llm": Units(llm.validation_loss_llm),
        "loss_base": Units(llm.validation_loss_base),
        "weight_percent": Percent(llm.weight * 100),
    }
    if llm.witness_weight is not None:
        facts["witness_percent"] = Percent(llm.witness_weight * 100)
    facts |= {
        "validation_periods": tested,
        "period": message(f"period-{freq}"),
        "span": periods(tested, freq),
    }
    return Message(f"evidence-validation{'' if llm.witness_weight is None else '-shared'}", facts)


def gather(
    total: Total,
    steps: Sequence[pd.Timestamp],
    freq: Freq,
    drivers: Sequence[ComputedDriver],
    llm: LLMPart | None,
) -> tuple[list[Evidence], list[Driver]]:
    """All evidence of one forecast: the forecast, each driver, and how the LLM did on the last window known."""
    evidence = [Evidence.of(1, "forecast", forecast_message(total, steps, freq))]
    named = []
    for driver in drivers:
        item = Evidence.of(len(evidence) + 1, f"drivers.{driver.name}", driver.message)
        evidence.append(item)
        named.append(Driver(name=driver.name, text=item.text, evidence=item.id))
    if llm is not None and (tested := validation_message(llm, len(steps), freq)):
        evidence.append(Evidence.of(len(evidence) + 1, "validation", tested))
    return evidence, named


def as_evidence(answers: Sequence[tuple[str, Answer]], lang: str = "en") -> list[Evidence]:
    """What tools found as evidence: each sentence with an id to point at."""
    made: list[Evidence] = []
    for tool, answer in answers:
        sources = answer.sources or (tool,) * len(answer.messages)
        for one, source in zip(answer.messages, sources, strict=True):
            made.append(Evidence.of(len(made) + 1, source, one).in_language(lang))
    return made
