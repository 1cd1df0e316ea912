"""Leaderboards: the tables of a board in the terminal, as Markdown, or as one page with plots."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...tools.errors import InputError
from ...tools.files import Reads, check_ours, nothing, write_whole
from .board import Board, load
from .tables import PageTable, glance, origins, tables_of

__all__ = ["Board", "load", "tables", "write"]

SUFFIXES = (".html", ".md")
STYLES = {"reference": "bold", "ours": "", "published": "dim"}
VERDICTS = {"ahead": "green", "behind": "red"}


def tables(board: Board) -> list[RenderableType]:
    """The tables of every task for the terminal, the whole at a glance last, where the prompt is."""
    made: list[RenderableType] = [_Shown(table) for task in board.tasks for table in tables_of(task)]
    whole = glance(board)
    return made + ([_Shown(whole)] if whole else [])


def is_board(path: Path) -> bool:
    """Whether a file is a page that `write` wrote."""
    with path.open(encoding="utf-8") as file:
        head = file.read(2000)
    return head.startswith("# Leaderboard\n\n## ") or "<title>skucast leaderboard</title>" in head


def write(board: Board, path: Path, *, overwrite: bool = False, reads: Reads = nothing) -> None:
    """Write the board to a file: Markdown, or one HTML page that needs no network.

    Args:
        board: the rows.
        path: .md or .html.
        overwrite: a file that skucast did not write may be replaced.
        reads: tells of files that are input.

    Raises:
        InputError: the suffix is neither .md nor .html, or the file is another's or cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        kind = repr(path.suffix) if suffix else "a file without suffix"
        raise InputError(f"leaderboard {path}: cannot write {kind}; valid choices: {', '.join(SUFFIXES)}")
    check_ours(path, is_board, f"leaderboard {path}", overwrite=overwrite, reads=reads)
    if suffix == ".md":
        text = markdown(board)
    else:
        from .page import page

        text = page(board)
    write_whole(path, text, f"leaderboard {path}")


def markdown(board: Board) -> str:
    """The board as Markdown, with what made the rows."""
    lines = ["# Leaderboard", ""]
    whole = glance(board)
    if whole:
        lines += _markdown(whole)
    for task in board.tasks:
        for table in tables_of(task):
            lines += _markdown(table)
        if task.ours:
            lines += [f"## {_escape(task.name)}: what made these rows", ""]
        for origin in origins(task):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", origin.command)), default=0))
            lines += [f"{_escape(origin.contestants)}: {_escape(origin.facts)}", ""]
            lines += [fence, " ".join(origin.command.split()), fence, ""] if origin.command else []
    return "\n".join(lines).rstrip() + "\n"


def _markdown(table: PageTable) -> Iterator[str]:
    yield f"## {_escape(table.title)}"
    yield ""
    for section in table.sections:
        if section.title:
            yield f"**{_escape(section.title)}**"
            yield ""
        columns, rows = table.filled(section)
        yield f"| {' | '.join(map(_escape, columns))} |"
        yield f"|{'|'.join('---' if name in table.words else '---:' for name in columns)}|"
        for line, row in zip(section.lines, rows, strict=True):
            cells = dict(zip(columns, map(_escape, row), strict=True))
            if line.kind == "reference" and "contestant" in cells:
                cells["contestant"] = f"**{cells['contestant']}**"
            yield f"| {' | '.join(cells.values())} |"
        yield ""
    for note in table.notes:
        yield f"{_escape(note)}"
        yield ""


def _escape(text: str) -> str:
    """Text as text: no table cell ends early, no tag and no emphasis begins."""
    plain = re.sub(r"[\\|*`\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\\g<0>", " ".join(text.split()))
    return plain.replace("<", "&lt;")


@dataclass(frozen=True)
class _Shown:
    """A table in the terminal, without the columns that there is no room for."""

    table: PageTable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = self.table
        out: list[str] = []
        yield Text(table.title, "bold")
        for section in table.sections:
            columns, rows = table.filled(section)
            width = {name: max(len(name), *(len(row[i]) for row in rows)) + 3 for i, name in enumerate(columns)}
            for name in table.spare:
                if name in width and sum(width.values()) > options.max_width:
                    del width[name]
                    out += [] if name in out else [name]
            if section.title:
                yield Text(section.title, "italic")
            kept = [[cell for name, cell in zip(columns, row, strict=True) if name in width] for row in rows]
            yield _table(list(width), kept, [STYLES[line.kind] for line in section.lines], table.words)
        notes = [*table.notes, *([f"No room here for {', '.join(out)}; --out has them."] if out else [])]
        for note in notes:
            yield Padding(Text(note, "dim italic"), (0, 0, 0, 1))
        yield Text("")


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[str], words: frozenset[str]
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        left = name in words
        table.add_column(Text(name), justify="left" if left else "right", no_wrap=not left, overflow="fold")
    for row, style in zip(rows, styles, strict=True):
        table.add_row(*[Text(cell, VERDICTS.get(cell, "")) for cell in row], style=style)
    return table
