"""Publishing: forecast reports as rows of the ledger, stage by stage, as far as a report tells stages apart."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ...tools.errors import InputError
from ...tools.monitor.ledger import BANDS, Entry
from ...tools.quantiles import LEVELS, Array, level_name, read
from ..forecast.report import ForecastReport, Quantiles, Step
from .run import read_lines

NAMES = [level_name(level) for level in LEVELS]
DRAWS = (np.arange(200) + 0.5) / 200  # probabilities whose values make the mean
HEAD = ("unique_id", "freq", "cutoff", "stage", "step", "ds", "mean", *BANDS)


def published(
    reports: Iterable[ForecastReport], author: str, approved_by: str = "", reason: str = ""
) -> tuple[Entry, pd.DataFrame, pd.DataFrame]:
    """Reports as an entry of the ledger, its rows, and rows of what was decided on each of their signals.

    The stages: `naive`, the last known units repeated; `statistics` or `trees`, the forecast without the LLM, by
    whether trees carry part of it; `LLM`, with the LLM's share; `notes`, with the signals that are followed.

    Raises:
        InputError: none, or they are of different data.
    """
    rows: list[tuple[object, ...]] = []
    signals: list[dict[str, object]] = []
    sources, models, prompts = set(), set(), set()
    for report in reports:
        if report.group is not None:
            raise InputError(f"{report.unique_id}: the total of a group; publish its series, and add them up")
        sources.add((report.request.source, report.request.source_digest))
        models.add((report.skucast_version, report.llm.engine_digest if report.llm else "", *report.base.members[:1]))
        prompts.add(report.prompt_digest)
        rows += _rows(report)
        signals += _signals(report)
    if not rows:
        raise InputError("no forecast to publish")
    if len(sources) > 1:
        raise InputError(f"forecasts of different data: {', '.join(sorted(name for name, _ in sources))}")
    ((source, digest),) = sources
    entry = Entry(
        "forecast",
        author,
        source=source,
        data_digest=digest,
        model_digest=_digest(models),
        prompt_digest=_digest({(one,) for one in prompts}) if len(prompts) > 1 else prompts.pop(),
        approved_by=approved_by,
        reason=reason,
    )
    frame = pd.DataFrame(rows, columns=list(HEAD))
    for name in ("cutoff", "ds"):
        frame[name] = pd.to_datetime(frame[name])
    return entry, frame, pd.DataFrame(signals)


def reports_of(path: Path) -> Iterator[ForecastReport]:
    """The forecasts of a batch file, one after the other; series that failed have none.

    Raises:
        InputError: it cannot be read.
    """
    try:
        for line in read_lines(path):
            if isinstance(line, ForecastReport):
                yield line
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: no forecasts ({str(error).splitlines()[0]})") from None


def _rows(report: ForecastReport) -> list[tuple[object, ...]]:
    """One row a stage and step."""
    days = [step.ds for step in report.steps]
    stages: dict[str, tuple[Array, Array]] = {}
    if (last := next((units for units in reversed(report.recent) if units is not None), None)) is not None:
        bands = np.full((len(days), len(NAMES)), np.nan)
        bands[:, NAMES.index("q0.5")] = last
        stages["naive"] = np.full(len(days), last), bands
    trees = any("GBM" in name for name in report.base.members)
    stages["trees" if trees else "statistics"] = _of_quantiles(report.base.steps)
    without = report.signals.steps_without if report.signals else report.steps
    last_stage = "notes" if report.signals else "LLM" if report.llm else "trees" if trees else "statistics"
    if report.llm:
        stages["LLM"] = _of_steps(without)
    stages[last_stage] = _of_steps(report.steps)
    return [
        (report.unique_id, report.freq, report.cutoff, stage, h + 1, day, float(mean[h]), *map(float, bands[h]))
        for stage, (mean, bands) in stages.items()
        for h, day in enumerate(days)
    ]


def _signals(report: ForecastReport) -> list[dict[str, object]]:
    """The signals of a report as decisions: followed, or left."""
    return [
        {
            "unique_id": report.unique_id,
            "kind": "signal",
            "decision": "followed" if signal.applied else "left",
            "quantity": signal.units_with - signal.units_without,
            "amount": float("nan"),
            "facts": signal.model_dump_json(include={"id", "note", "source", "kind", "start", "end", "times"}),
        }
        for signal in (report.signals.signals if report.signals else [])
    ]


def _of_steps(steps: Sequence[Step]) -> tuple[Array, Array]:
    return np.array([step.mean for step in steps]), _array([step.quantiles for step in steps])


def _of_quantiles(steps: Sequence[Quantiles]) -> tuple[Array, Array]:
    bands = _array(steps)
    return read(bands, np.tile(DRAWS[:, None], len(bands))).mean(axis=0), bands


def _array(steps: Sequence[Quantiles]) -> Array:
    return np.array([[step[name] for name in NAMES] for step in steps])


def _digest(what: set[tuple[str, ...]]) -> str:
    return hashlib.sha256(repr(sorted(what)).encode()).hexdigest()[:16]
