"""Saving what a chat showed: a chart, the forecasts of the session, or the last table, by the suffix of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ...prompts.messages.say import ENGLISH, say, say_fact
from ...tools.files import NotWrittenError, Reads, check_ours, check_writable, nothing, replacing, write_whole
from ...tools.insight.answer import Table
from ...tools.messages import Fact, Message, ProductName, Refusal, message
from ..chat.desk import Desk
from ..forecast.language import report_in
from ..forecast.report import is_reports

CHARTS, REPORTS, TABLES = (".png", ".svg", ".html"), (".json", ".jsonl"), (".csv", ".tsv")
SEPARATORS: Mapping[str, str] = {".csv": ",", ".tsv": "\t"}


def plain_table(table: Table, lang: str = ENGLISH) -> dict[str, Any]:
    """A table for programs: `title`, `columns`, and `rows` with numbers as numbers and dates as ISO text."""
    return {
        "title": say(table.title, lang),
        "columns": [say(name, lang) for name in table.columns],
        "rows": [[_plain(cell, lang) for cell in row] for row in table.rows],
    }


def _plain(cell: Fact, lang: str) -> Any:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return cell.isoformat()[:10] if isinstance(cell, date) else _text(cell, lang)
    return int(cell) if isinstance(cell, int) else float(cell)


def _text(cell: Fact, lang: str) -> str | None:
    if isinstance(cell, Message) and cell.key == "not-known":
        return None
    return cell.sku if isinstance(cell, ProductName) else say_fact(cell, lang)


@dataclass
class Saver:
    """Writes what a session showed.

    Attributes:
        desk: of the session.
        lang: of the texts.
        reads: tells of files that are input, which nothing is written to.
    """

    desk: Desk
    lang: str = ENGLISH
    reads: Reads = nothing

    def __call__(self, file: str, *, overwrite: bool = False) -> Message:
        """Save to a file what its suffix says: a chart, the forecasts, or the last table.

        Args:
            file: its path.
            overwrite: a file that skucast did not write may be replaced.

        Raises:
            InputError: there is nothing to save, the suffix is not known, or the file cannot or must not be written.
        """
        path = Path(file)
        suffix = path.suffix.lower()
        try:
            if suffix in TABLES:
                return self.table(path, overwrite=overwrite)
            if suffix in REPORTS:
                return self.reports(path, overwrite=overwrite)
            if suffix in CHARTS:
                return self.chart(path, overwrite=overwrite)
        except NotWrittenError as error:
            raise Refusal("chat-cannot-write", path=error.path, why=error.why) from None
        kinds = (*CHARTS, *TABLES, *REPORTS)
        raise Refusal("save-unknown-suffix", choices=kinds, file=file, kinds=kinds)

    def chart(self, path: Path, *, overwrite: bool) -> Message:
        """The chart of the last forecast."""
        from .plots import chart, check_suffix, is_chart, save

        self._any()
        report = self.desk.reports[-1]
        check_suffix(path)
        if report.unique_id not in self.desk.panel.unique_ids:
            raise Refusal("chat-no-chart", unique_id=report.unique_id)
        check_ours(path, is_chart, f"plot {path}", overwrite=overwrite, reads=self.reads)
        save([chart(report, self.desk.panel.past_of(report.unique_id))], path)
        return message("chat-chart", path=str(path))

    def reports(self, path: Path, *, overwrite: bool) -> Message:
        """All forecasts of the session, as JSON lines."""
        self._any()
        check_writable(path, folder_too=False)
        check_ours(path, is_reports, overwrite=overwrite, reads=self.reads)
        lines = "".join(report_in(report, self.lang).model_dump_json() + "\n" for report in self.desk.reports)
        write_whole(path, lines)
        return message("chat-exported", path=str(path), count=len(self.desk.reports))

    def table(self, path: Path, *, overwrite: bool) -> Message:
        """The last table: one of a forecast is its steps."""
        table = self.desk.answer.table if self.desk.answer is not None else None
        if table is not None:
            made = plain_table(table, self.lang)
            frame = pd.DataFrame(made["rows"], columns=made["columns"])
        elif self.desk.reports:
            report = self.desk.reports[-1]
            rows = [{"ds": step.ds, "mean": step.mean, **step.quantiles} for step in report.steps]
            frame = pd.DataFrame(rows)
            frame.insert(0, "unique_id", report.unique_id)
        else:
            raise Refusal("save-nothing")
        check_writable(path, folder_too=False)
        check_ours(path, lambda _: False, overwrite=overwrite, reads=self.reads)
        with replacing(path) as beside:
            frame.to_csv(beside, index=False, sep=SEPARATORS[path.suffix.lower()])
        return message("save-table", path=str(path), count=len(frame))

    def _any(self) -> None:
        if not self.desk.reports:
            raise Refusal("chat-nothing-forecast", sku=self.desk.panel.unique_ids[0])
