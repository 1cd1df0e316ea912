"""Drift on simulated series: thresholds from stable ones, planted changes, how many are found and how late.

python -m skucast.evals.bench.drift --calibrate     prints thresholds
"""

import argparse
from typing import Any

import numpy as np
from scipy import stats

from ...tools.monitor.drift import KINDS, Detect, Kind, Thresholds, adwin, first, page_hinkley, scores, streams
from ...tools.quantiles import LEVELS, Array

YEAR, KNOWN, CHANGE = 52, 104, 26  # weeks watched, weeks known before, and week of the change
WANTED = 0.008  # series with a false alarm in a year, all kinds together: so that chance leaves it below 0.01
CALIBRATED, TESTED, PLANTED = 6000, 3000, 300  # series
DETECTORS: dict[str, Detect] = {"Page-Hinkley": page_hinkley, "ADWIN": adwin}
ADWIN: dict[Kind, float] = {"level": 0.11, "variance": 0.193, "season": 0.138}  # as --calibrate gives them
SPANS = {"Page-Hinkley": (2.0, 60.0), "ADWIN": (1e-9, 0.2)}  # where the threshold, or the chance of a cut, is sought


def simulated(series: int, rng: np.random.Generator, change: str = "none", size: float = 1.0) -> tuple[Array, Array]:
    """Units `[N, T]` of a year and quantiles `[N, T, Q]` of forecasts that learned from two years before it.

    Demand is negative binomial around a level with a yearly wave; the forecast knows their form, and learns level,
    wave and spread from the known years, so that it errs as forecasts do.

    Args:
        series: N.
        rng: of the draws.
        change: `level`, `variance` or `season` changes in week `CHANGE`; `none` is stable.
        size: times the level, the standard deviation or the height of the wave that it was.
    """
    weeks = np.arange(KNOWN + YEAR)
    level, phase = rng.lognormal(3, 0.7, (series, 1)), rng.uniform(0, 1, (series, 1))
    height, dispersion = rng.uniform(0.2, 0.5, (series, 1)), rng.uniform(0.05, 0.3, (series, 1))
    after = weeks[None] >= KNOWN + CHANGE
    times = {kind: np.where(after & (change == kind), size, 1.0) for kind in KINDS}
    wave = height * np.sin(2 * np.pi * (weeks[None] / 52 + phase))
    mean = level * times["level"] * np.exp(wave * times["season"])
    variance = (mean + dispersion * mean**2) * times["variance"] ** 2
    shape = mean**2 / (variance - mean)
    y = rng.negative_binomial(shape, shape / (shape + mean)).astype(float)
    return y[:, KNOWN:], _forecast(y[:, :KNOWN])


def _forecast(past: Array) -> Array:
    """Quantiles of the coming year from two known years: a yearly wave of logs by least squares, and its spread."""
    weeks = np.arange(KNOWN + YEAR)
    design = np.column_stack([np.ones_like(weeks), *(f(2 * np.pi * weeks / 52) for f in (np.sin, np.cos))])
    fitted = np.exp(design @ np.linalg.lstsq(design[:KNOWN], np.log1p(past).T, rcond=None)[0]).T
    mean = np.maximum(fitted * past.mean(axis=1, keepdims=True) / fitted[:, :KNOWN].mean(axis=1, keepdims=True), 0.1)
    missed = ((past - mean[:, :KNOWN]) ** 2 - mean[:, :KNOWN]).mean(axis=1) / (mean[:, :KNOWN] ** 2).mean(axis=1)
    shape = (1 / np.maximum(missed, 1e-3))[:, None, None]
    ahead = mean[:, KNOWN:, None]
    return np.asarray(stats.nbinom.ppf(np.array(LEVELS), shape, shape / (shape + ahead)), dtype=float)


def all_streams(y: Array, quantiles: Array) -> dict[Kind, list[Array]]:
    """The streams of every series, by kind."""
    made = [streams(scores(one, q), q[:, len(LEVELS) // 2]) for one, q in zip(y, quantiles, strict=True)]
    return {kind: [one[kind] for one in made] for kind in KINDS}


def calibrated(detector: str, held: dict[Kind, list[Array]]) -> dict[Kind, float]:
    """The most watchful setting of each kind with which at most a third of `WANTED` stable series give an alarm."""
    detect, (low, high) = DETECTORS[detector], SPANS[detector]
    watchful_is_low = detector == "Page-Hinkley"
    found: dict[Kind, float] = {}
    for kind, some in held.items():
        quiet, loud = (high, low) if watchful_is_low else (low, high)
        for _ in range(9):
            middle = float(np.sqrt(quiet * loud))
            cried = np.mean([detect(one, middle) is not None for one in some])
            quiet, loud = (middle, loud) if cried <= WANTED / len(KINDS) else (quiet, middle)
        found[kind] = float(f"{quiet:.3g}")
    return found


def judged(
    detector: str, settings: dict[Kind, float], held: dict[Kind, list[Array]]
) -> list[tuple[Kind, int, int] | None]:
    """The first alarm of each series: kind, week, and week since when; None of a quiet one."""
    series = range(len(held["level"]))
    found = [first({kind: held[kind][row] for kind in KINDS}, settings, DETECTORS[detector]) for row in series]
    return [None if one is None else one[:3] for one in found]


PLANTS = (
    *(("level", 0.5), ("level", 0.7), ("level", 1.5), ("level", 2.0)),
    *(("variance", 2.0), ("variance", 3.0), ("season", -1.0), ("season", 0.0), ("season", 2.0)),
)


def measure() -> dict[str, Any]:
    """False alarms on stable series that nothing was calibrated on, and planted changes."""
    fresh = all_streams(*simulated(TESTED, np.random.default_rng(4)))
    rows = []
    settings = {"Page-Hinkley": Thresholds().by_kind, "ADWIN": ADWIN}
    false = {
        name: 100 * float(np.mean([one is not None for one in judged(name, chosen, fresh)]))
        for name, chosen in settings.items()
    }
    for place, (kind, size) in enumerate(PLANTS):
        planted = all_streams(*simulated(PLANTED, np.random.default_rng(70 + place), kind, size))
        for name, chosen in settings.items():
            made = judged(name, chosen, planted)
            after = [one for one in made if one is not None and one[1] >= CHANGE]
            delays = [one[1] - CHANGE + 1 for one in after]
            rows.append({
                "detector": name, "kind": kind, "size": size,
                "found": round(100 * len(after) / PLANTED, 1),
                "named_right": round(100 * float(np.mean([one[0] == kind for one in after])), 1) if after else None,
                "delay": float(np.median(delays)) if after else None,
                "since_off_by": float(np.median([abs(one[2] - CHANGE) for one in after])) if after else None,
                "before": round(100 * float(np.mean([one is not None and one[1] < CHANGE for one in made])), 1),
            })  # fmt: skip
    return {
        "series": {"calibrated": CALIBRATED, "tested": TESTED, "planted": PLANTED},
        "settings": settings,
        "false_alarms_a_year_in_a_hundred": {name: round(rate, 2) for name, rate in false.items()},
        "rows": rows,
    }


def main() -> None:
    """Print what both detectors are set to so that stable series are quiet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calibrate", action="store_true", required=True)
    parser.parse_args()
    stable = all_streams(*simulated(CALIBRATED, np.random.default_rng(1)))
    for name in DETECTORS:
        print(name, calibrated(name, stable))


if __name__ == "__main__":
    main()
