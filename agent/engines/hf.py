"""The in-process engine: a Hugging Face causal LM on CPU or GPU, batched, constrained, with the shared prefix run once.

Padding and batching change the order of floating-point sums, so answers in a batch can differ from answers one by one
where two tokens are all but equally likely; the same call gives the same answers.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import transformers
import xgrammar
from transformers import AutoModelForCausalLM, DynamicCache, GgufConfig
from transformers.cache_utils import DynamicLayer

from ...tools.errors import InputError
from ...tools.inputs import home_of
from ..models.folders import NO_CODE, PLAIN, load_tokenizer
from ..models.store import require_default
from .base import Completion, Constraint, Prompt
from .cache import AHEAD, make_cache
from .dtype import compute_dtype
from .prefix import Prefix, can_share, register

GRAMMAR_BYTES = 64 << 20  # of compiled grammars kept: the router has one a request
MAX_ROWS = 128  # answers decoded together
MAX_PREFILL_TOKENS = 4_096  # prompt tokens run together: bounds the activations
MAX_CACHE_TOKENS = (
    24_576  # tokens of key/value cache held at once: 1.1 GB for SmolLM2-135M in float32, half in bfloat16
)
MIN_PREFIX = 16  # a shared prefix shorter than this is not worth its own pass

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


class HFEngine:
    """A causal LM in this process."""

    def __init__(self, model: Any, tokenizer: Any, name: str, digest: str) -> None:
        self.model = model.eval()
        self.shares = can_share(model)
        if not all(isinstance(layer, DynamicLayer) for layer in DynamicCache(config=model.config).layers):
            raise InputError(f"model {name!r} is not all attention: serve it, with vLLM say, and use openai:MODEL@URL")
        if self.shares:
            self.model.set_attn_implementation(register())
        self.tokenizer = tokenizer
        self.name = name
        self.digest = digest
        self.device = next(model.parameters()).device
        ends = model.generation_config.eos_token_id
        ends = [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id]
        ends.append(tokenizer.get_vocab().get("<|im_end|>"))
        self.stops = {end for end in ends if end is not None}
        if not self.stops:
            raise InputError(f"model {name!r} names no end-of-text token, so its answers would not end")
        info = xgrammar.TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=model.config.vocab_size, stop_token_ids=sorted(self.stops)
        )
        self._compiler = xgrammar.GrammarCompiler(info, cache_limit_bytes=GRAMMAR_BYTES)
        self._compile = lru_cache(maxsize=16)(self._compile_now)

    @classmethod
    def load(cls, path_or_name: str | None = None) -> "HFEngine":
        """Load the default model, a local folder (also one with a single GGUF file), or a hub name.

        Raises:
            InputError: there is no such model here.
        """
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
        where = str(require_default()) if path_or_name is None else str(home_of(path_or_name))
        name = f"hf:{Path(where).resolve().name}"  # the last part of a hub name, too
        source = _source(Path(where))
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            tokenizer = load_tokenizer(where, **source)
            loaded = {**source, "quantization_config": GgufConfig(dequantize=True), **NO_CODE} if source else PLAIN
            model = AutoModelForCausalLM.from_pretrained(where, dtype=compute_dtype(), **loaded).to(device)
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0]
            raise InputError(f"model {where!r} cannot be loaded: {first}") from None
        return cls(model, tokenizer, name, _digest(model))

    def count_tokens(self, text: str) -> int:
        """Tokens in a text."""
        return len(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    @torch.inference_mode()
    def generate(
        self,
        prompts: Sequence[Prompt],
        *,
        max_tokens: int,
        n: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        constraint: Constraint | Sequence[Constraint] | None = None,
        logprobs: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """Answer each prompt n times (see `Engine.generate`)."""
        if not prompts:
            return []
        rows = [self._encode(prompt) for prompt in prompts]
        room = self.model.config.max_position_embeddings
        longest = max(map(len, rows))
        if longest + max_tokens > room:
            raise InputError(f"prompt of {longest} and answer of {max_tokens} tokens: the model holds {room} together")
        given = list(constraint) if isinstance(constraint, Sequence) else [constraint] * len(prompts)
        grammars = [None if one is None else self._compile(one) for one in given]
        prefix = _shared_prefix(rows) if self.shares else 0
        cached = self._run_prefix(rows[0][:prefix])
        generator = torch.Generator(device=self.device).manual_seed(seed)
        answers: list[Completion | None] = [None] * len(prompts)
        done = 0
        for batch in _batches([len(row) for row in rows], prefix, n, max_tokens):
            texts, written, likely = self._answer(
                [rows[i][prefix:] for i in batch],
                cached,
                [grammars[i] for i in batch],
                n=n,
                max_tokens=max_tokens,
                temperature=temperature,
                generator=generator,
                logprobs=logprobs,
            )
            for place, i in enumerate(batch):
                mine = slice(place * n, (place + 1) * n)
                likelihoods = tuple(likely[mine]) if logprobs else None
                answers[i] = Completion(tuple(texts[mine]), len(rows[i]), sum(written[mine]), likelihoods)
            done += len(batch)
            if progress:
                progress(done)
        return [answer for answer in answers if answer is not None]

    def _encode(self, prompt: Prompt) -> list[int]:
        turns = [{"role": message.role, "content": message.content} for message in prompt]
        prefill = turns[-1]["role"] == "assistant"
        text = self.tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=not prefill, continue_final_message=prefill
        )
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _compile_now(self, constraint: Constraint) -> Any:
        if constraint.kind == "regex":
            return self._compiler.compile_regex(constraint.value)
        if constraint.kind == "ebnf":
            return self._compiler.compile_grammar(constraint.value)
        return self._compiler.compile_json_schema(constraint.value, any_whitespace=False)

    def _run_prefix(self, prefix: list[int]) -> Prefix | None:
        """Keys and values of the shared prefix, a pair a layer, each `[K, P, d]`."""
        if not prefix:
            return None
        cache = make_cache(self.model.config)
        ids = torch.tensor([prefix], device=self.device)
        self.model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return [(layer.keys[0], layer.values[0]) for layer in cache.layers]

    def _answer(
        self,
        bodies: list[list[int]],
        prefix: Prefix | None,
        grammars: list[Any],
        *,
        n: int,
        max_tokens: int,
        temperature: float,
        generator: torch.Generator,
        logprobs: bool,
    ) -> tuple[list[str], list[int], list[float]]:
        """Answer one batch: one prefill of the bodies after the prefix, then n rows a prompt decoded together."""
        width = max(map(len, bodies))
        pad = next(iter(self.stops))
        ids = torch.tensor([[pad] * (width - len(body)) + body for body in bodies], device=self.device)
        seen = [[0] * (width - len(body)) + [1] * len(body) for body in bodies]
        mask = torch.tensor(seen, device=self.device)
        cache = make_cache(self.model.config)
        logits = self._forward(ids, mask, cache, prefix)
        if n > 1:
            cache.batch_repeat_interleave(n)
            logits, mask = logits.repeat_interleave(n, 0), mask.repeat_interleave(n, 0)
        each = [g for g in grammars for _ in range(n)]
        return self._decode(logits, mask, cache, prefix, each, max_tokens, temperature, generator, logprobs)

    def _forward(
        self, ids: torch.Tensor, mask: torch.Tensor, cache: DynamicCache, prefix: Prefix | None
    ) -> torch.Tensor:
        """Logits of the last position, `[R, V]`, of `[R, T]` new tokens; `mask` is `[R, S]` over all own tokens."""
        start = prefix[0][0].shape[1] if prefix else 0
        places = (mask.cumsum(1) - 1).clamp(min=0) + start
        out = self.model(
            input_ids=ids,
            attention_mask=None if bool(mask.all()) else mask,
            position_ids=places[:, -ids.shape[1] :],
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
            **({"shared_prefix": prefix} if prefix else {}),
        )
        logits: torch.Tensor = out.logits[:, -1].float()
        return logits

    def _decode(
        self,
        logits: torch.Tensor,
        mask: torch.Tensor,
        cache: DynamicCache,
        prefix: Prefix | None,
        grammars: list[Any],
        max_tokens: int,
        temperature: float,
        generator: torch.Generator,
        logprobs: bool,
    ) -> tuple[list[str], list[int], list[float]]:
        """Decode R rows until each has stopped; rows that have are dropped from the batch when a quarter has.

        One row alone jumps over the words that its grammar leaves no choice about: they are read in one pass.
        """
        matchers = [None if g is None else xgrammar.GrammarMatcher(g) for g in grammars]
        bits = xgrammar.allocate_token_bitmask(len(matchers), self.model.config.vocab_size)
        written: list[list[int]] = [[] for _ in matchers]
        alive = list(range(len(matchers)))  # the row of the whole that each row of the batch is
        open_rows = set(alive)
        likely = [0.0] * len(matchers)
        while any(len(written[row]) < max_tokens for row in open_rows):
            plain = logits.log_softmax(-1) if logprobs else logits
            self._mask(logits, alive, matchers, bits)
            chosen = _choose(logits, temperature, generator)
            for place, row in enumerate(alive):
                token = chosen[place]
                matcher = matchers[row]
                if row not in open_rows:
                    continue
                if token in self.stops or (matcher is not None and not matcher.accept_token(token)):
                    open_rows.discard(row)
                    continue
                written[row].append(token)
                likely[row] += float(plain[place, token]) if logprobs else 0.0
                if matcher is not None and matcher.is_terminated():
                    open_rows.discard(row)
            if not open_rows:
                break
            if len(matchers) == 1 and matchers[0] is not None and not logprobs:
                sure = self._sure(matchers[0])[: max_tokens - len(written[0])]
                written[0] += sure
                chosen += sure
            step = torch.tensor(chosen, device=self.device).view(len(alive), -1)
            if len(open_rows) <= 0.75 * len(alive):
                keep = torch.tensor([p for p, row in enumerate(alive) if row in open_rows], device=self.device)
                cache.batch_select_indices(keep)
                step, mask, alive = step[keep], mask[keep], [alive[p] for p in keep.tolist()]
            mask = torch.cat([mask, mask.new_ones(step.shape)], dim=1)
            logits = self._forward(step, mask, cache, prefix)
        texts = self.tokenizer.batch_decode(written, skip_special_tokens=True)
        return [text.strip() for text in texts], [len(tokens) for tokens in written], likely

    def _sure(self, matcher: Any) -> list[int]:
        """Tokens of the whole words that a grammar allows nothing but next; the matcher has then accepted them.

        Only whole words, as their tokens are those that the model would read in the finished text. None where they do
        not stand for the words: some tokenizers begin every text with a space.
        """
        try:
            words = matcher.find_jump_forward_string()
        except UnicodeDecodeError:  # it ends within a character
            return []
        words = words[: words.rfind(" ")] if " " in words else ""
        tokens = list(self.tokenizer(words, add_special_tokens=False)["input_ids"])
        if not words or self._after(tokens) != words or not matcher.accept_string(words):
            return []
        return tokens

    def _after(self, tokens: list[int]) -> str:
        """What tokens stand for behind others."""
        before = self.tokenizer("a", add_special_tokens=False)["input_ids"]
        return str(self.tokenizer.decode([*before, *tokens])).removeprefix(str(self.tokenizer.decode(before)))

    def _mask(self, logits: torch.Tensor, alive: list[int], matchers: list[Any], bits: torch.Tensor) -> None:
        """Forbid, in place, the tokens that each row's grammar does not allow next."""
        constrained = [place for place, row in enumerate(alive) if matchers[row] and not matchers[row].is_terminated()]
        if not constrained:
            return
        bits.fill_(-1)
        for place in constrained:
            matchers[alive[place]].fill_next_token_bitmask(bits, place)
        xgrammar.apply_token_bitmask_inplace(logits, bits[: len(alive)].to(logits.device))


def _choose(logits: torch.Tensor, temperature: float, generator: torch.Generator) -> list[int]:
    if temperature <= 0:
        return [int(token) for token in logits.argmax(-1).tolist()]
    reach = torch.softmax(logits.float() / temperature, dim=-1).cumsum(-1)  # torch.multinomial is 10 times slower here
    at = torch.rand(len(reach), 1, generator=generator, device=reach.device) * reach[:, -1:]
    chosen = torch.searchsorted(reach, at, right=True)[:, 0].clamp(max=reach.shape[1] - 1)
    return [int(token) for token in chosen.tolist()]


def _shared_prefix(rows: Sequence[list[int]]) -> int:
    """Tokens that all prompts begin with; each keeps at least one of its own."""
    if len(rows) < 2:
        return 0
    first, last = min(rows), max(rows)
    length = 0
    for a, b in zip(first[:-1], last[:-1], strict=False):
        if a != b:
            break
        length += 1
    length = min(length, min(map(len, rows)) - 1)
    return length if length >= MIN_PREFIX else 0


def _batches(lengths: Sequence[int], prefix: int, n: int, max_tokens: int) -> Iterator[list[int]]:
    """Indices of the prompts in batches of like length, each within the limits of rows, prefill and cache."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    batch: list[int] = []
    for i in order:
        longest = lengths[batch[0]] if batch else lengths[i]
        size = len(batch) + 1
        if batch and (
            size * n > MAX_ROWS
            or size * (longest - prefix) > MAX_PREFILL_TOKENS
            or size * n * (longest - prefix + max_tokens + AHEAD) > MAX_CACHE_TOKENS
        ):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _source(where: Path) -> dict[str, Any]:
    """What `from_pretrained` must be given of a local folder: the GGUF file in it, if that is all there is."""
    if not where.is_dir() or (where / "config.json").exists():
        return {}
    ggufs = sorted(where.glob("*.gguf"))
    if len(ggufs) != 1:
        raise InputError(
            f"folder {str(where)!r} holds {len(ggufs)} .gguf files and no config.json: expected one of them"
        )
    return {"gguf_file": ggufs[0].name}


def _digest(model: Any) -> str:
    """First 12 hex digits of a SHA-256 over the config and every weight, as they are in memory.

    All of them: fine-tuned models often share their first layers, and a batch that is resumed trusts this.
    """
    config = {key: value for key, value in model.config.to_dict().items() if key != "_name_or_path"}
    digest = hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode())
    for name, weights in model.named_parameters():
        digest.update(f"{name} {weights.dtype} {list(weights.shape)}".encode())
        digest.update(weights.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
