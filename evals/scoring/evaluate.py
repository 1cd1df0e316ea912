"""Evaluation: contestants over the windows of a task, scored, one row and its per-series scores each."""

import importlib.metadata
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from ... import __version__
from ...tools.data.panel import Grid
from ...tools.forecast.abc_xyz import abc_xyz
from ...tools.quantiles import LEVELS, Array, level_name
from ..tasks.task import EvalTask, Truth, Window
from .contestants import Contestant, Forecasts, LLMContestant
from .metrics import (
    bias,
    coverage,
    known_mean,
    mase,
    median_of,
    rates,
    seasonal_scale,
    series_bias,
    series_coverage,
    sql,
    total_scores,
)
from .runs import SCORES, ExampleForecast, Row

PACKAGES = ("fev", "lightgbm", "statsforecast", "numpy", "torch", "transformers")
DRAWN = 3  # best and worst series of the last window
DRAWN_HISTORY = 60

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Scored:
    truth: Truth
    quantiles: Array
    scale: Array
    made: Forecasts


def evaluate(
    task: EvalTask, contestant: Contestant, *, seed: int = 0, command: str = "", progress: Progress | None = None
) -> tuple[Row, pd.DataFrame]:
    """Run one contestant over every window of a task, oldest first, and score it.

    Only the contestant's own work is timed, with what it owes for work done before by another.

    Args:
        task: the task.
        contestant: the forecaster.
        seed: written into the row.
        command: written into the row.
        progress: called with windows done, and of how many.

    Returns:
        The row, and the per-series scores with the columns `SCORES`.

    Raises:
        RuntimeError: a window is not cut where its truth begins.
    """
    windows, tables, seconds = [], [], 0.0
    for window in task.windows():
        started = time.perf_counter()
        made = contestant.forecast(window, task.spec.horizon)
        seconds += time.perf_counter() - started + made.owed
        truth = task.truth(window.index)
        _check_cut(window, truth)
        quantiles = np.stack([made.quantiles[uid] for uid in truth.unique_ids])
        scale = np.array([seasonal_scale(past, task.seasonality) for past in truth.history])
        one = _Scored(truth, quantiles, scale, made)
        windows.append(one)
        tables.append(_scores(one, window.index, abc_xyz(window.panel)))
        if progress:
            progress(window.index + 1, task.spec.windows)
    scores = pd.concat(tables, ignore_index=True)
    scores.insert(0, "contestant", contestant.name)
    scores.insert(0, "task", task.name)
    llm = contestant if isinstance(contestant, LLMContestant) else None
    tokens = sum(one.made.tokens for one in windows)
    fallbacks = sum(one.made.fallbacks for one in windows)
    answers = sum(one.made.answers for one in windows)
    forecasts = sum(len(one.truth.unique_ids) for one in windows)
    row = Row(
        task=task.name,
        contestant=contestant.name,
        zero_shot=getattr(contestant, "zero_shot", False),
        windows=len(windows),
        horizon=task.spec.horizon,
        freq=Grid(task.offset).freq,
        samples=llm.samples if llm else None,
        series=len(task.wanted),
        series_of=task.series_of,
        limit=task.limit,
        seed=seed,
        own=task.spec.file is not None,
        forecasts=forecasts,
        metrics=_metrics(task, windows, contestant.name),
        calibration=_calibration(windows),
        cells={str(cell): float(value) for cell, value in scores.groupby("cell")["SQL"].mean().dropna().items()},
        unusable=sum(one.made.unusable for one in windows) / answers if answers else None,
        fallback=fallbacks / forecasts if llm or fallbacks else None,
        seconds=round(seconds, 2),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        tokens=tokens or None,
        fingerprint=task.fingerprint,
        versions={"skucast": __version__} | {name: importlib.metadata.version(name) for name in PACKAGES},
        prompt_digest=llm.prompt_digest if llm else None,
        model_digest=getattr(contestant, "model_digest", None),
        command=command,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        examples=_examples(windows[-1]),
    )
    return row, scores[SCORES]


def _check_cut(window: Window, truth: Truth) -> None:
    """A contestant must have seen nothing of the periods it is scored on, of any series, and forecast no other ones.

    Raises:
        RuntimeError: the window was cut at another time than its truth: a fault of the harness, never of the input.
    """
    shown = window.panel.cutoff
    first = pd.Timestamp(min(row[0] for row in truth.ds))
    if pd.date_range(shown, periods=2, freq=window.panel.offset)[1] != first:
        raise RuntimeError(
            f"window {window.index}: its contestant saw sales up to {shown:%Y-%m-%d}, its truth begins {first:%Y-%m-%d}"
        )


def _scores(one: _Scored, index: int, cells: dict[str, str]) -> pd.DataFrame:
    truth, quantiles = one.truth, one.quantiles
    total = total_scores(truth.y, _totals(one, "total"), one.scale)[0] if "total" in one.made.totals else np.nan
    return pd.DataFrame(
        {
            "window": index,
            "unique_id": truth.unique_ids,
            "cell": [cells[uid] for uid in truth.unique_ids],
            "SQL": sql(truth.y, quantiles, one.scale),
            "MASE": mase(truth.y, median_of(quantiles), one.scale),
            "bias": series_bias(truth.y, median_of(quantiles), one.scale),
            "coverage": series_coverage(truth.y, quantiles),
            "total": total,
        }
    )


def _totals(one: _Scored, way: str) -> Array:
    return np.stack([one.made.totals[way][uid] for uid in one.truth.unique_ids])


def _metrics(task: EvalTask, windows: Sequence[_Scored], name: str) -> dict[str, float | None]:
    """fev's metrics and ours, each the mean over windows."""
    metrics = task.fev_scores([one.quantiles for one in windows], name)
    ours: dict[str, list[float]] = {}

    def note(metric: str, value: float) -> None:
        ours.setdefault(metric, []).append(value)

    for one in windows:
        note("bias", bias(one.truth.y, median_of(one.quantiles)))
        note("coverage", coverage(one.truth.y, one.quantiles))
        ways = {way: _totals(one, way) for way in one.made.totals} | {"sum": one.quantiles.sum(axis=1)}
        for way, totals in ways.items():
            losses, inside = total_scores(one.truth.y, totals, one.scale)
            note(f"{way}_pinball", known_mean(losses))
            note(f"{way}_coverage", known_mean(inside))
    found = metrics | {metric: float(np.mean(values)) for metric, values in ours.items()}
    return {metric: value if np.isfinite(value) else None for metric, value in found.items()}


def _calibration(windows: Sequence[_Scored]) -> dict[str, float]:
    """Mean over the windows with any known actual; empty where there is none."""
    known = [one for one in windows if np.isfinite(one.truth.y).any()]
    if not known:
        return {}
    shares = np.mean([rates(one.truth.y, one.quantiles) for one in known], axis=0)
    return {level_name(level): round(float(share), 4) for level, share in zip(LEVELS, shares, strict=True)}


def _examples(one: _Scored) -> list[ExampleForecast]:
    """The series of the last window that were forecast best and worst."""
    loss = sql(one.truth.y, one.quantiles, one.scale)
    order = [int(i) for i in np.argsort(loss) if np.isfinite(loss[i])]
    best = order[:DRAWN]
    chosen = [("best", i) for i in best] + [("worst", i) for i in order[::-1][:DRAWN] if i not in best]

    def units(values: Array) -> list[float | None]:
        return [round(float(v), 2) if np.isfinite(v) else None for v in values]

    return [
        ExampleForecast.model_validate(
            {
                "unique_id": one.truth.unique_ids[i],
                "rank": rank,
                "sql": round(float(loss[i]), 4),
                "ds": one.truth.ds[i],
                "history": units(one.truth.history[i][-DRAWN_HISTORY:]),
                "actual": units(one.truth.y[i]),
                "q10": units(one.quantiles[i, :, 0]),
                "q50": units(one.quantiles[i, :, 4]),
                "q90": units(one.quantiles[i, :, -1]),
            }
        )
        for rank, i in chosen
    ]
