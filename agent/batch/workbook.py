"""Forecasts as an Excel workbook: periods, totals with a chart, evidence, and what could not be forecast."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...tools.errors import InputError
from ..forecast.report import ForecastFailure, ForecastReport

FORECAST, TOTALS, EVIDENCE, FAILED = "forecast", "totals", "evidence", "failed"
MOST_ROWS = 1_048_575  # of a sheet, below its header
CHARTED = 20  # totals that the chart shows


def write_workbook(path: Path, table: pd.DataFrame, lines: Sequence[ForecastReport | ForecastFailure]) -> None:
    """Write a workbook; text stays text, whatever it begins with.

    Args:
        path: of the workbook.
        table: a row a series and period, as `flat` makes it.
        lines: the reports and failures.

    Raises:
        InputError: more rows than a sheet holds.
    """
    made = [line for line in lines if isinstance(line, ForecastReport)]
    facts = pd.DataFrame(
        [{"unique_id": one.unique_id, "source": fact.tool, "fact": fact.text} for one in made for fact in one.evidence]
    )
    for name, frame in ((FORECAST, table), (EVIDENCE, facts)):
        if len(frame) > MOST_ROWS:
            raise InputError(f"{path.name}: {len(frame):,} rows of {name}; a sheet holds {MOST_ROWS:,}: write .parquet")
    totals = pd.DataFrame([_total(one) for one in made])
    failed = [{"unique_id": one.unique_id, "why": one.error} for one in lines if isinstance(one, ForecastFailure)]
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}}
    held = io.BytesIO()  # xlsxwriter's own error on a full disk is none of the system's
    with pd.ExcelWriter(held, "xlsxwriter", datetime_format="yyyy-mm-dd", engine_kwargs=options) as book:
        sheets = {TOTALS: totals, FORECAST: table, EVIDENCE: facts, FAILED: pd.DataFrame(failed)}
        for name, frame in sheets.items():
            if not frame.empty:
                frame.to_excel(book, sheet_name=name, index=False)
                book.sheets[name].freeze_panes(1, 1)
                book.sheets[name].autofit()
        _chart(book, totals)
    path.write_bytes(held.getvalue())


def _total(report: ForecastReport) -> dict[str, Any]:
    levels = {f"q{round(float(name[1:]) * 100)}": units for name, units in report.total.quantiles.items()}
    first = {"unique_id": report.unique_id, "from": pd.Timestamp(report.steps[0].ds), "periods": report.horizon}
    return {**first, "mean": report.total.mean, **levels}


def _chart(book: pd.ExcelWriter, totals: pd.DataFrame) -> None:
    """The first totals as bars from their medians, with whiskers over the 80 % interval."""
    shown = min(len(totals), CHARTED)
    columns = list(totals.columns)
    middle, high = columns.index("q50"), columns.index("q90")
    chart = book.book.add_chart({"type": "bar"})
    values = totals.head(shown)
    chart.add_series(
        {
            "name": "median total, with its 80 % interval",
            "categories": [TOTALS, 1, 0, shown, 0],
            "values": [TOTALS, 1, middle, shown, middle],
            "y_error_bars": {
                "type": "custom",
                "plus_values": [float(v) for v in values["q90"] - values["q50"]],
                "minus_values": [float(v) for v in values["q50"] - values["q10"]],
            },
        }
    )
    chart.set_title({"name": "Units over the horizon"})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 120 + 26 * shown})
    book.sheets[TOTALS].insert_chart(1, high + 2, chart)
