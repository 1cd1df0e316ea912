"""What all tests share: a tiny LLM as a folder, of real tensor code and no weights of anybody, and patience."""

import os
import time
from collections.abc import Generator, Iterator
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a busy machine breaks no test
settings.load_profile("patient")

TOOK = pytest.StashKey[dict[str, float]]()
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


SLOW = Path(__file__).with_name("slow_tests.txt")
BUDGET = 30.0  # CPU seconds of all tests of `make test-fast` together: what takes longest is left to `make test`


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--measure-slow", action="store_true", help=f"measure which tests are slow, into {SLOW.name}")
    parser.addoption("--fuzz", type=int, default=0, help="cases of tests/fuzz, counted in docs/fuzz.json")


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """What was measured to be slow is marked so."""
    named = set() if config.getoption("--measure-slow") else set(SLOW.read_text(encoding="utf-8").split())
    for item in items:
        if item.nodeid.partition("[")[0] in named:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Each test's CPU seconds are kept, in case they are asked for."""
    started = time.process_time()
    result = yield
    item.config.stash.setdefault(TOOK, {})[item.nodeid] = time.process_time() - started
    return result


def pytest_configure(config: pytest.Config) -> None:
    """What is slow is measured over all tests or not at all: the file is written anew."""
    paths = [arg for arg in config.invocation_params.args if Path(arg.partition("::")[0]).exists()]
    if config.getoption("--measure-slow") and paths:
        raise pytest.UsageError("--measure-slow measures all tests: give it no paths")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not session.config.getoption("--measure-slow"):
        return
    functions: dict[str, float] = {}
    for name, took in session.config.stash.get(TOOK, {}).items():
        function = name.partition("[")[0]
        functions[function] = functions.get(function, 0.0) + took
    quickest = sorted(functions, key=lambda name: functions[name])
    spent = dict(zip(quickest, accumulate(functions[name] for name in quickest), strict=True))
    found = sorted(name for name in functions if spent[name] > BUDGET)
    SLOW.write_text("".join(f"{name}\n" for name in found), encoding="utf-8")


@pytest.fixture(autouse=True)
def _no_server_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with patience for every address: a port may come again."""
    monkeypatch.setattr("skucast.agent.engines.served._given_up", {})
    monkeypatch.setattr("skucast.agent.engines.served._hung", {})


@pytest.fixture(autouse=True, scope="session")
def learned_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the combined tools learn in tests is kept where no person's is, and is not found by the next run.

    Processes that run tests side by side share it: what one learned, no other learns again.
    """
    here = tmp_path_factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "kept"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("learned", "kept"):
            patch.setattr(f"skucast.agent.forecast.{module}.cache_dir", lambda: folder)
        yield folder / "learned"


@pytest.fixture(scope="session")
def tiny_llm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 3 layers and 32 dimensions; bytes are tokens, and so is a space with the byte after it."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    space = "\u0120"
    pairs = [(space, letter) for letter in letters if letter.isascii()]
    tokens = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", *letters, *map("".join, pairs)]
    raw = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=pairs))
    raw.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=CHATML
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        initializer_range=0.3,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=2,
        tie_word_embeddings=True,
    )
    folder = tmp_path_factory.mktemp("tiny-llm")
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def single_thread():
    """Tiny tensors gain nothing from a second thread."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
