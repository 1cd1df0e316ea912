"""vLLM in this process, for batches on a GPU host: an engine that generates, and a reader of slot logits."""

import importlib
import threading
import weakref
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from ...tools.errors import InputError
from ..models.store import base_digest
from .base import Completion, Constraint, Prompt
from .served import POOLER, STRUCTURED

KINDS = {"json_schema": "json", "regex": "regex", "ebnf": "grammar"}
SHARE = {"gpu_memory_utilization": 0.45}  # of a GPU's memory: a slot model and an LLM may share one
LAST_WAIT = 3.0  # seconds for a thread to end
AT_ONCE = 1024  # prompts handed over together: how often progress is reported


class VllmEngine:
    """A causal LM in vLLM's offline engine."""

    def __init__(self, folder: Path, digest: str, **options: Any) -> None:
        self._vllm = load_vllm()
        self._params = importlib.import_module("vllm.sampling_params")
        self._folder, self._options = folder, options
        self.name, self.digest = f"vllm:{folder.resolve().name}", digest

    def start(self) -> None:
        """Start vLLM now; else it starts when it is first asked for, as who only hands work out needs none."""
        _ = self._model

    @cached_property
    def _model(self) -> Any:
        return _started(self, self._folder, structured_outputs_config=STRUCTURED, **self._options)

    @classmethod
    def load(cls, folder: str | Path, **options: Any) -> "VllmEngine":
        """Load a whole causal LM from a folder.

        Args:
            folder: of weights, config and tokenizer.
            options: of `vllm.LLM`, such as `max_model_len`.

        Raises:
            InputError: vLLM is not installed, or the folder holds no model.
        """
        where = Path(folder)
        if not (where / "config.json").exists():
            raise InputError(f"engine vllm:{folder}: no model folder (config.json is missing)")
        return cls(where, base_digest(where), **options)

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
        given = list(constraint) if isinstance(constraint, Sequence) else [constraint] * len(prompts)
        shared = {"n": n, "temperature": temperature, "seed": seed, "max_tokens": max_tokens}
        shared |= {"logprobs": 0} if logprobs else {}
        answers: list[Completion] = []
        for begins in range(0, len(prompts), AT_ONCE):
            some, held = prompts[begins : begins + AT_ONCE], given[begins : begins + AT_ONCE]
            params = [self._vllm.SamplingParams(structured_outputs=self._held(one), **shared) for one in held]
            tokens = [self._encode(prompt) for prompt in some]
            for made in self._model.generate(tokens, params, use_tqdm=False):
                texts = tuple(answer.text.strip() for answer in made.outputs)
                written = sum(len(answer.token_ids) for answer in made.outputs)
                likely = tuple(self._likely(answer) for answer in made.outputs) if logprobs else None
                answers.append(Completion(texts, len(made.prompt_token_ids), written, likely))
            if progress:
                progress(len(answers))
        return answers

    def count_tokens(self, text: str) -> int:
        """Tokens in a text."""
        return len(self._model.get_tokenizer()(text, add_special_tokens=False)["input_ids"])

    def _likely(self, answer: Any) -> float:
        each = [candidates[token].logprob for token, candidates in zip(answer.token_ids, answer.logprobs, strict=True)]
        ended = answer.finish_reason == "stop" and answer.token_ids[-1] in self._model.get_tokenizer().all_special_ids
        return float(sum(each[:-1] if ended else each))

    def _encode(self, prompt: Prompt) -> dict[str, list[int]]:
        """As the in-process engine does, so that both read the same tokens."""
        begun = prompt[-1].role == "assistant"
        turns = [{"role": message.role, "content": message.content} for message in prompt]
        tokenizer = self._model.get_tokenizer()
        text = tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=not begun, continue_final_message=begun
        )
        return {"prompt_token_ids": tokenizer(text, add_special_tokens=False)["input_ids"]}

    def _held(self, constraint: Constraint | None) -> Any:
        if constraint is None:
            return None
        return self._params.StructuredOutputsParams(**{KINDS[constraint.kind]: constraint.value})


class VllmReader:
    """A whole slot model in vLLM's offline engine."""

    batch_tokens = 1 << 20

    def __init__(self, folder: Path, **options: Any) -> None:
        load_vllm()
        self._folder, self._options = folder, options

    def start(self) -> None:
        """Start vLLM now; else it starts when it is first asked for."""
        _ = self._model

    @cached_property
    def _model(self) -> Any:
        pooler = importlib.import_module("vllm.config").PoolerConfig(**POOLER)
        kind = {"runner": "pooling", "convert": "classify", "pooler_config": pooler}
        return _started(self, self._folder, **kind, **self._options)

    def read(self, rows: Sequence[Sequence[int]], places: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Logits at some tokens (see `SlotReader.read`)."""
        prompts = [{"prompt_token_ids": list(row)} for row in rows]
        made = self._model.encode(prompts, pooling_task="token_classify", use_tqdm=False)
        return torch.stack([made[row].outputs.data[column].float().cpu() for row, column in places])


def _started(owner: object, folder: Path, **options: Any) -> Any:
    """vLLM's engine, whose process ends with its owner, or before this one."""
    before = set(threading.enumerate())
    model = load_vllm().LLM(str(folder), **SHARE | options)
    watching = [thread for thread in threading.enumerate() if thread not in before]
    weakref.finalize(owner, _end, model.llm_engine.engine_core, watching)
    return model


def _end(core: Any, watching: Sequence[threading.Thread]) -> None:
    """End the engine's process, and wait for what watches it: a thread cut off within vLLM's code aborts this one."""
    core.shutdown()
    for thread in watching:
        thread.join(LAST_WAIT)


def load_vllm() -> Any:
    """The vllm package.

    Raises:
        InputError: it is not installed.
    """
    try:
        return importlib.import_module("vllm")
    except ImportError as error:
        raise InputError(
            f"vllm cannot be imported ({error}): install skucast[vllm], on a CPU see docs/SERVING.md"
        ) from None
