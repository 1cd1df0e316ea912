"""Where the table is in a sheet or text file: below title rows, above footers, between one separator or another."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..messages import Count, Message, message
from .encoding import as_utf8, encoding_of, opened
from .words import words

SEPARATORS = ",;\t|"
HEAD_LINES = 200
TITLES = 30  # rows at most above a header
TAIL = 16_384


@dataclass(frozen=True)
class TextTable:
    """A text file as DuckDB can read it.

    Attributes:
        path: the file, or a copy in UTF-8 without what stands around the table.
        separator: between cells.
        names: of the columns, none of them twice.
        assumed: what was taken for granted.
    """

    path: Path
    separator: str
    names: tuple[str, ...]
    assumed: tuple[Message, ...] = ()


def text_table(path: Path, spill: Path) -> TextTable:
    """Find the table in a text file.

    Args:
        path: CSV or the like, packed with gzip or not.
        spill: a folder for a copy, where the file is not in UTF-8 or has rows around its table.

    Raises:
        InputError: no text, no table, or two columns of one name.
    """
    encoding = encoding_of(path)
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        lines = [line for _, line in zip(range(HEAD_LINES), text, strict=False)]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:  # Excel's own word for it
        separator, skipped = lines[0].strip()[4], 1
    else:
        separator, skipped = _separator(lines), 0
    rows = _cells(lines[skipped:], separator)
    top = header_row(rows)
    names = column_names(rows[top] if rows else [])
    start = skipped + _line_of(lines[skipped:], separator, top)
    assumed: list[Message] = []
    end = _footer(path, encoding, separator, len(names)) if not path.name.endswith(".gz") else 0
    if top:
        assumed.append(message("assumed-title-rows", rows=Count(top)))
    if end:
        assumed.append(message("assumed-footer", rows=Count(end)))
    if encoding not in ("utf-8", "utf-8-sig"):
        assumed.append(message("assumed-encoding", encoding=encoding))
    if start or end or encoding not in ("utf-8", "utf-8-sig"):
        stop = None
        if end:
            with opened(path) as file:
                stop = sum(1 for _ in io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")) - end
        path = as_utf8(path, encoding, spill / f"{len(list(spill.iterdir()))}.csv", slice(start, stop))
    return TextTable(path, separator, tuple(names), tuple(assumed))


def header_row(rows: Sequence[Sequence[Any]]) -> int:
    """Which row holds the names of the columns: the first that is as full as the rows of the table.

    Or, as where an index was written without a name, one that lacks a cell, has words alone, and stands right above
    a row that has not.

    Args:
        rows: the first rows of a sheet, cell by cell; empty cells are "" or None.
    """
    full = [sum(_given(cell) for cell in row) for row in rows]
    body = [count for count in full if count > 1]
    if not body:
        return next((place for place, count in enumerate(full) if count), 0)
    usual = Counter(body).most_common(1)[0][0]
    for place, count in enumerate(full[:TITLES]):
        below = next((row for row, filled in zip(rows[place + 1 :], full[place + 1 :], strict=True) if filled), ())
        if count >= max(usual, 2) or (count == usual - 1 >= 2 and _words(rows[place]) and not _words(below)):
            return place
    for place, count in enumerate(full[:TITLES]):
        if count >= max(usual - 1, 2):
            return place
    return next(place for place, count in enumerate(full) if count > 1)


def _words(cells: Sequence[Any]) -> bool:
    """Whether no cell begins with a figure, as numbers and dates do."""
    return not any(_given(cell) and str(cell).strip().lstrip("+-.,(")[:1].isdigit() for cell in cells)


def column_names(cells: Sequence[Any]) -> list[str]:
    """Names for the columns, from the cells of a header row; `columnN` where there is none.

    Raises:
        InputError: two columns of one name.
    """
    names = [str(cell).strip() if _given(cell) else f"column{place}" for place, cell in enumerate(cells)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"two columns named {twice[0]!r}; expected each name once")
    return names


def is_footer(cells: Sequence[Any], before: Sequence[Any], width: int) -> bool:
    """Whether a last row is a remark or a sum, and none of the table.

    Args:
        cells: of the row.
        before: the row before it, which may be empty.
        width: columns of the table.
    """
    given = [str(cell).strip() for cell in cells if _given(cell)]
    if not given:
        return True
    if len(given) >= width:
        return False
    if given[0].rstrip(": ").casefold() in words()["totals"]["words"]:
        return True
    if len(given) >= max(width - 1, 2) and len(cells) >= width:
        return False
    return not any(_given(cell) for cell in before) or (len(given) == 1 and width > 2)


def _given(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _cells(lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        raise InputError(f"cannot be read as a table ({error})") from None


def _separator(lines: Sequence[str]) -> str:
    """The separator that cuts most lines into the same number of cells, more than one."""

    def fits(sign: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in _cells(lines, sign) if len(row) > 1)
        except InputError:
            return 0, 0
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        return rows, width

    return max(SEPARATORS, key=fits)


def _line_of(lines: Sequence[str], separator: str, row: int) -> int:
    """The line in which a row begins: a cell in quotes may go on over several."""
    reader = csv.reader(iter(lines), delimiter=separator)
    for _ in range(row):
        next(reader)
    return reader.line_num


def _footer(path: Path, encoding: str, separator: str, width: int) -> int:
    """Lines at the end that are none of the table."""
    unit = 2 if encoding.startswith("utf-16") else 4 if encoding.startswith("utf-32") else 1
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, (size - TAIL) // unit * unit))
        tail = file.read()
    if encoding == "utf-16":  # the mark is at the beginning of the file
        with path.open("rb") as file:
            encoding = "utf-16-le" if file.read(2) == b"\xff\xfe" else "utf-16-be"
    lines = tail.decode(encoding, errors="replace").splitlines()[0 if size <= TAIL else 1 :]
    if any(line.count('"') % 2 for line in lines):  # a cell goes on over several lines
        return 0
    rows = _cells(lines, separator)
    count = 0
    while count < len(rows) - 1 and is_footer(rows[-1 - count], rows[-2 - count], width):
        count += 1
    return count if any(any(_given(cell) for cell in row) for row in rows[len(rows) - count :]) else 0
