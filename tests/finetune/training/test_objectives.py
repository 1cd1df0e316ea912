"""Losses against slow loops and numbers by hand, and batches that hold every window once."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.agent.models.slot_head import new_network, slot_logits, to_scaled, to_units
from skucast.finetune.examples.windows import Example, Examples
from skucast.finetune.training.objectives import (
    Batch,
    batch_loss,
    bucketed,
    collate,
    pinball_loss,
    validation_losses,
)
from skucast.tools.quantiles import LEVELS, pinball

pytestmark = pytest.mark.usefixtures("single_thread")


def make_example(length: int, y: list[float], weight: float = 1.0, name: str = "a") -> Example:
    """A prompt of that many tokens whose last are its slots, and two letters before them."""
    steps = len(y)
    return Example(
        ids=[3 + (k * 7) % 60 for k in range(length)],
        slots=list(range(length - steps, length)),
        letters=[length - steps - 3, length - steps - 2],
        y=np.array(y),
        after=np.array([0.5, 2.0]),
        base=np.linspace(0.2, 1.8, 9) * np.ones((steps, 1)),
        weight=weight,
        level=10.0,
        unique_id=name,
    )


def shaken(network: Any) -> Any:
    torch.manual_seed(4)
    torch.nn.init.normal_(network.score.weight, std=0.1)
    return network


# ---- pinball


def test_pinball_by_hand() -> None:
    scaled = torch.asinh(torch.full((1, 9), 2.0))
    y = torch.asinh(torch.tensor([5.0]))
    # 3 units short: the mean over the levels of tau × 3 is 1.5
    assert pinball_loss(scaled, y, torch.tensor([2.0]), units=True).item() == pytest.approx(3.0, rel=1e-5)
    over = pinball_loss(y[:, None].expand(1, 9), torch.asinh(torch.tensor([2.0])), torch.tensor([1.0]), units=True)
    assert over.item() == pytest.approx(1.5, rel=1e-5)
    plain = pinball_loss(scaled, y, torch.tensor([2.0]), units=False)  # asinh space is not weighted
    assert plain.item() == pytest.approx(0.5 * (np.arcsinh(5) - np.arcsinh(2)), rel=1e-5)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.booleans())
def test_pinball_equals_a_slow_loop(seed: int, units: bool) -> None:
    rng = np.random.default_rng(seed)
    scaled, y, weight = rng.uniform(-1, 4, (6, 9)), rng.uniform(0, 4, 6), rng.uniform(0.1, 10, 6)
    y[rng.random(6) < 0.3] = np.nan
    losses = []
    for k in range(6):
        if np.isnan(y[k]):
            continue
        each = []
        for q, tau in enumerate(LEVELS):
            error = np.sinh(y[k]) - np.sinh(scaled[k, q]) if units else y[k] - scaled[k, q]
            each.append(tau * error if error >= 0 else (tau - 1) * error)
        losses.append(sum(each) / 9 * (weight[k] if units else 1.0))
    made = pinball_loss(*(torch.from_numpy(a) for a in (scaled, y, weight)), units=units)
    assert made.item() == pytest.approx(sum(losses) / len(losses) if losses else 0.0, rel=1e-6)


def test_nothing_known_is_no_loss_and_no_gradient() -> None:
    scaled = torch.zeros(2, 9, requires_grad=True)
    loss = pinball_loss(scaled, torch.full((2,), torch.nan), torch.ones(2), units=True)
    loss.backward()
    assert loss.item() == 0
    assert scaled.grad is not None
    assert not scaled.grad.any()


@pytest.mark.parametrize("loss", ["pinball", "pinball_asinh"])
def test_the_gradient_of_the_direct_form_is_finite_for_no_sales(loss: str) -> None:
    for start in (-30.0, 0.0, 30.0):
        logits = torch.full((4, 9), start, requires_grad=True)
        made = pinball_loss(to_scaled(logits, "direct"), torch.zeros(4), torch.ones(4), units=loss == "pinball")
        made.backward()
        assert torch.isfinite(made)
        assert torch.isfinite(logits.grad).all()
    assert logits.grad is not None


# ---- batches


def test_a_batch_by_hand() -> None:
    batch = collate([make_example(8, [1.0, np.nan], 2.0), make_example(6, [0.0], 3.0)], pad=99)
    assert batch.ids.tolist()[1] == [3, 10, 17, 24, 31, 38, 99, 99]
    assert batch.mask.tolist() == [[1] * 8, [1] * 6 + [0] * 2]
    assert batch.slots.tolist() == [[0, 6], [0, 7], [1, 5]]
    assert batch.letters.tolist() == [[0, 3], [0, 4], [1, 2], [1, 3]]
    np.testing.assert_allclose(batch.y, [np.arcsinh(1), np.nan, 0.0], rtol=1e-6)
    assert batch.weight.tolist() == [2.0, 2.0, 3.0]
    np.testing.assert_allclose(batch.after, np.arcsinh([0.5, 2.0, 0.5, 2.0]), rtol=1e-6)
    assert batch.base.shape == (3, 9)
    assert batch.y.dtype == batch.base.dtype == torch.float32


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.integers(5, 70), min_size=1, max_size=80), st.integers(60, 400), st.integers(0, 50))
def test_every_window_is_in_one_batch_within_the_limit(lengths: list[int], limit: int, seed: int) -> None:
    examples = [make_example(length, [1.0], name=str(i)) for i, length in enumerate(lengths)]
    for shuffle in (True, False):
        batches = list(bucketed(examples, limit, seed, shuffle=shuffle))
        assert Counter(one.unique_id for batch in batches for one in batch) == Counter(map(str, range(len(lengths))))
        for batch in batches:
            assert len(batch) * max(len(one.ids) for one in batch) <= limit or len(batch) == 1
        assert batches == list(bucketed(examples, limit, seed, shuffle=shuffle))


def test_batches_differ_by_the_seed() -> None:
    examples = [make_example(20 + i % 3, [1.0], name=str(i)) for i in range(60)]

    def drawn(seed: int) -> list[tuple[str, ...]]:
        return [tuple(one.unique_id for one in batch) for batch in bucketed(examples, 200, seed)]

    assert drawn(1) != drawn(2)
    assert {frozenset(batch) for batch in drawn(1)} != {frozenset(batch) for batch in drawn(2)}
    assert list(bucketed([], 100, 0)) == []


# ---- the losses of a network


@pytest.mark.parametrize("form", ["residual", "direct"])
def test_validation_loss_is_twice_the_pinball_over_the_scale(
    tiny_llm: Path, make_recipe: Any, examples: Examples, form: str
) -> None:
    recipe = make_recipe(form=form)
    network = shaken(new_network(tiny_llm, recipe.slot_config(3, ""))).eval()
    chosen = [replace(examples.validation[0], y=np.array([np.nan, 0.0, 2.0])), *examples.validation[1:4]]
    batch = collate(chosen, 2)
    with torch.no_grad():
        total, count = validation_losses(network, batch, recipe).tolist()
        logits = slot_logits(network, batch.ids, batch.mask, batch.slots)
        scaled = to_scaled(logits, form, batch.base).double().numpy().reshape(4, 3, 9)
    expected = 0.0
    for one, quantiles in zip(chosen, scaled, strict=True):
        units, y = to_units(quantiles, one.level), one.y * one.level
        scale = one.level / one.weight
        expected += float(np.nansum(2 * pinball(y, units).mean(axis=-1) / scale))
    assert count == 11
    assert total == pytest.approx(expected, rel=1e-4)


def test_the_first_validation_of_the_residual_form_is_the_base_forecasts(
    tiny_llm: Path, make_recipe: Any, examples: Examples
) -> None:
    recipe = make_recipe()
    network = new_network(tiny_llm, recipe.slot_config(3, "")).eval()
    with torch.no_grad():
        total, count = validation_losses(network, collate(examples.validation, 2), recipe).tolist()
    losses = [2 * one.weight * pinball(one.y, one.base).mean(axis=-1) for one in examples.validation]
    assert total / count == pytest.approx(float(np.mean(losses)), rel=1e-5)


def test_the_loss_of_the_past_is_added_by_its_weight(tiny_llm: Path, make_recipe: Any, examples: Examples) -> None:
    batch = collate(examples.train[:6], 2)
    made = {}
    for weight in (0.0, 0.5, 1.0):
        recipe = make_recipe(form="direct", history_loss=weight)
        network = shaken(new_network(tiny_llm, recipe.slot_config(3, ""))).eval()
        made[weight] = batch_loss(network, batch, recipe).item()
    after = to_scaled(slot_logits(network, batch.ids, batch.mask, batch.letters), "direct")
    past = pinball_loss(after, batch.after, torch.ones(len(batch.after)), units=False).item()
    assert past > 0.01
    assert made[0.5] - made[0.0] == pytest.approx(past / 2, rel=1e-4)
    assert made[1.0] - made[0.0] == pytest.approx(past, rel=1e-4)


def test_the_point_form_reads_the_right_step(tiny_llm: Path, make_recipe: Any) -> None:
    """Windows of different horizons: the k-th slot is read from the k-th logit at the last token."""
    recipe = make_recipe(form="point", loss="mse")
    network = shaken(new_network(tiny_llm, recipe.slot_config(4, ""))).eval()
    chosen = [make_example(12, [1.0, 2.0, 3.0]), make_example(9, [4.0]), make_example(15, [0.0, np.nan, 1.0, 2.0])]
    batch = collate(chosen, 2)
    errors, spread, known = [], [], 0
    with torch.no_grad():
        for row, one in enumerate(chosen):
            alone = collate([one], 2)
            logits = slot_logits(network, alone.ids, alone.mask, torch.tensor([[0, len(one.ids) - 1]]))[0].numpy()
            assert batch.mask[row].sum() == len(one.ids)
            for step, y in enumerate(one.y):
                if np.isfinite(y):
                    errors.append((logits[step] - np.arcsinh(y)) ** 2)
                    point = max(np.sinh(logits[step]), 0.0)
                    spread.append(abs(y - point) * one.weight)  # twice the mean pinball of nine equal quantiles
                    known += 1
        assert batch_loss(network, batch, recipe).item() == pytest.approx(np.mean(errors), rel=1e-4)
        total, count = validation_losses(network, batch, recipe).tolist()
    assert count == known == 7
    assert total == pytest.approx(sum(spread), rel=1e-4)


def test_cross_entropy_is_of_the_answer_only(tiny_llm: Path, make_recipe: Any, chats: Examples) -> None:
    from transformers import AutoModelForCausalLM

    recipe = make_recipe(form="generative", loss="ce")
    network = AutoModelForCausalLM.from_pretrained(tiny_llm).eval()
    batch = collate(chats.train[:3], 2, chats=True)
    with torch.no_grad():
        made = batch_loss(network, batch, recipe).item()
        total, count = validation_losses(network, batch, recipe).tolist()
        losses = []
        for one in chats.train[:3]:
            chances = network(torch.tensor([one.ids])).logits[0].log_softmax(-1)
            losses += [-chances[place, one.ids[place + 1]].item() for place in one.slots]
    assert made == pytest.approx(np.mean(losses), rel=1e-4)
    assert count == len(losses)
    assert total == pytest.approx(sum(losses), rel=1e-4)
    assert isinstance(batch.to("cpu"), Batch)
