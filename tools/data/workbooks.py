"""Workbooks: a sheet of Excel (.xlsx, .xlsm, .xlsb, .xls) or OpenDocument (.ods) as a DataFrame.

Read by [calamine](https://github.com/tafia/calamine), which takes all of these formats, and dates by the workbook's
own system.
"""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from ..errors import InputError, nearest
from ..messages import Count, Message, message
from .layout import column_names, header_row, is_footer

LARGEST = 256 << 20  # bytes of all sheets: some 6 million cells


def read_workbook(path: Path, sheet: str | None) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """One sheet, and what was taken for granted in reading it.

    Args:
        path: the workbook.
        sheet: its name; None takes the first with a table.

    Returns:
        A column is numbers, dates or flags where all its cells are; else text.

    Raises:
        InputError: no workbook, no such sheet, or no table.
    """
    check_size(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise InputError(f"no sheet {sheet!r}; {nearest(sheet, names)}")
        for name in names if sheet is None else [sheet]:
            rows = [list(row) for row in book.get_sheet_by_name(name).to_python()]
            if _is_table(rows):
                frame, assumed = _frame(rows)
                other = message("assumed-sheet", sheet=name, others=tuple(one for one in names if one != name))
                return frame, ((other,) if sheet is None and len(names) > 1 else ()) + assumed
    except (CalamineError, OSError) as error:
        raise InputError(f"not readable as a workbook ({str(error).splitlines()[0]})") from None
    raise InputError(f"no table in {'sheet ' + sheet if sheet else 'any sheet'}; expected a header and rows")


def check_size(book: Path | BinaryIO) -> None:
    """Refuse a workbook that unpacks to more than fits in memory: its cells are read at once."""
    try:
        with zipfile.ZipFile(book) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):  # an old .xls is no archive; the reader says what else it is
        size = book.stat().st_size if isinstance(book, Path) else book.seek(0, io.SEEK_END)
    if size > LARGEST:
        raise InputError(f"a workbook of {size >> 20:,} MB unpacked; expected at most {LARGEST >> 20}: save it as CSV")


def _is_table(rows: list[list[Any]]) -> bool:
    return sum(sum(cell not in ("", None) for cell in row) > 1 for row in rows) > 1


def _frame(rows: list[list[Any]]) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    top = header_row([[str(cell) for cell in row] for row in rows[:200]])
    body = rows[top + 1 :]
    width = sum(str(cell).strip() != "" for cell in rows[top])
    count = 0
    while count < len(body) - 1 and is_footer(body[-1 - count], body[-2 - count], width):
        count += 1
    footer = sum(any(cell != "" for cell in row) for row in body[len(body) - count :])
    body = [row for row in body[: len(body) - count] if any(cell != "" for cell in row)]
    kept = [place for place, cell in enumerate(rows[top]) if cell != "" or any(row[place] != "" for row in body)]
    names = column_names([_shown(rows[top][place]) for place in kept])
    columns = {name: _column([row[place] for row in body]) for name, place in zip(names, kept, strict=True)}
    assumed = [message("assumed-title-rows", rows=Count(top))] if top else []
    assumed += [message("assumed-footer", rows=Count(footer))] if footer else []
    return pd.DataFrame(columns), tuple(assumed)


def _column(cells: list[Any]) -> "pd.Series[Any]":
    """Cells of one kind as they are; of several kinds as text."""
    given = [cell for cell in cells if cell != ""]
    if given and all(isinstance(cell, bool) for cell in given) and len(given) == len(cells):
        return pd.Series(cells, dtype=bool)
    if given and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in given):
        return pd.Series([None if cell == "" else float(cell) for cell in cells], dtype=float)
    if given and all(isinstance(cell, date) for cell in given):
        return pd.Series([None if cell == "" else pd.Timestamp(cell) for cell in cells], dtype="datetime64[us]")
    return pd.Series([None if cell == "" else _shown(cell) for cell in cells], dtype="str")


def _shown(cell: Any) -> str:
    """A cell as text that is read back as what it was: a fraction keeps a fourth decimal, and cannot be thousands."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return str(int(cell)) if cell == int(cell) else f"{cell!r}0000"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.min.time() else f"{cell:%Y-%m-%d}"
    return str(cell).strip()
