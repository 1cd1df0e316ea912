"""What each method trains, how fast, and under which noise."""

from pathlib import Path
from typing import Any

import pytest
import torch
from skucast.agent.models.slot_head import slot_logits
from skucast.finetune.examples.windows import Examples
from skucast.finetune.recipe import Recipe
from skucast.finetune.training.networks import Perturbation, make_network, make_optimizer
from skucast.finetune.training.objectives import batch_loss, collate
from skucast.tools.errors import InputError

pytestmark = pytest.mark.usefixtures("single_thread")


def trainable(network: Any) -> list[str]:
    return [name for name, weight in network.named_parameters() if weight.requires_grad]


def make(recipe: Recipe, base: Path) -> Any:
    return make_network(recipe, base, 3, 20)


@pytest.mark.parametrize(
    ("method", "marks"),
    [("lora", ("lora_A", "lora_B")), ("adalora", ("lora_A", "lora_B", "lora_E")), ("ia3", ("ia3_l",))],
)
def test_an_adapter_trains_itself_and_the_head(tiny_llm: Path, make_recipe: Any, method: str, marks: tuple) -> None:
    names = trainable(make(make_recipe(method=method), tiny_llm))
    head = [name for name in names if "score" in name]
    assert head == ["base_model.model.score.modules_to_save.default.weight"]
    assert {next(mark for mark in marks if mark in name) for name in names if name not in head} == set(marks)
    layers = 2 * (7 if method != "ia3" else 3)
    assert len(names) - 1 == layers * len(marks)


def test_frozen_trains_the_head_and_full_all(tiny_llm: Path, make_recipe: Any) -> None:
    assert trainable(make(make_recipe(method="frozen"), tiny_llm)) == ["score.weight"]
    full = make(make_recipe(method="full"), tiny_llm)
    assert len(trainable(full)) == len(list(full.parameters()))
    causal = make_recipe(form="generative", loss="ce", method="frozen")
    assert trainable(make(causal, tiny_llm)) == ["model.embed_tokens.weight"]  # the head, which is tied to it
    lora = make(make_recipe(form="generative", loss="ce"), tiny_llm)
    assert all("lora_" in name for name in trainable(lora))


def test_the_seed_draws_the_adapter_and_the_control(tiny_llm: Path, make_recipe: Any) -> None:
    def drawn(**changes: Any) -> torch.Tensor:
        network = make(make_recipe(**changes), tiny_llm)
        return torch.cat([weight.detach().ravel() for weight in network.parameters()])

    assert torch.equal(drawn(seed=1), drawn(seed=1))
    assert not torch.equal(drawn(seed=1), drawn(seed=2))
    for form, loss in (("residual", "pinball"), ("generative", "ce")):
        random, own = (
            make(make_recipe(pretrained=pretrained, form=form, loss=loss), tiny_llm) for pretrained in (False, True)
        )
        assert not torch.equal(random.get_input_embeddings().weight, own.get_input_embeddings().weight)
    with pytest.raises(InputError, match="cannot be loaded"):
        make(make_recipe(form="generative", loss="ce"), tiny_llm / "nowhere")


@pytest.mark.parametrize("method", ["lora", "ia3", "full"])
def test_the_head_has_its_own_rate_and_vectors_do_not_decay(tiny_llm: Path, make_recipe: Any, method: str) -> None:
    network = make(make_recipe(method=method, weight_decay=0.1), tiny_llm)
    optimizer = make_optimizer(network, make_recipe(method=method, weight_decay=0.1, lr=1e-4, head_lr=2e-3))
    group_of = {id(weight): group for group in optimizer.param_groups for weight in group["params"]}
    assert len(group_of) == len(trainable(network))
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            group = group_of[id(weight)]
            assert group["lr"] == (2e-3 if "score" in name else 1e-4), name
            vector = "norm" in name or "ia3" in name
            assert group["weight_decay"] == (0.0 if vector else 0.1), name
    slow = make_optimizer(network, make_recipe(method=method, optimizer="sgd"))
    assert isinstance(slow, torch.optim.SGD)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("kind", ["neftune", "fgm"])
def test_noise_is_for_training_only(
    tiny_llm: Path, make_recipe: Any, examples: Examples, kind: str, method: str
) -> None:
    recipe = make_recipe(method=method, adversarial=kind, noise=2.0, dropout=0.0, form="direct")
    batch = collate(examples.train[:4], 2)
    network = make(recipe, tiny_llm)
    head = network.score if method == "full" else network.base_model.model.score.modules_to_save["default"]
    torch.nn.init.normal_(head.weight, std=0.1)
    quiet = slot_logits(network.eval(), batch.ids, batch.mask, batch.slots)
    clean = batch_loss(network.train(), batch, recipe).item()
    perturbation = Perturbation(network, recipe)
    assert torch.equal(slot_logits(network.eval(), batch.ids, batch.mask, batch.slots), quiet)
    loss = batch_loss(network.train(), batch, recipe)
    loss.backward()
    with perturbation.against() as again:
        assert again is (kind == "fgm")
        if kind == "neftune":
            assert loss.item() != pytest.approx(clean, rel=1e-4)
        else:
            assert loss.item() == pytest.approx(clean, rel=1e-6)
            assert perturbation.delta is not None
            assert perturbation.delta.norm().item() == pytest.approx(2.0, rel=1e-4)
            before = {n: w.grad.clone() for n, w in network.named_parameters() if w.grad is not None}
            moved = batch_loss(network, batch, recipe)
            assert moved.item() > clean  # moved against the loss
            moved.backward()
            after = {n: w.grad for n, w in network.named_parameters() if w.grad is not None}
            assert any(not torch.equal(before[name], after[name]) for name in before)
    assert perturbation.delta is None
    assert torch.equal(slot_logits(network.eval(), batch.ids, batch.mask, batch.slots), quiet)
