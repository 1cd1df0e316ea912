"""Data to learn from by name: a file, the demo data, the synthetic retailer, or a benchmark task's past."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from ...tools.data.address import shown
from ...tools.data.demo import complete_journey_source
from ...tools.data.read import open_source
from ...tools.data.tasks import PastOf
from ...tools.errors import InputError
from ..examples.routing import DIALOGUES
from ..examples.windows import TrainingSource
from ..examples.writing import RETELLINGS
from ..retailer.synthetic import synthetic_panel

KINDS = "FILE, demo:W, demo:D, synthetic:W[:SERIES[:PERIODS[:SEED]]], synthetic:D[:…], task:NAME"
DEMO_TERMS = "84.51° data, for education and research"
SIZE = {"W": (600, 156), "D": (200, 500)}  # series and periods of a synthetic panel


def open_sources(
    specs: Sequence[str], *, schema: Path | None = None, sql: str | None = None, past_of: PastOf | None = None
) -> list[TrainingSource]:
    """The data that these specs name.

    Args:
        specs: see `KINDS`.
        schema: of files, where it is not beside them.
        sql: a query over files.
        past_of: gives the past of a benchmark task; None knows of none.

    Raises:
        InputError: a spec names nothing, or its data cannot be used.
    """
    return [_open(spec, schema, sql, past_of) for spec in specs if spec not in (DIALOGUES, RETELLINGS)]


def _open(spec: str, schema: Path | None, sql: str | None, past_of: PastOf | None) -> TrainingSource:
    kind, _, rest = spec.partition(":")
    if kind == "task" and past_of is not None:
        past = past_of(rest)
        return TrainingSource(past.name, past.panel, past.licence, past.restricted, past.digest, horizon=past.horizon)
    if kind == "demo":
        if rest not in ("W", "D"):
            raise InputError(f"--data {spec}: expected demo:W or demo:D")
        made = complete_journey_source(cast('Literal["W", "D"]', rest))
        name = {"W": "complete_journey_weekly", "D": "complete_journey_daily"}[rest]
        return TrainingSource(name, made.panel(), DEMO_TERMS, restricted=True, digest=made.digest)
    if kind == "synthetic":
        return _synthetic(spec, rest.split(":"))
    path = Path(spec)
    if not path.exists():
        raise InputError(f"--data {shown(spec)}: no such file; expected {KINDS}")
    made = open_source(path, schema=schema, sql=sql)
    return TrainingSource(path.stem, made.panel(), "the user's own", digest=made.digest)


def _synthetic(spec: str, parts: list[str]) -> TrainingSource:
    freq, *numbers = parts
    if freq not in SIZE or len(numbers) > 3 or not all(number.isdigit() for number in numbers):
        raise InputError(f"--data {spec}: expected synthetic:W[:SERIES[:PERIODS[:SEED]]] or synthetic:D[:…]")
    series, periods, seed = [int(n) for n in numbers] + [*SIZE[freq], 0][len(numbers) :]
    panel = synthetic_panel(series, periods, freq, seed=seed)
    return TrainingSource(spec, panel, "Apache-2.0, made by skucast", digest=spec)
