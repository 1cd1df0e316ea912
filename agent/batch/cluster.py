"""A batch on more than one machine: the chunks as a Ray Data pipeline, their lines back in order.

The driver writes every line, so a batch on a cluster is locked and resumed as one on a single machine is. A worker that
dies is started again, and its chunk forecast anew: a chunk's lines depend on nothing but the chunk, and on whether the
budget is spent. That is kept on the driver's machine; chunks under way when it runs out are finished with the LLM.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ...prompts.messages.say import say_error
from ...tools.errors import InputError
from ...tools.messages import Refusal
from ..forecast.base import CombinedBase
from ..forecast.forecaster import Forecaster
from ..forecast.report import LINE
from .budget import Budget, Meter
from .journal import AGAIN
from .run import Chunk, Lines, Salvaged, chunk_lines, cost, lines_without_llm

Parts = Callable[[], tuple[Forecaster, Salvaged]]


@dataclass(frozen=True)
class RayWork:
    """Forecasts chunks on a Ray cluster: that of `RAY_ADDRESS`, else one on this machine.

    Attributes:
        parts: makes forecaster and data, once in each worker.
        horizon: periods ahead.
        cutoff: forecast as of this period.
        workers: at most; None takes as many as the cluster has CPUs, or GPUs where those are used.
        cpus: of a worker.
        llm: whether a worker runs an LLM itself; it then gets a GPU of its own where the cluster has any.
        tools: the combined tools as the base: learned here, once, and handed to every worker.
    """

    parts: Parts
    horizon: int
    cutoff: pd.Timestamp | None = None
    workers: int | None = None
    cpus: float = 1
    llm: bool = False
    tools: CombinedBase | None = None

    def __call__(self, chunks: Sequence[Chunk], meter: Meter) -> Iterator[Lines]:
        """The lines of the chunks, in order, as they come, within what the meter's budget leaves.

        Raises:
            InputError: Ray is not installed, the cluster cannot be reached, or a worker could not start or go on.
        """
        if not chunks:
            return
        ray = _ray()
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        asked = [{"chunk": json.dumps(chunk)} for chunk in chunks]
        has = ray.cluster_resources()
        gpus = 1 if self.llm and has.get("GPU", 0) >= 1 else 0
        fit = int(has["GPU"]) if gpus else max(1, int(has.get("CPU", 1) / max(self.cpus, 0.01)))
        most = min(self.workers or fit, len(asked))
        dataset = ray.data.from_items(asked, override_num_blocks=len(asked)).map(
            _Worker,
            fn_constructor_args=[self.parts, self.horizon, self.cutoff, self._learned(ray), _shared(ray, meter, most)],
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=most),
            num_cpus=self.cpus,
            num_gpus=gpus,
            max_restarts=-1,
            max_task_retries=-1,
            allow_out_of_order_execution=False,  # what is most valuable first, while the budget lasts
        )
        rows = iter(dataset.iter_rows())
        while True:
            try:
                row = next(rows, None)
            except ray.exceptions.RayError as error:
                cause = getattr(error, "cause", None)
                words = say_error(cause) if isinstance(cause, Refusal) else str(error)
                why = [line.strip() for line in words.splitlines() if line.strip()]
                raise InputError(f"a worker of the cluster could not go on: {why[-1][:300]}; {AGAIN}") from None
            if row is None:
                return
            yield [LINE.validate_json(text) for text in json.loads(row["lines"])]

    def _learned(self, ray: Any) -> Any:
        """The combined tools where workers find them, without what they were learned from step by step."""
        if self.tools is None:
            return None
        self.tools.learn(self.horizon, self.cutoff)
        return ray.put(replace(self.tools, _memos={}))


def _shared(ray: Any, meter: Meter, workers: int) -> Any:
    """A meter that every worker asks; None where there is no bound."""
    if meter.budget == Budget():
        return None
    here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
        ray.get_runtime_context().get_node_id(), soft=False
    )
    spent = meter.seconds
    left = replace(meter.budget, seconds=None if meter.budget.seconds is None else meter.budget.seconds - spent)
    return ray.remote(num_cpus=0, scheduling_strategy=here)(Meter).remote(left, meter.series, workers)


class _Worker:
    """Holds forecaster and data, and forecasts chunk after chunk."""

    def __init__(self, parts: Parts, horizon: int, cutoff: pd.Timestamp | None, tools: Any, meter: Any) -> None:
        self.ray = _ray()
        self.forecaster, self.catalogue = parts()
        if tools is not None:
            self.forecaster = replace(self.forecaster, tools=self.ray.get(tools))
        self.horizon, self.cutoff, self.meter = horizon, cutoff, meter

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        series, wanted = json.loads(row["chunk"])
        allowed = self.meter is None or self.ray.get(self.meter.allows.remote())
        make = chunk_lines if allowed else lines_without_llm
        lines = make(self.forecaster, self.catalogue, (series, wanted), self.horizon, self.cutoff)
        if self.meter is not None:
            self.ray.get(self.meter.add.remote(len(lines), *cost(lines)))
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
