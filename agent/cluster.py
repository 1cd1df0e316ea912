"""A batch on more than one machine: the chunks as a Ray Data pipeline, their lines back in order.

The driver writes every line, so a batch on a cluster is locked and resumed as one on a single machine is. A worker that
dies is started again, and its chunk forecast anew: a chunk's lines depend on nothing but the chunk.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..tools.errors import InputError
from .batch import Catalogue, Chunk, Lines, chunk_lines
from .forecaster import Forecaster
from .report import LINE

Parts = Callable[[], tuple[Forecaster, Catalogue]]


@dataclass(frozen=True)
class RayWork:
    """Forecasts chunks on a Ray cluster: that of `RAY_ADDRESS`, else one on this machine.

    Attributes:
        parts: makes forecaster and data, once in each worker.
        horizon: periods ahead.
        cutoff: forecast as of this period.
        workers: at most; None takes as many as there are CPUs.
        cpus: of a worker.
        gpus: of a worker.
    """

    parts: Parts
    horizon: int
    cutoff: pd.Timestamp | None = None
    workers: int | None = None
    cpus: float = 1
    gpus: float = 0

    def __call__(self, chunks: Sequence[Chunk]) -> Iterator[Lines]:
        """The lines of the chunks, in order, as they come.

        Raises:
            InputError: Ray is not installed, or the cluster cannot be reached.
        """
        if not chunks:
            return
        ray = _ray()
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        asked = [{"chunk": json.dumps(chunk)} for chunk in chunks]
        most = self.workers or max(1, int(ray.cluster_resources().get("CPU", 1) / max(self.cpus, 0.01)))
        told = ray.data.from_items(asked, override_num_blocks=len(asked)).map(
            _Worker,
            fn_constructor_args=[self.parts, self.horizon, self.cutoff],
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=min(most, len(asked))),
            num_cpus=self.cpus,
            num_gpus=self.gpus,
            max_restarts=-1,
            max_task_retries=-1,
        )
        for row in told.iter_rows():
            yield [LINE.validate_json(text) for text in json.loads(row["lines"])]


class _Worker:
    """Holds forecaster and data, and forecasts chunk after chunk."""

    def __init__(self, parts: Parts, horizon: int, cutoff: pd.Timestamp | None) -> None:
        self.forecaster, self.catalogue = parts()
        self.horizon, self.cutoff = horizon, cutoff

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        series, wanted = json.loads(row["chunk"])
        lines = chunk_lines(self.forecaster, self.catalogue, (series, wanted), self.horizon, self.cutoff)
        return {"lines": json.dumps([line.model_dump_json() for line in lines])}


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError:
        raise InputError("a cluster needs Ray: pip install 'skucast[ray]'") from None
    if not ray.is_initialized():
        try:
            ray.init(
                address=os.environ.get("RAY_ADDRESS"),
                include_dashboard=False if "RAY_ADDRESS" not in os.environ else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            first = str(error).splitlines()[0]
            raise InputError(f"no Ray cluster at {os.environ.get('RAY_ADDRESS')}: {first}") from None
    return ray
