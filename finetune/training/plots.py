"""Plots of a run: the loss curve, and sample predictions that change in front of a person as it trains."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
import torch

from ...agent.faces import plots as plot
from ...agent.models.slot_head import slot_logits, to_scaled, to_units
from ...tools.quantiles import LEVELS, MEDIAN, Array
from ..examples.windows import Example, Examples
from ..recipe import Form
from .board import Logged
from .objectives import collate

PANELS = 6
SAMPLES = "samples.svg"
MOST_POINTS = 1500  # of a curve; more cannot be seen
GREY, GREEN, ORANGE = "#9aa5b1", "#2f855a", "#e07b39"
LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


@dataclass(frozen=True)
class Sample:
    """A validation window to draw, in units per period.

    Attributes:
        unique_id: the series.
        history: before the cutoff, oldest first, `[T]`; NaN is not known.
        truth: after it, `[H]`; NaN is not known.
        quantiles: of the network, `[H, Q]`.
        base: median of the base forecast, `[H]`.
    """

    unique_id: str
    history: Array
    truth: Array
    quantiles: Array
    base: Array


def loss_curve(log: Sequence[Logged], title: str) -> Any:
    """Training loss, raw and smoothed, on the left axis; validation loss on the right, dashed where it was untrained.

    The axes are two since the losses are: validation is always the scaled quantile loss.
    """
    rows = [(line.step, line.loss) for line in log if math.isfinite(line.loss)]
    training = pd.DataFrame(rows, columns=["step", "loss"]).astype({"loss": float})
    training["smoothed"] = training["loss"].ewm(span=max(5, len(training) // 20)).mean()
    training = training.iloc[:: 1 + len(training) // MOST_POINTS]
    seen = [(x.step, x.validation) for x in log if x.validation is not None and math.isfinite(x.validation)]
    validation = pd.DataFrame(seen, columns=["step", "validation"])
    x, scale = alt.X("step:Q", title="step"), alt.Scale(zero=False)

    def right(name: str) -> Any:
        axis = alt.Axis(orient="right", titleColor=plot.BLUE)
        return alt.Y(f"{name}:Q", title="validation loss", scale=scale, axis=axis)

    learned = alt.Chart(training).encode(x=x, tooltip=["step:Q", "loss:Q", "smoothed:Q"])
    left = [
        learned.mark_line(color=GREY, opacity=0.5, strokeWidth=1).encode(
            y=alt.Y("loss:Q", title="training loss", scale=scale)
        ),
        learned.mark_line(color="#444").encode(y=alt.Y("smoothed:Q", title="training loss", scale=scale)),
    ]
    measured = alt.Chart(validation).mark_line(color=plot.BLUE, point={"color": plot.BLUE, "filled": True})
    layers = [measured.encode(x=x, y=right("validation"), tooltip=["step:Q", "validation:Q"])]
    untrained = validation[validation["step"] == 0].rename(columns={"validation": "untrained"})[["untrained"]]
    if len(untrained):
        layers.append(alt.Chart(untrained).mark_rule(color=plot.BLUE, strokeDash=[5, 4]).encode(y=right("untrained")))
    chart = alt.layer(alt.layer(*left), alt.layer(*layers)).resolve_scale(y="independent")
    subtitle = "grey and black: training, raw and smoothed; blue: validation; dashed: the untrained network"
    return chart.properties(title=alt.TitleParams(title, subtitle=subtitle, anchor="start"), width=640, height=280)


def sample_predictions(samples: Sequence[Sample], title: str) -> Any:
    """Small multiples of up to six windows: the past, what came true, median and 80 % band, and the base's median.

    Args:
        samples: in units per period; those past the sixth are left out.
        title: of all.
    """
    panels = [_panel(sample) for sample in samples[:PANELS]]
    subtitle = "black: past; green: what came true; blue: median and 80 % band; orange, dashed: the base forecast"
    return alt.concat(*panels, columns=3, title=alt.TitleParams(title, subtitle=subtitle, anchor="start"))


def _panel(sample: Sample) -> Any:
    ahead = len(sample.truth)
    fan = pd.DataFrame(
        {
            "period": np.arange(1, ahead + 1),
            "truth": sample.truth,
            "low": sample.quantiles[:, LOW],
            "median": sample.quantiles[:, MEDIAN],
            "high": sample.quantiles[:, HIGH],
            "base": sample.base,
        }
    )
    past = pd.DataFrame({"period": np.arange(1 - len(sample.history), 1), "history": sample.history})
    x = alt.X("period:Q", title=None, axis=alt.Axis(grid=False, tickCount=5, format="d"))
    point: Any = {"size": 16, "filled": True} if ahead > 1 else {"size": 50, "filled": True}

    def line(data: pd.DataFrame, name: str, **how: Any) -> Any:
        return alt.Chart(data).mark_line(strokeWidth=1.5, **how).encode(x=x, y=alt.Y(f"{name}:Q", title=None))

    forecast = alt.Chart(fan).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    wide: Any = {"strokeWidth": 8} if ahead == 1 else {}  # one period has no width to shade
    band = (forecast.mark_rule if ahead == 1 else forecast.mark_area)(color=plot.BLUE, opacity=0.25, **wide)
    dotted: Any = {"point": {**point, "color": ORANGE}} if ahead == 1 else {"strokeDash": [5, 3]}
    layers = [
        band,
        line(past, "history", color="#222"),
        line(fan, "base", color=ORANGE, **dotted),
        line(fan, "median", color=plot.BLUE, point={**point, "color": plot.BLUE} if ahead == 1 else False),
        line(fan, "truth", color=GREEN, point={**point, "color": GREEN}),
    ]
    return alt.layer(*layers).properties(title=alt.TitleParams(sample.unique_id, fontSize=11), width=250, height=130)


def save(chart: Any, path: Path) -> None:
    """Write a chart to .svg, .png or self-contained .html, beside the place and then renamed: never half of one.

    Raises:
        InputError: the suffix is another, or the file cannot be written.
    """
    plot.save([chart], path, folder_too=True)


def prediction_plots(examples: Examples, folder: Path, *, form: Form) -> Callable[[Any, int], None]:
    """What `train(on_validation=...)` calls: draws six validation windows, always the same, to `samples.svg`.

    Args:
        examples: of the run.
        folder: of the run.
        form: of the recipe; of `point` and `generative` nothing is drawn, they have no quantiles to show.
    """
    some = examples.validation
    chosen = (
        [some[int(place)] for place in np.unique(np.linspace(0, len(some) - 1, PANELS).astype(int))] if some else []
    )

    def draw(network: Any, step: int) -> None:
        if chosen and (form == "direct" or form == "residual"):
            title = f"validation windows after {step} steps" if step else "validation windows, untrained"
            save(sample_predictions(forecast_samples(network, chosen, form), title), folder / SAMPLES)

    return draw


@torch.no_grad()
def forecast_samples(network: Any, examples: Sequence[Example], form: Literal["direct", "residual"]) -> list[Sample]:
    """Forecast windows with the network as it is now; its mode (training or not) is given back.

    Args:
        network: of `make_network`.
        examples: to forecast.
        form: `direct` or `residual`.
    """
    training, device = network.training, next(network.parameters()).device
    network.eval()
    batch = collate(examples, pad=0).to(device)  # padding is masked and comes last: its token does not matter
    scaled = to_scaled(slot_logits(network, batch.ids, batch.mask, batch.slots), form, batch.base)
    network.train(training)
    made: list[Sample] = []
    start = 0
    for one in examples:
        ahead = len(one.slots)
        quantiles = to_units(scaled[start : start + ahead].double().cpu().numpy(), one.level)
        shown = one.after[-max(2 * ahead, 12) :] * one.level
        made.append(Sample(one.unique_id, shown, one.y * one.level, quantiles, one.base[:, MEDIAN] * one.level))
        start += ahead
    return made
