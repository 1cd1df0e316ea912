"""Records as a file to hand on: .csv or .xlsx flat, .json with what they rest on; known by its columns or note."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from ...tools.errors import InputError
from ...tools.files import Reads, check_ours, check_writable, nothing, replacing, write_whole
from ...tools.inputs import read_json
from ..batch.export import no_formula

SUFFIXES = (".csv", ".xlsx", ".json")


@dataclass(frozen=True)
class RecordFile:
    """One kind of file.

    Attributes:
        note: first words of its JSON, by which it is known.
        columns: of its table.
        texts: those of them whose text is from outside.
        name: of the records in JSON.
        sheet: the workbook's; the same when left out.
    """

    note: str
    columns: tuple[str, ...]
    texts: tuple[str, ...]
    name: str
    sheet: str = ""

    def check(self, path: Path, *, overwrite: bool = False, reads: Reads = nothing) -> None:
        """Refuse a file that cannot be written, before any work is done.

        Raises:
            InputError: another suffix, a file that skucast did not write, or one that cannot be written.
        """
        if path.suffix.lower() not in SUFFIXES:
            raise InputError(f"--out {path}: expected a file that ends in {', '.join(SUFFIXES)}")
        if path.suffix.lower() == ".xlsx" and find_spec("xlsxwriter") is None:
            raise InputError(f"--out {path}: workbooks need xlsxwriter: pip install xlsxwriter")
        check_writable(path)
        check_ours(path, self.is_ours, f"--out {path}", overwrite=overwrite, reads=reads)

    def is_ours(self, path: Path) -> bool:
        """Whether `write` wrote a file."""
        if path.suffix.lower() == ".json":
            held = read_json(path)
            return isinstance(held, dict) and held.get("note") == self.note
        csv = path.suffix.lower() == ".csv"
        table = pd.read_csv(path, nrows=0) if csv else pd.read_excel(path, engine="calamine", nrows=0)
        return tuple(map(str, table.columns)) == self.columns

    def write(
        self,
        path: Path,
        records: Sequence[Mapping[str, Any]],
        beside: Mapping[str, Any],
        without: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Write the records by the file's suffix.

        Args:
            path: of the file.
            records: with the columns as keys.
            beside: what JSON holds beside them; a workbook has its `assumptions` on a second sheet.
            without: what has no record of its own: rows behind them in a table, under this name in JSON.

        Raises:
            InputError: it cannot be written.
        """
        if path.suffix.lower() == ".json":
            made = {"note": self.note, **beside, self.name: list(records)}
            made |= {} if without is None else {"without": list(without)}
            write_whole(path, json.dumps(made, ensure_ascii=False, indent=1))
            return
        frame = pd.DataFrame([*records, *(without or ())], columns=list(self.columns))
        with replacing(path) as at:
            if path.suffix.lower() == ".csv":
                safe = {name: frame[name].fillna("").map(no_formula) for name in self.texts}
                frame.assign(**safe).to_csv(at, index=False)
            else:
                options = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}}
                held = io.BytesIO()
                with pd.ExcelWriter(held, engine="xlsxwriter", engine_kwargs=options) as book:
                    frame.to_excel(book, sheet_name=self.sheet or self.name, index=False)
                    if words := beside.get("assumptions"):
                        found = pd.DataFrame({"found and assumed": words})
                        found.to_excel(book, sheet_name="assumptions", index=False)
                at.write_bytes(held.getvalue())
