"""Reports in another language, once every number in them has been checked in English."""

from ...prompts.messages.say import ENGLISH, say_all
from .explain import told
from .report import ForecastReport


def report_in(report: ForecastReport, lang: str) -> ForecastReport:
    """A report with drivers, evidence, warnings and an explanation in a language; of the LLM's own only English stays.

    A report that was read from JSON has no messages to say again, and stays as it is.
    """
    evidence = [item.in_language(lang) for item in report.evidence]
    texts = {item.id: item.text for item in evidence}
    explanation = report.explanation
    messages = [item.message for item in told(evidence) if item.message]
    if messages and (explanation.author == "template" or lang != ENGLISH):  # the LLM writes English alone
        explanation = explanation.model_copy(update={"text": say_all(messages, lang), "author": "template"})
    again = {
        "drivers": [one.model_copy(update={"text": texts.get(one.evidence, one.text)}) for one in report.drivers],
        "evidence": evidence,
        "explanation": explanation,
    }
    made = report.model_copy(update=again)
    return made.warned(report.notes, lang) if report.notes else made
