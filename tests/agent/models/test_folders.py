"""A hostile folder of a model: pickled weights, code of its own, a template that reaches out. None of it runs."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from skucast.agent.engines.hf import HFEngine
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.models.folders import check_model_folder, load_tokenizer
from skucast.agent.models.registry import merge
from skucast.agent.models.slot_head import CARD, SlotConfig, load_network, new_network
from skucast.prompts.slots import SlotFormat
from skucast.tools.errors import InputError

CODE = "from pathlib import Path\nPath({mark!r}).touch()\n"


class Evil:
    """Touches a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Path]]:
        return (Path.touch, (self.mark,))


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that hostile code would make."""
    return tmp_path / "it ran"


def change(path: Path, **fields: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def pickled(folder: Path, mark: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil(mark)))


def own_model(folder: Path, mark: Path) -> None:
    (folder / "evil.py").write_text(CODE.format(mark=str(mark)))
    change(
        folder / "config.json",
        model_type="evil",
        auto_map={"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"},
    )


def own_tokenizer(folder: Path, mark: Path) -> None:
    (folder / "evil.py").write_text(CODE.format(mark=str(mark)))
    change(folder / "tokenizer_config.json", tokenizer_class="Evil", auto_map={"AutoTokenizer": ["evil.Evil", None]})


HOSTILE = [pickled, own_model, own_tokenizer]


@pytest.mark.parametrize("make", HOSTILE)
def test_a_hostile_llm_is_refused_and_nothing_of_it_runs(
    make: Callable[[Path, Path], None], tiny_llm: Path, tmp_path: Path, mark: Path
) -> None:
    folder = tmp_path / "llm"
    shutil.copytree(tiny_llm, folder)
    make(folder, mark)
    config = SlotConfig(form="residual", layers=2, format=SlotFormat(), horizon=2)
    config.save(folder)
    with pytest.raises(InputError, match="llm"):
        HFEngine.load(str(folder))
    if make is not own_tokenizer:
        with pytest.raises(InputError, match="llm"):
            new_network(folder, config)
    for use in (
        load_network,
        lambda path, _: SlotEngine.load(path),
        lambda path, _: merge(path, path, tmp_path / "out"),
    ):
        with pytest.raises(InputError, match="llm"):
            use(folder, folder)
    assert not mark.exists() and not (tmp_path / "out").exists()


def test_pickles_beside_safe_weights_are_never_opened(tiny_llm: Path, tmp_path: Path, mark: Path) -> None:
    folder = tmp_path / "llm"
    shutil.copytree(tiny_llm, folder)
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt"):
        (folder / name).write_bytes(pickle.dumps(Evil(mark)))
    assert HFEngine.load(str(folder)).name == "hf:llm"
    assert not mark.exists()
    pickle.loads(pickle.dumps(Evil(mark)))  # what opening one would have done
    assert mark.exists()


def test_a_pickled_adapter_is_refused(tiny_llm: Path, tmp_path: Path, mark: Path) -> None:
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 2, "target_modules": ["q_proj"]}')
    (folder / "adapter_model.bin").write_bytes(pickle.dumps(Evil(mark)))
    SlotConfig(form="residual", layers=2, format=SlotFormat(), horizon=2).save(folder)
    with pytest.raises(InputError, match=r"adapter_model\.bin may hold code"):
        load_network(folder, tiny_llm)
    assert not mark.exists()


def test_a_chat_template_runs_in_a_sandbox(tiny_llm: Path, tmp_path: Path, mark: Path) -> None:
    folder = tmp_path / "llm"
    shutil.copytree(tiny_llm, folder)
    evil = "{{ cycler.__init__.__globals__.os.system('touch \"" + str(mark) + "\"') }}"
    change(folder / "tokenizer_config.json", chat_template=evil)
    (folder / "chat_template.jinja").write_text(evil)
    tokenizer = load_tokenizer(folder)
    with pytest.raises(Exception, match=r"unsafe|undefined"):
        tokenizer.apply_chat_template([{"role": "user", "content": "hello"}], tokenize=False)
    assert not mark.exists()


def test_configurations_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("[" * 10_000)
    with pytest.raises(InputError, match="nested too deep"):
        check_model_folder(tmp_path)
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(InputError, match="no configuration"):
        check_model_folder(tmp_path)
    (tmp_path / CARD).write_text("[]")
    with pytest.raises(InputError, match="no slot model"):
        SlotConfig.load(tmp_path)
    assert check_model_folder(tmp_path / "a name of a hub") == tmp_path / "a name of a hub"
