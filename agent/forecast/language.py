"""What was found, in another language: reports and answers, once every number in them has been checked in English."""

from dataclasses import replace

from ...prompts.messages.language import ENGLISH, said_in, translate
from ...tools.insight.answer import Answer, Sheet
from .explain import told
from .report import ForecastReport

NAMES = {"SKU", "product", "title", "id", "from", "holiday"}  # columns of cells that stay as they are


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
