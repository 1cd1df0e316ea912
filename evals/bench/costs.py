"""What an LLM's forecast costs: the slot head against digits, and quicker ways to run it with what they lose."""

import copy
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ...agent.engines.base import Engine
from ...agent.engines.slots import NetworkReader, SlotEngine
from ...agent.forecast.prompted import llm_forecasts
from ...agent.models.slot_head import SlotConfig, new_network
from ...agent.models.store import require_default
from ...prompts.context import sales_context
from ...tools.data.panel import Panel
from ...tools.quantiles import LEVELS, Array
from ..scoring.metrics import seasonal_scale, sql

SAMPLES = 20  # answers in digits that make one distribution
DIGIT_SERIES = 16
Result = dict[str, Any]


def measure_costs(whole: Panel, horizon: int, model: SlotEngine, digits: Engine, series: int) -> Result:
    """Series a second of the slot model, of its quicker variants, of all the LLM's layers, and of digits.

    Args:
        whole: sales with the truth of the last window in them.
        horizon: of that window.
        model: the slot model.
        digits: engine of the LLM that it was made from.
        series: to forecast, evenly over the panel.
    """
    cutoff = sorted(whole.past["ds"].unique())[-horizon - 1]
    panel = whole.before(cutoff)
    ids = panel.unique_ids[:: max(1, len(panel.unique_ids) // series)][:series]
    y = np.stack([whole.past_of(uid)["y"].to_numpy(dtype=float)[-horizon:] for uid in ids])
    scale = np.array([seasonal_scale(panel.past_of(uid)["y"].to_numpy(dtype=float), 1) for uid in ids])
    rows: list[Result] = []

    def timed(name: str, forecast: Callable[[], tuple[Array, int]], count: int = len(ids), scored: bool = True) -> None:
        started = time.perf_counter()
        made, tokens = forecast()
        seconds = time.perf_counter() - started
        loss = round(float(np.nanmean(sql(y[:count], made, scale[:count]))), 4) if scored else None
        rows.append(
            {
                "way": name,
                "series": count,
                "seconds": round(seconds, 2),
                "series_per_second": round(count / seconds, 3),
                "tokens_a_series": round(tokens / count),
                "SQL": loss,
            }
        )

    def read(engine: SlotEngine) -> tuple[Array, int]:
        before = engine.tokens
        made = engine.forecast(panel, horizon, ids)
        return np.stack([made[uid] for uid in ids]), engine.tokens - before

    def written() -> tuple[Array, int]:
        some = ids[:DIGIT_SERIES]
        contexts = [sales_context(panel, uid, horizon) for uid in some]
        answers = llm_forecasts(digits, contexts, [[]] * len(some), samples=SAMPLES, seed=0)
        nothing = np.zeros((horizon, len(LEVELS)))
        made = [nothing if answer.quantiles is None else answer.quantiles for answer in answers]
        return np.stack(made), sum(answer.prompt_tokens + answer.completion_tokens for answer in answers)

    read(model)  # warm
    layers = model.config.layers
    timed(f"slot head, {layers} layers, float32", lambda: read(model))
    for name, change in VARIANTS.items():
        try:
            other = _changed(model, change)
            read(other)
        except (RuntimeError, NotImplementedError, ImportError) as error:
            rows.append({"way": f"slot head, {layers} layers, {name}", "failed": str(error).splitlines()[0][:200]})
            continue
        timed(f"slot head, {layers} layers, {name}", lambda other=other: read(other))  # type: ignore[misc]
    deep = _deep(model)
    timed(f"slot head, {deep.config.layers} layers, float32 (untrained: time alone)", lambda: read(deep), scored=False)
    timed(f"digits, {SAMPLES} answers a series, zero-shot", written, DIGIT_SERIES)
    quick, slow = rows[0]["series_per_second"], rows[-1]["series_per_second"]
    return {
        "horizon": horizon,
        "cutoff": f"{cutoff:%Y-%m-%d}",
        "model": model.name,
        "digest": model.digest,
        "digits": digits.name,
        "rows": rows,
        "times_as_many_as_digits": round(quick / slow, 1),
    }


def _int8(network: Any) -> Any:
    quantize: Callable[..., Any] = torch.ao.quantization.quantize_dynamic
    return quantize(network, {torch.nn.Linear}, dtype=torch.qint8)


def _int8_some(network: Any) -> Any:
    """int8 in the MLPs' up and gate projections alone: their inputs are normed, so have no outliers to speak of."""
    quantize: Callable[..., Any] = torch.ao.quantization.quantize_dynamic
    names = [name for name, _ in network.named_modules() if name.endswith(("gate_proj", "up_proj"))]
    return quantize(network, dict.fromkeys(names, torch.ao.quantization.default_dynamic_qconfig), dtype=torch.qint8)


def _compiled(network: Any) -> Any:
    network.model = torch.compile(network.model, dynamic=True)
    return network


VARIANTS: dict[str, Callable[[Any], Any]] = {
    "bfloat16": lambda network: network.to(torch.bfloat16),
    "torch.compile": _compiled,
    "int8, every linear layer": _int8,
    "int8, gate and up projections": _int8_some,
}


def _changed(model: SlotEngine, change: Callable[[Any], Any]) -> SlotEngine:
    networks = [change(copy.deepcopy(reader.network)) for reader in model.readers if isinstance(reader, NetworkReader)]
    readers = [NetworkReader(network) for network in networks]
    return SlotEngine(readers, model.config, model.tokenizer, model.name, model.digest)


def _deep(model: SlotEngine) -> SlotEngine:
    """The same with all of the LLM's layers and a head of zeros."""
    base = require_default()
    layers = 30
    config = SlotConfig(model.config.form, layers, model.config.horizon, model.config.format)
    return SlotEngine([NetworkReader(new_network(base, config))], config, model.tokenizer, "deep", "")


def markdown(result: Result) -> list[str]:
    """The costs as lines of a page."""
    lines = [
        "",
        "## The LLM's forecast: slot head against digits",
        "",
        f"Complete Journey weekly, horizon {result['horizon']}, cutoff {result['cutoff']}, 52 weeks of context; model "
        f"{result['model']} ({result['digest']}), digits by {result['digits']}. SQL is of the last window "
        "(season 1), of fewer series for the digits; unusable answers count as zero.",
        "",
        "| way | series | seconds | series/s | tokens a series | SQL |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        if "failed" in row:
            lines.append(f"| {row['way']} | did not run: {row['failed']} | | | | |")
            continue
        loss = "" if row["SQL"] is None else f"{row['SQL']:.4f}"
        lines.append(
            f"| {row['way']} | {row['series']} | {row['seconds']} | {row['series_per_second']} | "
            f"{row['tokens_a_series']} | {loss} |"
        )
    many = result["times_as_many_as_digits"]
    return [*lines, "", f"The slot head forecasts {many} times as many series a second as digits."]
