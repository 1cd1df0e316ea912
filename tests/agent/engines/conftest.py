"""Tiny randomly initialised models with a byte-level tokenizer: real tensor code, no weights."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """Tiny tensors gain nothing from a second thread, and wait long for one on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_engine(make_engine):
    """An HFEngine over a Llama."""
    return make_engine("llama")


@pytest.fixture(scope="session")
def make_engine(one_thread: None) -> Callable[..., Any]:
    """Makes an HFEngine over 2 layers, 4 heads on 2 key/value heads, and 259 tokens, of a kind of model."""
    import torch
    from skucast.agent.engines.hf import HFEngine
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {token: i for i, token in enumerate(["<|im_start|>", "<|im_end|>", "<|endoftext|>", *letters])}
    raw = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        eos_token="<|im_end|>",
        bos_token="<|im_start|>",
        pad_token="<|endoftext|>",
        chat_template=CHATML,
    )

    def make(kind: str, **more: Any) -> HFEngine:
        torch.manual_seed(0)
        config = AutoConfig.for_model(
            kind,
            vocab_size=len(vocab),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            initializer_range=0.5,  # far from ties, so that greedy answers do not hang on float rounding
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=2,
            **more,
        )
        return HFEngine(AutoModelForCausalLM.from_config(config), tokenizer, f"hf:tiny-{kind}", "tiny")

    return make
