"""Plots of a run: that the charts hold the run's own numbers, and that files are whole."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skucast.agent.models.slot_head import SlotConfig, new_network, to_units
from skucast.finetune.examples.windows import Example, Examples
from skucast.finetune.training import plots
from skucast.finetune.training.board import Logged
from skucast.finetune.training.plots import (
    Sample,
    forecast_samples,
    loss_curve,
    prediction_plots,
    sample_predictions,
    save,
)
from skucast.tools.errors import InputError
from transformers import LlamaConfig

LOG = [
    Logged(0, math.nan, 0.9),
    Logged(1, 2.0),
    Logged(2, 1.0, 0.8),
    Logged(3, 1.5),
    Logged(4, 0.5, 0.75),
]


def rows(chart: Any) -> list[list[dict[str, Any]]]:
    """The data sets of a chart."""
    return list(chart.to_dict()["datasets"].values())


def having(chart: Any, column: str) -> list[dict[str, Any]]:
    return next(data for data in rows(chart) if data and column in data[0])


@pytest.fixture
def network(tmp_path: Path) -> Any:
    LlamaConfig(
        vocab_size=16,
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        bos_token_id=1,
        eos_token_id=1,
    ).save_pretrained(tmp_path / "llm")
    return new_network(tmp_path / "llm", SlotConfig(layers=1), pretrained=False)


def example(number: int, horizon: int = 3) -> Example:
    length = horizon + 3 + number % 3
    base = np.linspace(0.5, 1.5, 9)[None, :] + np.arange(horizon)[:, None]
    return Example(
        ids=[2 + (number + place) % 13 for place in range(length)],
        slots=list(range(length - horizon, length)),
        letters=[0, 1],
        y=np.arange(horizon) + 1.0,
        after=np.arange(30.0),
        base=base,
        weight=1.0,
        level=2.0 + number,
        unique_id=f"sku-{number}",
    )


def examples(count: int, horizon: int = 3) -> Examples:
    return Examples([], [example(number, horizon) for number in range(count)], horizon, "e1")


def test_the_curve_holds_the_log() -> None:
    chart = loss_curve(LOG, "tiny")
    training = having(chart, "loss")
    assert [(row["step"], row["loss"]) for row in training] == [(1, 2.0), (2, 1.0), (3, 1.5), (4, 0.5)]
    smoothed, weights, old = [], 0.0, 0.0  # a slow twin: span 5 forgets a third a step
    for row in training:
        old, weights = old * 2 / 3 + row["loss"], weights * 2 / 3 + 1
        smoothed.append(old / weights)
    assert [row["smoothed"] for row in training] == pytest.approx(smoothed)
    assert having(chart, "validation") == [
        {"step": 0, "validation": 0.9},
        {"step": 2, "validation": 0.8},
        {"step": 4, "validation": 0.75},
    ]
    assert having(chart, "untrained") == [{"untrained": 0.9}]
    told = chart.to_dict()
    assert told["title"]["text"] == "tiny"
    rule = told["layer"][1]["layer"][1]
    assert rule["mark"]["type"] == "rule"
    assert rule["mark"]["strokeDash"]
    assert told["resolve"]["scale"]["y"] == "independent"


def test_a_long_log_is_thinned() -> None:
    chart = loss_curve([Logged(step, 1.0) for step in range(1, 20_001)], "long")
    assert 500 < len(having(chart, "loss")) <= plots.MOST_POINTS


def test_a_log_without_validation_has_a_curve() -> None:
    chart = loss_curve([Logged(0, math.nan, math.nan), Logged(1, 2.0)], "blind")
    assert having(chart, "loss") == [{"step": 1, "loss": 2.0, "smoothed": 2.0}]
    assert "untrained" not in str(chart.to_dict()["datasets"])


def a_sample(number: int, horizon: int = 2) -> Sample:
    levels = np.arange(1.0, 10.0)
    return Sample(
        unique_id=f"sku-{number}",
        history=np.array([4.0, np.nan, 6.0]),
        truth=np.array([7.0, np.nan])[:horizon],
        quantiles=np.stack([levels, levels + 10])[:horizon],
        base=np.array([5.5, 6.5])[:horizon],
    )


def test_a_panel_holds_past_truth_band_and_base() -> None:
    chart = sample_predictions([a_sample(0)], "windows")
    assert having(chart, "history") == [
        {"period": -2, "history": 4.0},
        {"period": -1, "history": None},
        {"period": 0, "history": 6.0},
    ]
    assert having(chart, "truth") == [
        {"period": 1, "truth": 7.0, "low": 1.0, "median": 5.0, "high": 9.0, "base": 5.5},
        {"period": 2, "truth": None, "low": 11.0, "median": 15.0, "high": 19.0, "base": 6.5},
    ]


def test_six_panels_are_drawn_at_most() -> None:
    told = sample_predictions([a_sample(number) for number in range(8)], "windows").to_dict()
    assert [panel["title"]["text"] for panel in told["concat"]] == [f"sku-{number}" for number in range(6)]
    assert told["columns"] == 3


def test_one_period_is_drawn_with_points() -> None:
    (panel,) = sample_predictions([a_sample(0, horizon=1)], "one").to_dict()["concat"]
    assert [layer["mark"]["type"] for layer in panel["layer"]] == ["rule", "line", "line", "line", "line"]
    assert all(layer["mark"]["point"] for layer in panel["layer"][2:])


@pytest.mark.slow
def test_files_are_whole_and_pages_need_no_network(tmp_path: Path) -> None:
    chart = sample_predictions([a_sample(0)], "windows")
    save(chart, tmp_path / "new" / "samples.html")
    save(chart, tmp_path / "new" / "samples.svg")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["samples.html", "samples.svg"]
    page = (tmp_path / "new" / "samples.html").read_text()
    assert "sku-0" in page
    assert 'src="http' not in page
    with pytest.raises(InputError, match=r"valid choices: \.png, \.svg, \.html"):
        save(chart, tmp_path / "samples.gif")


def test_an_untrained_residual_network_draws_the_base(network: Any) -> None:
    some = [example(0), example(4), example(5)]
    network.train()
    samples = forecast_samples(network, some, "residual")
    assert network.training
    for one, sample in zip(some, samples, strict=True):
        np.testing.assert_allclose(sample.quantiles, one.base * one.level, rtol=1e-5)
        np.testing.assert_allclose(sample.base, one.base[:, 4] * one.level)
        np.testing.assert_allclose(sample.truth, one.y * one.level)
        np.testing.assert_allclose(sample.history, np.arange(18.0, 30.0) * one.level)


def test_windows_of_other_lengths_do_not_disturb(network: Any) -> None:
    torch.manual_seed(3)
    torch.nn.init.normal_(network.score.weight)
    some = [example(0), example(1), example(2)]
    together = forecast_samples(network, some, "direct")
    for one, sample in zip(some, together, strict=True):
        (alone,) = forecast_samples(network, [one], "direct")
        np.testing.assert_allclose(sample.quantiles, alone.quantiles, rtol=1e-4)
        assert (np.diff(sample.quantiles, axis=1) >= 0).all()
    assert not np.allclose(together[0].quantiles, to_units(np.zeros((3, 9)), 2.0))


def test_the_callback_draws_the_same_six_windows_anew(
    network: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[list[str], str]] = []
    medians: list[float] = []

    def spied(samples: list[Sample], title: str) -> Any:
        drawn.append(([one.unique_id for one in samples], title))
        medians.append(float(samples[0].quantiles[0, 4]))
        return sample_predictions(samples[:1], title)

    monkeypatch.setattr(plots, "sample_predictions", spied)
    draw = prediction_plots(examples(11), tmp_path / "run", form="residual")
    draw(network, 0)
    torch.nn.init.normal_(network.score.weight)
    draw(network, 25)
    ids = [f"sku-{number}" for number in (0, 2, 4, 6, 8, 10)]
    assert drawn == [(ids, "validation windows, untrained"), (ids, "validation windows after 25 steps")]
    assert medians[0] == pytest.approx(2.0)  # the base, 1 of level 2
    assert medians[1] != pytest.approx(2.0)
    assert "after 25 steps" in (tmp_path / "run" / "samples.svg").read_text()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["samples.svg"]


def test_few_windows_are_drawn_once_each(network: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    monkeypatch.setattr(plots, "sample_predictions", lambda samples, title: counts.append(len(samples)))
    monkeypatch.setattr(plots, "save", lambda chart, path: None)
    prediction_plots(examples(2), tmp_path, form="direct")(network, 0)
    assert counts == [2]


@pytest.mark.parametrize(("count", "form"), [(0, "residual"), (3, "point"), (3, "generative")])
def test_nothing_is_drawn_where_there_is_nothing_to_show(network: Any, tmp_path: Path, count: int, form: Any) -> None:
    prediction_plots(examples(count), tmp_path / "run", form=form)(network, 0)
    assert not (tmp_path / "run").exists()
