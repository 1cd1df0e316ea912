"""What all tests share: a tiny LLM as a folder, of real tensor code and no weights of anybody, and patience."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


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
