"""Reports in another language, once every number in them has been checked in English."""

from ...prompts.messages.language import ENGLISH, said_in, translate
from .explain import told
from .report import ForecastReport


def report_in(report: ForecastReport, lang: str) -> ForecastReport:
    """A report with drivers, evidence, warnings and a templated explanation in a language; words of the LLM stay."""
    if lang == ENGLISH:
        return report
    explanation = report.explanation
    if explanation.author == "template":
        text = said_in([item.text for item in told(report.evidence)], lang)
        explanation = explanation.model_copy(update={"text": text})
    return report.model_copy(
        update={
            "drivers": [one.model_copy(update={"text": translate(one.text, lang)}) for one in report.drivers],
            "evidence": [one.model_copy(update={"text": translate(one.text, lang)}) for one in report.evidence],
            "explanation": explanation,
            "warnings": [translate(warning, lang) for warning in report.warnings],
        }
    )
