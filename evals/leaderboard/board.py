"""The board: the rows of runs files with their per-series scores, and the published rows beside them."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from ...tools.errors import InputError
from ..scoring.runs import Row, read_rows, read_scores, scores_path
from .groups import ScoredRun, TaskBoard, task_board


class Board:
    """All rows of a leaderboard."""

    def __init__(self, entries: Iterable[ScoredRun]) -> None:
        """Keep the newest of rows that are the same run made again."""
        newest: dict[tuple[object, ...], ScoredRun] = {}
        for entry in entries:
            row = entry.row
            key = (*row.key, row.kind, row.fingerprint, row.windows, row.model_digest, row.prompt_digest)
            known = newest.get(key)
            if known is None or row.made >= known.row.made:
                newest[key] = entry
        self.entries = list(newest.values())

    @property
    def rows(self) -> list[Row]:
        """The rows."""
        return [entry.row for entry in self.entries]

    def having(self, rows: Iterable[Row]) -> "Board":
        """This board with more rows on it, such as the published ones."""
        return Board([*self.entries, *(ScoredRun(row) for row in rows)])

    def only(self, rows: Iterable[Row]) -> "Board":
        """This board with no rows but these."""
        wanted = {(row.key, row.fingerprint) for row in rows}
        return Board([entry for entry in self.entries if (entry.row.key, entry.row.fingerprint) in wanted])

    @functools.cached_property
    def tasks(self) -> list[TaskBoard]:
        """Task by task, in the order of the rows."""
        names = dict.fromkeys(row.task for row in self.rows)
        return [task_board(name, [entry for entry in self.entries if entry.row.task == name]) for name in names]


def load(paths: Sequence[Path]) -> Board:
    """The board of runs files.

    Raises:
        InputError: a file cannot be read, holds no row, or its per-series scores cannot be used.
    """
    entries: list[ScoredRun] = []
    for path in paths:
        rows = read_rows(path)
        if not rows:
            raise InputError(f"runs {path}: holds no rows; make some with: skucast eval TASK --out {path}")
        scores = _scores(path)
        last = {(row.task, row.contestant): row for row in rows}  # scores of a contestant run again replace the earlier
        for row in rows:
            mine = scores[(scores["task"] == row.task) & (scores["contestant"] == row.contestant)]
            fits = mine["unique_id"].nunique() == row.series and mine["window"].nunique() == row.windows
            entries.append(ScoredRun(row, mine) if fits and row is last[row.task, row.contestant] else ScoredRun(row))
    return Board(entries)


def _scores(path: Path) -> pd.DataFrame:
    scores = read_scores(path)
    if scores.duplicated(["task", "contestant", "window", "unique_id"]).any():
        raise InputError(f"scores {scores_path(path)}: a series and window stands twice for one task and contestant")
    return scores
