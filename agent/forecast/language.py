"""What was found, in another language: reports and answers, once every number in them has been checked in English."""

from dataclasses import replace

from ...prompts.messages.language import translate
from ...prompts.messages.say import say_all
from ...tools.insight.answer import Answer, Sheet
from .explain import told
from .report import ForecastReport

NAMES = {"SKU", "product", "title", "id", "from", "holiday"}  # columns of cells that stay as they are


def report_in(report: ForecastReport, lang: str) -> ForecastReport:
    """A report with drivers, evidence, warnings and a templated explanation in a language; words of the LLM stay.

    A report that was read from JSON has no messages to say again, and stays as it is.
    """
    evidence = [item.said(lang) for item in report.evidence]
    texts = {item.id: item.text for item in evidence}
    explanation = report.explanation
    messages = [item.message for item in told(evidence) if item.message]
    if explanation.author == "template" and messages:
        explanation = explanation.model_copy(update={"text": say_all(messages, lang)})
    again = {
        "drivers": [one.model_copy(update={"text": texts.get(one.evidence, one.text)}) for one in report.drivers],
        "evidence": evidence,
        "explanation": explanation,
    }
    made = report.model_copy(update=again)
    return made.warned(report.notes, lang) if report.notes else made


def answer_in(answer: Answer, lang: str) -> Answer:
    """An answer with its sentences and its table in a language; names of products stay."""
    sentences = tuple(translate(sentence, lang) for sentence in answer.sentences)
    return replace(answer, sentences=sentences, sheet=answer.sheet and _sheet_in(answer.sheet, lang))


def _sheet_in(sheet: Sheet, lang: str) -> Sheet:
    rows = tuple(
        tuple(
            cell if column in NAMES else translate(cell, lang) for column, cell in zip(sheet.columns, row, strict=True)
        )
        for row in sheet.rows
    )
    columns = tuple(translate(column, lang) for column in sheet.columns)
    return Sheet(translate(sheet.title, lang), columns, rows)
