"""The slot head: what its logits mean, and that saved weights are the weights."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skucast.agent.models.slot_head import (
    CARD,
    GAP,
    LIMIT,
    SlotConfig,
    load_network,
    new_network,
    scaled_units,
    slot_logits,
    to_scaled,
    to_units,
)
from skucast.prompts.slots import SlotFormat
from skucast.tools.errors import InputError
from skucast.tools.quantiles import LEVELS, MEDIAN

pytestmark = pytest.mark.usefixtures("single_thread")
CONFIG = SlotConfig(layers=2, horizon=4)
ROWS = [[5, 9, 30, 41, 17, 80, 33], [12, 40, 7], [64, 3, 22, 90, 11]]
any_logits = arrays.arrays(np.float32, (3, 9), elements=st.floats(-50, 50, width=32))


def pad(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    width = max(map(len, rows))
    ids = torch.tensor([row + [2] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask, torch.tensor([(r, c) for r, row in enumerate(rows) for c in range(len(row))])


def logits_of(network: Any, rows: list[list[int]] = ROWS) -> torch.Tensor:
    with torch.no_grad():
        return slot_logits(network, *pad(rows))


def shaken(network: Any, seed: int = 1) -> Any:
    """Every trainable weight away from where it began."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight.add_(torch.randn_like(weight) * 0.2)
    return network.eval()


# ---- logits to quantiles


@settings(derandomize=True, deadline=None)
@given(arrays.arrays(np.float64, (3, 9), elements=st.floats(0, 5e4)), st.floats(0.1, 1e4))
def test_residual_logits_of_zero_give_the_base_back(base: np.ndarray, level: float) -> None:
    base = np.sort(base, axis=1)
    scaled = torch.from_numpy(scaled_units(base, 1.0).astype(np.float32))
    made = to_scaled(torch.zeros(3, 9), "residual", scaled)
    assert torch.equal(made, scaled)
    np.testing.assert_allclose(to_units(made.double().numpy(), level), base * level, rtol=2e-5, atol=1e-9)


@settings(derandomize=True, deadline=None)
@given(any_logits, arrays.arrays(np.float32, (3, 9), elements=st.floats(0, 12, width=32)))
def test_quantiles_rise_whatever_the_logits(logits: np.ndarray, base: np.ndarray) -> None:
    for made in (
        to_scaled(torch.from_numpy(logits), "direct"),
        to_scaled(torch.from_numpy(logits), "residual", torch.from_numpy(base)),
    ):
        assert (made.diff(dim=-1) >= 0).all()
        assert made.max() <= LIMIT
        units = to_units(made.double().numpy(), 7.0)
        assert (np.diff(units, axis=-1) >= 0).all()
        assert (units >= 0).all()


def test_direct_logits_by_hand() -> None:
    zero = to_scaled(torch.zeros(1, 9), "direct").double().numpy()[0]
    np.testing.assert_allclose(zero, np.arcsinh(1) + GAP * np.arange(-4, 5), atol=1e-6)
    assert to_units(zero, 34.0)[MEDIAN] == pytest.approx(34.0, rel=1e-6)
    logits = torch.zeros(1, 9)
    logits[0, MEDIAN] = 0.5  # moves all
    logits[0, 5] = 2.0  # moves q0.6 and above by the wider step
    wide = np.log1p(np.exp(2.0 + np.log(np.expm1(GAP))))
    moved = to_scaled(logits, "direct").double().numpy()[0]
    np.testing.assert_allclose(moved, zero + 0.5 + (np.arange(9) > MEDIAN) * (wide - GAP), atol=1e-6)


def test_units_are_never_below_nothing() -> None:
    made = to_units(np.array([[-2.0, -1.0, 0.0, 0.5, 1.0, 1.1, 1.2, 1.3, 40.0]]), 10.0)[0]
    assert made[:3].tolist() == [0.0, 0.0, 0.0]
    assert made[4] == pytest.approx(10 * np.sinh(1.0))
    assert made[8] == pytest.approx(10 * np.sinh(LIMIT))
    assert scaled_units(np.array([10 * np.sinh(1.3)]), 10.0)[0] == pytest.approx(1.3)


# ---- the network


def test_before_training_the_residual_form_is_the_base_forecast(tiny_llm: Path) -> None:
    network = new_network(tiny_llm, CONFIG).eval()
    base = np.sort(np.random.default_rng(0).gamma(2.0, 20.0, (len(ROWS[0]), 9)), axis=1)
    base[0] = 0.0
    logits = logits_of(network, ROWS[:1])
    scaled = to_scaled(logits, "residual", torch.from_numpy(scaled_units(base, 35.0).astype(np.float32)))
    np.testing.assert_allclose(to_units(scaled.double().numpy(), 35.0), base, rtol=2e-6, atol=0)


def test_the_first_layers_are_the_llms_own(tiny_llm: Path) -> None:
    from transformers import AutoModelForCausalLM

    whole = AutoModelForCausalLM.from_pretrained(tiny_llm)
    network = new_network(tiny_llm, CONFIG)
    assert len(network.model.layers) == 2
    assert network.score.weight.shape == (9, 32)
    assert not network.score.weight.any()
    for name, weight in network.model.named_parameters():
        assert torch.equal(weight, whole.model.get_parameter(name)), name
    drawn = [new_network(tiny_llm, CONFIG, pretrained=False, seed=seed).model.embed_tokens.weight for seed in (1, 1, 2)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert not torch.equal(drawn[0], network.model.embed_tokens.weight)
    assert new_network(tiny_llm, SlotConfig("point", 1, 12)).score.weight.shape == (12, 32)


def test_padding_changes_nothing(tiny_llm: Path) -> None:
    network = shaken(new_network(tiny_llm, CONFIG))
    together = logits_of(network)
    alone = torch.cat([logits_of(network, [row]) for row in ROWS])
    assert together.shape == (sum(map(len, ROWS)), len(LEVELS))
    assert together.abs().max() > 0.1
    assert torch.allclose(together, alone, atol=1e-5)


def adapters() -> dict[str, Any]:
    from peft import AdaLoraConfig, IA3Config, LoraConfig

    return {
        "lora": LoraConfig(task_type="SEQ_CLS", r=4, target_modules=["q_proj", "v_proj", "down_proj"]),
        "adalora": AdaLoraConfig(task_type="SEQ_CLS", init_r=4, target_r=2, total_step=10, target_modules=["q_proj"]),
        "ia3": IA3Config(
            task_type="SEQ_CLS", target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"]
        ),
    }


@pytest.mark.parametrize("kind", ["lora", "adalora", "ia3"])
def test_a_saved_adapter_is_the_same_network(tiny_llm: Path, tmp_path: Path, kind: str) -> None:
    from peft import get_peft_model

    plain = shaken(new_network(tiny_llm, CONFIG))
    network = shaken(get_peft_model(new_network(tiny_llm, CONFIG), adapters()[kind]))
    before = logits_of(network)
    network.save_pretrained(tmp_path)
    CONFIG.save(tmp_path)
    loaded, config = load_network(tmp_path, tiny_llm)
    assert config == CONFIG
    assert not loaded.training
    assert torch.allclose(logits_of(loaded), before, atol=1e-5)
    assert not torch.allclose(logits_of(loaded), logits_of(plain), atol=1e-2)


def test_merged_weights_are_read_by_transformers_and_token_by_token(tiny_llm: Path, tmp_path: Path) -> None:
    from peft import get_peft_model
    from transformers import LlamaForSequenceClassification, LlamaForTokenClassification

    network = shaken(get_peft_model(new_network(tiny_llm, CONFIG), adapters()["lora"])).merge_and_unload()
    network.save_pretrained(tmp_path)
    CONFIG.save(tmp_path)
    told = json.loads((tmp_path / "config.json").read_text())
    assert told["problem_type"] == "regression"
    assert told["architectures"] == ["LlamaForSequenceClassification"]
    assert (told["num_hidden_layers"], len(told["id2label"])) == (2, 9)
    ours = logits_of(network)
    assert torch.allclose(logits_of(load_network(tmp_path, tiny_llm)[0]), ours, atol=1e-6)
    ids, mask, _ = pad(ROWS)
    sequence = LlamaForSequenceClassification.from_pretrained(tmp_path).eval()
    tokens = LlamaForTokenClassification.from_pretrained(tmp_path).eval()
    torch.nn.init.zeros_(tokens.score.bias)
    with torch.no_grad():
        last = sequence(input_ids=ids, attention_mask=mask).logits
        each = tokens(input_ids=ids, attention_mask=mask).logits[mask.bool()]
    assert torch.allclose(each, ours, atol=1e-5)
    ends = torch.tensor([len(row) for row in ROWS]).cumsum(0) - 1
    assert torch.allclose(last, ours[ends], atol=1e-5)


# ---- what is wrong is said


def test_a_card_reads_back(tmp_path: Path) -> None:
    config = SlotConfig("direct", 7, 28, SlotFormat(history=20, notes=False), "abc", {"demo": "2024-01-01"})
    config.save(tmp_path)
    assert SlotConfig.load(tmp_path) == config


@pytest.mark.parametrize("told", [None, "{", "[]", "{}", '{"format": 3}', '{"form": "direct", "format": {"x": 1}}'])
def test_a_wrong_folder_is_refused(tmp_path: Path, tiny_llm: Path, told: str | None) -> None:
    if told is not None:
        (tmp_path / CARD).write_text(told)
    with pytest.raises(InputError, match="no slot model"):
        load_network(tmp_path, tiny_llm)


def test_a_folder_without_weights_or_with_broken_ones_is_refused(tmp_path: Path, tiny_llm: Path) -> None:
    CONFIG.save(tmp_path)
    with pytest.raises(InputError, match=r"neither config\.json nor"):
        load_network(tmp_path, tiny_llm)
    new_network(tiny_llm, CONFIG).save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x00broken")
    with pytest.raises(InputError, match="cannot be loaded"):
        load_network(tmp_path, tiny_llm)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(InputError, match="cannot be loaded"):
        load_network(tmp_path, tiny_llm)


def test_an_adapter_of_another_llm_is_refused(tmp_path: Path, tiny_llm: Path) -> None:
    from peft import get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM

    get_peft_model(new_network(tiny_llm, CONFIG), adapters()["lora"]).save_pretrained(tmp_path / "adapter")
    CONFIG.save(tmp_path / "adapter")
    other = LlamaConfig(vocab_size=50, hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2)
    LlamaForCausalLM(other).save_pretrained(tmp_path / "other")
    with pytest.raises(InputError, match="cannot be loaded"):
        load_network(tmp_path / "adapter", tmp_path / "other")


def test_a_model_that_cannot_be_used_is_refused(tiny_llm: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tiny-llm\d*: 3 layers; the recipe keeps 4") as caught:
        new_network(tiny_llm, SlotConfig(layers=4))
    assert "cannot be loaded" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be loaded"):
        new_network(tmp_path / "nowhere", CONFIG)
