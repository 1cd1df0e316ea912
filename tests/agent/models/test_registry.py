"""The registry: models by name, added whole or not at all, and merged into folders that others load."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from skucast.agent.faces.models import details, table
from skucast.agent.models import registry
from skucast.agent.models.cards import BaseLLM, DataUsed, ModelCard, Training, read_card, write_card
from skucast.agent.models.slot_head import SlotConfig, slot_logits
from skucast.agent.models.store import base_digest
from skucast.finetune.recipe import Recipe
from skucast.finetune.training.networks import make_network
from skucast.tools.errors import InputError
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import (
    AutoTokenizer,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
)

IDS = torch.tensor([[3, 5, 7, 9, 2, 4], [8, 6, 4, 2, 0, 0]])
MASK = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
PLACES = torch.tensor([[0, 2], [0, 5], [1, 3]])


def a_card(name: str, **more: Any) -> ModelCard:
    told: dict[str, Any] = {
        "name": name,
        "form": "residual",
        "made": "2025-06-01",
        "skucast_version": "0.1.0",
        "base": BaseLLM(name="small"),
        "data": [DataUsed(name="shop", licence="CC0", series=2, windows=9)],
        "examples": "e1",
        "recipe": {"name": name},
        "horizon": 4,
        "training": Training(
            runs=1, steps=2, tokens=3, seconds=4, device="cpu", stopped="done", validation_before=1, validation_best=0.5
        ),
    }
    return ModelCard(**{**told, **more})


def weights(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "/home/me/llm", "r": 2}')
    (folder / "adapter_model.safetensors").write_bytes(b"x" * 100)
    return folder


def shipped_model(folder: Path, name: str) -> Path:
    write_card(weights(folder / name), a_card(name))
    return folder / name


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SKUCAST_MODELS", str(tmp_path / "registry"))
    (tmp_path / "package").mkdir()
    monkeypatch.setattr(registry.resources, "files", lambda package: tmp_path / "package")
    return tmp_path / "registry"


@pytest.fixture(scope="module")
def llm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("llm")
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=12,
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        bos_token_id=1,
        eos_token_id=1,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(["?", "</s>", *"abcdefghij"])}, "?"))
    PreTrainedTokenizerFast(tokenizer_object=words, eos_token="</s>", unk_token="?").save_pretrained(folder)
    return folder


def adapter(llm: Path, folder: Path, **recipe: Any) -> Any:
    """A network whose adapter and head are not zero, saved as a run saves it."""
    made = Recipe(name="tiny", layers=2, rank=2, **recipe)
    network = make_network(made, llm, 4, 10)
    torch.manual_seed(2)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight.normal_(0, 0.1)  # larger ones only show float32's rounding
    folder.mkdir(parents=True)
    network.save_pretrained(folder)
    if made.form != "generative":
        made.slot_config(4, base_digest(llm)).save(folder)
    return network.eval()


def test_no_registry_has_no_models(home: Path) -> None:
    assert registry.models() == []
    assert not home.exists()


def test_the_registry_is_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKUCAST_MODELS")
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path / "cache"))
    assert registry.registry_dir() == tmp_path / "cache" / "registry"


def test_shipped_and_own_models_by_name(home: Path, tmp_path: Path) -> None:
    shipped_model(tmp_path / "package" / "weights", "middle")
    shipped_model(tmp_path / "package" / "weights", "zebra")
    for name in ("walrus", "ant"):
        registry.add(weights(tmp_path / f"run-{name}"), a_card(name))
    (home / "notes").mkdir()  # neither is a model
    weights(home / ".part-x" / "ready")
    entries = registry.models()
    assert [(e.name, e.shipped) for e in entries] == [
        ("ant", False),
        ("middle", True),
        ("walrus", False),
        ("zebra", True),
    ]
    assert entries[0].card == a_card("ant")
    assert entries[0].path == home / "ant"
    assert entries[0].bytes == sum(path.stat().st_size for path in (home / "ant").iterdir()) > 100


def test_an_own_model_hides_a_shipped_one_of_its_name(home: Path, tmp_path: Path) -> None:
    shipped_model(tmp_path / "package" / "weights", "tiny")
    best = weights(tmp_path / "run")
    with pytest.raises(InputError, match="--replace"):
        registry.add(best, a_card("tiny"))
    registry.add(best, a_card("tiny"), replace=True)
    assert [(e.name, e.shipped, e.path) for e in registry.models()] == [("tiny", False, home / "tiny")]


def test_added_with_its_card_and_without_this_machines_paths(home: Path, tmp_path: Path) -> None:
    best = weights(tmp_path / "run")
    assert registry.add(best, a_card("tiny")) == home / "tiny"
    assert read_card(home / "tiny") == a_card("tiny")
    assert json.loads((home / "tiny" / "adapter_config.json").read_text()) == {
        "base_model_name_or_path": "small",
        "r": 2,
    }
    assert sorted(path.name for path in best.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    assert [path.name for path in home.iterdir()] == ["tiny"]


def test_a_name_that_is_taken_is_refused_unless_replaced(home: Path, tmp_path: Path) -> None:
    registry.add(weights(tmp_path / "one"), a_card("tiny", about="first"))
    with pytest.raises(InputError, match="'tiny' is in the registry already: --replace"):
        registry.add(weights(tmp_path / "two"), a_card("tiny", about="second"))
    assert read_card(home / "tiny").about == "first"
    registry.add(tmp_path / "two", a_card("tiny", about="second"), replace=True)
    assert read_card(home / "tiny").about == "second"
    assert [path.name for path in home.iterdir()] == ["tiny"]


def test_a_copy_that_fails_leaves_what_was_there(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.add(weights(tmp_path / "one"), a_card("tiny", about="first"))

    def full(source: Path, target: Path, **_: object) -> None:
        (target / "adapter_config.json").write_text("{")
        assert [entry.name for entry in registry.models()] == ["tiny"]  # a half copy does not show
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(registry.shutil, "copytree", full)
    with pytest.raises(InputError, match="No space left on device"):
        registry.add(tmp_path / "one", a_card("other"))
    with pytest.raises(InputError, match="No space left on device"):
        registry.add(tmp_path / "one", a_card("tiny", about="second"), replace=True)
    assert [path.name for path in home.iterdir()] == ["tiny"]
    assert read_card(home / "tiny").about == "first"


def test_nothing_to_add(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model to add"):
        registry.add(tmp_path, a_card("tiny"))


def test_found_by_name_by_path_and_by_run(home: Path, tmp_path: Path) -> None:
    registry.add(weights(tmp_path / "run" / "best"), a_card("tiny"))
    assert registry.find("tiny") == home / "tiny"
    assert registry.find(tmp_path / "run" / "best") == tmp_path / "run" / "best"
    assert registry.find(str(tmp_path / "run")) == tmp_path / "run" / "best"
    with pytest.raises(InputError, match=r"unknown model 'tinny': did you mean tiny\?"):
        registry.find("tinny")


def test_an_ensemble_is_one_model_and_is_not_merged(home: Path, tmp_path: Path) -> None:
    for number in (0, 1):
        weights(tmp_path / "model" / f"member-{number}")
    registry.add(tmp_path / "model", a_card("pair"))
    assert [entry.name for entry in registry.models()] == ["pair"]
    for number in (0, 1):
        told = json.loads((home / "pair" / f"member-{number}" / "adapter_config.json").read_text())
        assert told["base_model_name_or_path"] == "small"
    with pytest.raises(InputError, match=r"2 models of an ensemble; merge one of them, such as .*member-0"):
        registry.merge("pair", "llm", tmp_path / "out")


def test_a_broken_card_does_not_hide_the_others(home: Path, tmp_path: Path) -> None:
    for name in ("bad", "good"):
        registry.add(weights(tmp_path / name), a_card(name))
    (home / "bad" / "card.json").write_text("{")
    bad, good = registry.models()
    assert bad.card is None
    assert "the file: Invalid JSON" in bad.problem
    assert good.card is not None
    assert "Invalid JSON" in shown(table([bad, good]))
    assert "Invalid JSON" in shown(details(bad))


def shown(what: Any) -> str:
    console = Console(width=300, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_models_in_the_terminal(tmp_path: Path) -> None:
    data = [DataUsed(name="[red]shop", licence="of 84.51°", restricted=True, series=2, windows=9)]
    card = a_card("tiny", data=data, scores={"m5": {"SQL": 0.8125}})
    registry.add(weights(tmp_path / "run"), card)
    line = next(line for line in shown(table(registry.models())).splitlines() if "tiny" in line)
    for part in ("residual", "small", "[red]shop", "2025-06-01", "1.0000 → 0.5000", "not to be passed on"):
        assert part in line
    told = shown(details(registry.models()[0]))
    for part in ("may not be passed on", "0.8125", "of 84.51°", str(tmp_path / "registry" / "tiny")):
        assert part in told


@pytest.mark.parametrize("method", ["lora", "ia3", "full"])
def test_a_merged_slot_model_gives_the_same_logits(llm: Path, tmp_path: Path, method: str) -> None:
    network = adapter(llm, tmp_path / "best", method=method)
    registry.add(tmp_path / "best", a_card("tiny"))
    out = registry.merge("tiny", llm, tmp_path / "out")
    again = LlamaForSequenceClassification.from_pretrained(out).eval()
    with torch.no_grad():
        before, after = (slot_logits(one, IDS, MASK, PLACES) for one in (network, again))
        whole = again(input_ids=IDS[:1], attention_mask=MASK[:1]).logits
    assert before.abs().max() > 0.05
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(whole[0], before[1], rtol=1e-4, atol=1e-5)  # the last token of the first prompt
    told = json.loads((out / "config.json").read_text())
    assert told["problem_type"] == "regression"
    assert told["architectures"] == ["LlamaForSequenceClassification"]
    assert told["num_hidden_layers"] == 2
    assert SlotConfig.load(out) == SlotConfig.load(tmp_path / "best")
    assert AutoTokenizer.from_pretrained(out).convert_tokens_to_ids(["a", "j"]) == [2, 11]
    card = read_card(out)
    assert (card.name, card.parents) == ("tiny-merged", ["tiny"])
    assert not (out / "adapter_config.json").exists()


def test_a_merged_generative_model_is_a_causal_llm(llm: Path, tmp_path: Path) -> None:
    network = adapter(llm, tmp_path / "best", form="generative", loss="ce")
    out = registry.merge(tmp_path / "best", llm, tmp_path / "out")
    again = LlamaForCausalLM.from_pretrained(out).eval()
    assert again.config.num_hidden_layers == 2  # as many as were trained, not the LLM's three
    with torch.no_grad():
        torch.testing.assert_close(again(IDS[:1]).logits, network(IDS[:1]).logits, rtol=1e-4, atol=1e-5)
    assert AutoTokenizer.from_pretrained(out).convert_tokens_to_ids(["a"]) == [2]
    assert not (out / "skucast_slots.json").exists()


def test_a_folder_in_use_is_not_written(llm: Path, tmp_path: Path) -> None:
    adapter(llm, tmp_path / "best")
    out = tmp_path / "out"
    out.mkdir()
    registry.merge(tmp_path / "best", llm, out)  # empty is well
    held = sorted(path.name for path in out.iterdir())
    with pytest.raises(InputError, match="name a new or an empty folder"):
        registry.merge(tmp_path / "best", llm, out)
    assert sorted(path.name for path in out.iterdir()) == held


def test_two_processes_may_merge_a_model_at_once(llm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter(llm, tmp_path / "best")
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path / "cache"))
    load, made = registry._load, []

    def load_while_another_merges(*given: Any) -> Any:
        monkeypatch.setattr(registry, "_load", load)
        made.append(registry.merged_folder(tmp_path / "best", llm))
        return load(*given)

    monkeypatch.setattr(registry, "_load", load_while_another_merges)
    assert [registry.merged_folder(tmp_path / "best", llm)] == made
    assert list((tmp_path / "cache" / "merged").iterdir()) == made


def test_a_merge_that_fails_leaves_nothing(llm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter(llm, tmp_path / "best")
    monkeypatch.setattr(SlotConfig, "save", lambda self, folder: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(InputError, match="No space left"):
        registry.merge(tmp_path / "best", llm, tmp_path / "there" / "out")
    assert list((tmp_path / "there").iterdir()) == []


def test_another_llm_is_refused(llm: Path, tmp_path: Path) -> None:
    adapter(llm, tmp_path / "best")
    other = tmp_path / "other"
    LlamaForCausalLM(LlamaConfig.from_pretrained(llm)).save_pretrained(other)
    with pytest.raises(InputError, match=f"made for the LLM {base_digest(llm)}, not for"):
        registry.merge(tmp_path / "best", other, tmp_path / "out")


def test_an_llm_that_is_not_there_is_one_line(llm: Path, tmp_path: Path) -> None:
    adapter(llm, tmp_path / "best")
    with pytest.raises(InputError, match="cannot be loaded"):
        registry.merge(tmp_path / "best", tmp_path / "nowhere", tmp_path / "out")
