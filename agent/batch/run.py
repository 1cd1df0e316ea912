"""Batch: the whole catalogue to JSONL, one report a line, resumable after a kill with nothing lost or doubled."""

import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

import pandas as pd

from ... import __version__
from ...prompts.messages.say import ENGLISH, languages, say, say_error
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.files import locked
from ...tools.inputs import open_file
from ...tools.messages import Message, message
from ..forecast.forecaster import Forecaster, Progress
from ..forecast.report import LINE, ForecastFailure, ForecastReport
from .budget import Budget, Meter
from .journal import AGAIN, RunSettings, append, claim, recover, write_json

CHUNK = 256  # series: enough for an LLM's batches to be full
DEGRADED = message("warning-budget-spent")
PACKAGES = ("numpy", "pandas", "duckdb", "statsforecast", "torch", "transformers")
SECONDS = {"all": "seconds", "base forecasts": "base", "LLM": "llm"}

Chunk = tuple[list[str], list[str]]  # series that are read together, and those of them that are wanted
Lines = list[ForecastReport | ForecastFailure]
Work = Callable[[Sequence[Chunk], Meter], Iterator[Lines]]


class Salvaged(Protocol):
    """A data source that a batch reads chunk by chunk."""

    @property
    def name(self) -> str:
        """Where the data came from."""

    @property
    def digest(self) -> str:
        """Digest of the data."""

    def unique_ids(self) -> list[str]:
        """Every series."""

    def salvage(self, unique_ids: Sequence[str]) -> tuple[Panel | None, dict[str, Message]]:
        """The panel of these series' good ones, and why each of the others is not usable."""


@dataclass
class BatchResult:
    """What a batch wrote.

    Attributes:
        resumed: lines that stood before.
        forecast: new reports.
        failed: new failures.
        degraded: of the new reports, those without the LLM because the budget was spent.
        tokens: of the LLM, read and written.
        base: seconds in the base forecasts.
        llm: seconds in the LLM.
        seconds: of wall time.
    """

    resumed: int = 0
    forecast: int = 0
    failed: int = 0
    degraded: int = 0
    tokens: int = 0
    base: float = 0.0
    llm: float = 0.0
    seconds: float = 0.0

    def add(self, lines: Lines) -> tuple[int, float]:
        """Count new lines; returns their tokens, and their seconds that were not the LLM's."""
        made = [line for line in lines if isinstance(line, ForecastReport)]
        self.forecast += len(made)
        self.degraded += sum(bool(_degraded() & set(one.warnings)) for one in made)
        self.failed += len(lines) - len(made)
        tokens, without = cost(lines)
        self.tokens += tokens
        self.base += sum(one.timings.base for one in made)
        self.llm += sum(one.timings.llm for one in made)
        return tokens, without


def cost(lines: Lines) -> tuple[int, float]:
    """What lines took: tokens, and seconds that were not the LLM's."""
    made = [line.timings for line in lines if isinstance(line, ForecastReport)]
    return sum(one.prompt_tokens + one.completion_tokens for one in made), sum(one.base + one.rest for one in made)


def run_batch(
    forecaster: Forecaster,
    catalogue: Salvaged,
    unique_ids: Sequence[str],
    horizon: int,
    out: Path,
    *,
    cutoff: pd.Timestamp | None = None,
    progress: Progress | None = None,
    on_line: Callable[[str], None] | None = None,
    budget: Budget | None = None,
    work: Work | None = None,
    overwrite: bool = False,
) -> BatchResult:
    """Forecast the series in fixed chunks and append one JSON line each, flushed to disk chunk by chunk.

    A line is whole or absent: a half line left by a kill is cut off on resume. Series that cannot be read or forecast
    get a line with `status: failed`.

    Args:
        forecaster: makes the reports.
        catalogue: the data.
        unique_ids: the series, in the order of the file.
        horizon: periods ahead.
        out: the JSONL file; `OUT.run.json` beside it holds the settings.
        cutoff: forecast as of this period; the data's end when left out.
        progress: passed on to the forecaster, stage by stage within a chunk.
        on_line: called with each unique_id once its line is on the disk.
        budget: when it is spent, the series that are left get the forecast without the LLM, and say so; hand them in
            with the most valuable first.
        work: forecasts the chunks elsewhere, within the meter's budget, and gives their lines in order; here when left
            out.
        overwrite: begin anew where the file is not ours, or was made with other settings.

    `OUT.manifest.json` says after each chunk what went in, what came out, and what it took.

    Raises:
        InputError: the file cannot be written, belongs to another run, or is being written by one.
    """
    after = f", signals {forecaster.after.digest}" if forecaster.after else ""
    settings = RunSettings(
        source=catalogue.name,
        source_digest=catalogue.digest,
        horizon=horizon,
        cutoff=None if cutoff is None else f"{cutoff:%Y-%m-%d}",
        engine=forecaster.engine.digest if forecaster.engine else "none",
        samples=forecaster.samples,
        shots=forecaster.shots,
        explanations=forecaster.explanations if forecaster.lang == ENGLISH else f"template, {forecaster.lang}",
        seed=forecaster.seed,
        base=f"combined{after}" if forecaster.tools else f"ensemble{after}",
        slots=forecaster.slots.digest if forecaster.slots else "none",
    )
    result = BatchResult()
    with locked(out, f"--out {out}") as fd:
        claim(out, settings, overwrite=overwrite)
        done = recover(fd, out, lambda line: LINE.validate_json(line).unique_id)
        result.resumed = len(done & set(unique_ids))
        meter = Meter(budget or Budget(), len(unique_ids) - result.resumed)
        began = datetime.now(UTC)
        write_manifest(out, settings, len(unique_ids), result, began)

        def here(chunks: Iterable[Chunk], meter: Meter) -> Iterator[Lines]:
            for chunk in chunks:
                make = chunk_lines if meter.allows() else lines_without_llm
                yield make(forecaster, catalogue, chunk, horizon, cutoff, progress)

        if on_line:
            for uid in unique_ids:
                if uid in done:
                    on_line(uid)
        for lines in (work or here)(_chunks(unique_ids, done), meter):
            append(fd, out, "".join(line.model_dump_json() + "\n" for line in lines))
            meter.add(len(lines), *result.add(lines))
            result.seconds = meter.seconds
            write_manifest(out, settings, len(unique_ids), result, began)
            for line in lines:
                if on_line:
                    on_line(line.unique_id)
    return result


def read_lines(path: Path) -> Iterator[ForecastReport | ForecastFailure]:
    """The lines of a batch file, validated against the schema."""
    with open_file(path) as file:
        for text in file:
            yield LINE.validate_json(text)


def _chunks(unique_ids: Sequence[str], done: set[str]) -> list[Chunk]:
    """The chunks that are not done."""
    made = []
    for start in range(0, len(unique_ids), CHUNK):
        chunk = list(unique_ids[start : start + CHUNK])
        wanted = [uid for uid in chunk if uid not in done]
        if wanted:
            made.append((chunk, wanted))
    return made


def chunk_lines(
    forecaster: Forecaster,
    catalogue: Salvaged,
    chunk: Chunk,
    horizon: int,
    cutoff: pd.Timestamp | None = None,
    progress: Progress | None = None,
) -> Lines:
    """The lines of a chunk's wanted series, in order. The panel is that of the whole chunk, resumed or not."""
    series, wanted = chunk
    panel, bad = catalogue.salvage(series)
    if panel is not None and cutoff is not None:
        before = set(panel.unique_ids)
        try:
            panel = panel.before(cutoff)
        except InputError:
            panel = None
        kept = set(panel.unique_ids) if panel else set()
        bad |= dict.fromkeys(before - kept, message("no-sales-by-then", cutoff=cutoff))
    good = [uid for uid in wanted if panel is not None and uid not in bad]
    made: dict[str, ForecastReport | ForecastFailure] = {}
    if panel is not None and good:
        made = _forecast(forecaster, panel, good, horizon, catalogue, progress)
    return [
        made[uid] if uid in made else _failure(uid, say(bad.get(uid) or message("not-in-the-data"))) for uid in wanted
    ]


def _forecast(
    forecaster: Forecaster, panel: Panel, ids: list[str], horizon: int, catalogue: Salvaged, progress: Progress | None
) -> dict[str, ForecastReport | ForecastFailure]:
    """Forecast a chunk; where that fails, one by one, so that only the series at fault fail."""
    try:
        reports = forecaster.forecast(
            panel, ids, horizon, source=catalogue.name, source_digest=catalogue.digest, progress=progress
        )
        return {report.unique_id: report for report in reports}
    except Exception as error:
        if len(ids) == 1:
            return {ids[0]: _failure(ids[0], f"{_kind(error)}: {say_error(error)}")}
    made: dict[str, ForecastReport | ForecastFailure] = {}
    for uid in ids:
        made |= _forecast(forecaster, panel, [uid], horizon, catalogue, progress)
    return made


def lines_without_llm(
    forecaster: Forecaster,
    catalogue: Salvaged,
    chunk: Chunk,
    horizon: int,
    cutoff: pd.Timestamp | None = None,
    progress: Progress | None = None,
) -> Lines:
    """The lines of a chunk for which the budget leaves no LLM; they say so, where there was to be one."""
    lines = chunk_lines(replace(forecaster, engine=None, slots=None), catalogue, chunk, horizon, cutoff, progress)
    if forecaster.model is None:
        return lines
    return [
        line if isinstance(line, ForecastFailure) else line.warned([*line.notes, DEGRADED], forecaster.lang)
        for line in lines
    ]


@cache
def _degraded() -> set[str]:
    """What such a line says, in every language: lines of a cluster's workers come as JSON."""
    return {say(DEGRADED, lang) for lang in languages()}


def write_manifest(out: Path, settings: RunSettings, series: int, result: BatchResult, began: datetime) -> None:
    """Write `OUT.manifest.json` anew: settings, versions, machine, counts, seconds and tokens of this start."""
    written = result.resumed + result.forecast + result.failed
    manifest = {
        "out": out.name,
        "complete": written == series,
        "began": began.isoformat(timespec="seconds"),
        "settings": asdict(settings),
        "versions": _versions(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "series": {
            "asked": series,
            "stood before": result.resumed,
            "forecast": result.forecast,
            "failed": result.failed,
            "without the LLM, the budget spent": result.degraded,
        },
        "seconds": {name: round(getattr(result, of), 2) for name, of in SECONDS.items()},
        "tokens": result.tokens,
    }
    write_json(out.with_name(f"{out.name}.manifest.json"), manifest, f"; every line of {out.name} is safe, {AGAIN}")


@cache
def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def _kind(error: Exception) -> str:
    """What the line of a failure calls an error: bad input is of one kind, however it is worded."""
    return InputError.__name__ if isinstance(error, InputError) else type(error).__name__


def _failure(unique_id: str, reason: str) -> ForecastFailure:
    return ForecastFailure(skucast_version=__version__, unique_id=unique_id, error=" ".join(reason.split()))
