"""Runs on disk: one JSON line a task and contestant, and beside it one Parquet row a series and window."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pandas as pd
from pyarrow.parquet import read_schema
from pydantic import BaseModel, ConfigDict, ValidationError

from ...tools.data.schema import Freq
from ...tools.errors import InputError
from ...tools.files import has_lines, replacing, write_whole
from ...tools.inputs import brief, read_text

SCORES = ["task", "contestant", "window", "unique_id", "cell", "SQL", "MASE", "bias", "coverage", "total"]


class ExampleForecast(BaseModel):
    """One series of the last window, drawn in the leaderboard."""

    model_config = ConfigDict(extra="forbid")

    unique_id: str
    rank: Literal["best", "worst"]
    sql: float
    ds: list[str]
    history: list[float | None]
    actual: list[float | None]
    q10: list[float]
    q50: list[float]
    q90: list[float]


class Row(BaseModel):
    """One contestant on one task.

    Attributes:
        task: name of the task.
        contestant: name of the contestant.
        kind: `run` (made here) or `published` (read from a table of published scores; only `metrics` is filled then).
        zero_shot: it was not trained on this task's data. Ours are trained on the task's own past.
        windows: test windows.
        horizon: periods ahead.
        freq: `D`, `W` or `M`.
        samples: answers a series of an LLM; None without one.
        series: series scored, of `series_of` in the task; fewer when `limit` sampled them.
        series_of: series in the task.
        limit: the sample asked for; None for all.
        seed: of the sample and of every random draw.
        forecasts: series times windows.
        own: the task is over a person's own panel file.
        metrics: by name: SQL, MASE, WQL, WAPE, RMSSE (fev's definitions), bias (sum of forecast - actual over sum of
            actuals), coverage (share within q0.1 and q0.9), and of the total over the horizon: total_coverage,
            total_pinball (scaled), and the same of the sum of quantiles: sum_coverage, sum_pinball.
        calibration: share of actuals at or below each level, by level name (`q0.1`); ties count half.
        cells: mean SQL by ABC-XYZ cell.
        unusable: share of the LLM's answers that could not be used; None for contestants without an LLM.
        fallback: share of forecasts for which the base forecast stood in; scored as such.
        seconds: to make all forecasts, training included.
        peak_mb: the most memory that the process had held by then.
        tokens: LLM tokens, read and written, over all forecasts.
        fingerprint: of the task's data (fev).
        versions: of the packages that matter.
        prompt_digest: of the templates; None without an LLM.
        model_digest: of the engine; None without an LLM.
        command: the command that made the row.
        made: when, UTC, ISO 8601.
        examples: a few best and worst series.
    """

    model_config = ConfigDict(extra="forbid")

    task: str
    contestant: str
    kind: Literal["run", "published"] = "run"
    zero_shot: bool = False
    windows: int
    horizon: int | None = None
    freq: Freq | None = None
    samples: int | None = None
    series: int
    series_of: int
    limit: int | None = None
    seed: int = 0
    own: bool = False
    forecasts: int
    metrics: dict[str, float | None]
    calibration: dict[str, float] = {}
    cells: dict[str, float] = {}
    unusable: float | None = None
    fallback: float | None = None
    seconds: float | None = None
    peak_mb: int | None = None
    tokens: int | None = None
    fingerprint: str | None = None
    versions: dict[str, str] = {}
    prompt_digest: str | None = None
    model_digest: str | None = None
    command: str = ""
    made: str = ""
    examples: list[ExampleForecast] = []

    @property
    def key(self) -> tuple[str, str, int | None, int]:
        """What a resumed run asks for: task, contestant, sample, seed."""
        return (self.task, self.contestant, self.limit, self.seed)


def scores_path(runs: Path) -> Path:
    """The Parquet file of per-series scores beside a runs file."""
    return runs.with_suffix(".scores.parquet")


def read_rows(path: Path) -> list[Row]:
    """The rows of a runs file; a half line at the end, left by a kill, is not read.

    Raises:
        InputError: the file cannot be read, or a line is no row.
    """
    text = read_text(path, f"runs {brief(path)}")
    rows = []
    lines = text.split("\n")  # no splitlines: a name may hold other line ends
    for number, line in enumerate(lines, start=1):
        try:
            if line or number < len(lines):
                rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            if number == len(lines):  # a half line
                break
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "line"
            raise InputError(f"runs {path}, line {number}: {where}: {first['msg']}") from None
    return rows


def read_scores(path: Path) -> pd.DataFrame:
    """The per-series scores beside a runs file, columns `SCORES`; empty where there are none.

    Raises:
        InputError: the file cannot be read, or holds no scores.
    """
    file = scores_path(path)
    if not file.exists() or file.stat().st_size == 0:
        return pd.DataFrame(columns=SCORES)
    try:
        scores = pd.read_parquet(file)
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        raise InputError(f"scores {file}: cannot be read ({error})") from None
    missing = [name for name in SCORES if name not in scores]
    if missing:
        raise InputError(f"scores {file}: column {missing[0]} is missing; expected {', '.join(SCORES)}")
    return scores


def is_runs(path: Path) -> bool:
    """Whether a file begins with a row; `read_rows` says which other line is none."""
    return has_lines(path, Row.model_validate_json, '{"task":', most=1)


def is_scores(path: Path) -> bool:
    """Whether a file is a Parquet file of scores."""
    return bool(read_schema(path).names == SCORES)


def append(path: Path, row: Row, scores: pd.DataFrame) -> None:
    """Add one row and its scores: scores first, so that a row on disk always has them; each written whole or not.

    Raises:
        InputError: a file cannot be written.
    """
    known = read_scores(path)
    same = (known["task"] == row.task) & (known["contestant"] == row.contestant)
    parts: Iterable[pd.DataFrame] = [part for part in (known[~same], scores[SCORES]) if len(part)]
    with replacing(scores_path(path), f"runs {path}") as beside:
        pd.concat(list(parts), ignore_index=True).to_parquet(beside, compression="zstd", index=False)
    whole = "".join(f"{one.model_dump_json()}\n" for one in read_rows(path)) if path.exists() else ""
    write_whole(path, f"{whole}{row.model_dump_json()}\n", f"runs {path}")
