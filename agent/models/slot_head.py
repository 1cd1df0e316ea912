"""The slot head: a causal LLM with a linear layer read at the slots of a prompt, one quantile a level.

The network is `LlamaForSequenceClassification`-shaped (`score` without bias), so that transformers loads it and a vLLM
pooling runner serves it token by token. What turns its logits into quantiles stands here, free of weights.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
import transformers
from safetensors import SafetensorError
from torch.nn import functional
from transformers import AutoConfig, AutoModelForSequenceClassification

from ...prompts.slots import SlotFormat
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.inputs import SETTINGS, read_json
from ...tools.quantiles import LEVELS, MEDIAN, Array, monotone
from .folders import NO_CODE, PLAIN, check_model_folder

Form = Literal["direct", "residual", "point"]
CARD = "skucast_slots.json"
GAP = 0.15  # between neighbouring levels of the direct form where all logits are 0, in asinh(units / level)
MIDDLE = float(np.arcsinh(1.0))  # its median there: the level itself
LIMIT = 12.0  # of asinh(units / level): no forecast is 80,000 times the level


@dataclass(frozen=True)
class SlotConfig:
    """What a slot model is, beside its weights.

    Attributes:
        form: `direct`: the logits are the quantiles; `residual`: they are added to a base forecast's, and at 0 give it
            back; `point`: the logits at the last slot are the units of every step.
        layers: of the LLM that are kept, from the first.
        horizon: the most steps it was made for.
        format: of the prompts.
        base: digest of the LLM it was trained on, where known.
        trained: last date of what it has seen of each real source, by the source's name.
        freqs: the frequencies it was taught, such as `D` and `W`; empty where that was not kept.
    """

    form: Form = "residual"
    layers: int = 10
    horizon: int = 60
    format: SlotFormat = field(default_factory=SlotFormat)
    base: str = ""
    trained: dict[str, str] = field(default_factory=dict)
    freqs: list[str] = field(default_factory=list)

    @property
    def labels(self) -> int:
        """Width of the head."""
        return self.horizon if self.form == "point" else len(LEVELS)

    def save(self, folder: Path) -> None:
        """Write it beside the weights."""
        write_whole(folder / CARD, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "SlotConfig":
        """Read it.

        Raises:
            InputError: the folder is not of a slot model.
        """
        try:
            card = read_json(folder / CARD, most=SETTINGS)
            return cls(**{**card, "format": SlotFormat(**card["format"])})
        except (OSError, ValueError, TypeError, KeyError):
            raise InputError(f"{folder}: no slot model ({CARD} is missing or broken)") from None


def new_network(base: str | Path, config: SlotConfig, *, pretrained: bool = True, seed: int = 0) -> Any:
    """The LLM's first layers with a head of zeros, float32.

    Args:
        base: folder or name of the causal LLM.
        config: what to make.
        pretrained: False draws every weight anew, for the control.
        seed: of those draws.

    Raises:
        InputError: the model cannot be loaded, or has fewer layers.
    """
    transformers.logging.set_verbosity_error()
    try:
        check_model_folder(Path(base))
        settings = AutoConfig.from_pretrained(str(base), **NO_CODE)
        if settings.num_hidden_layers < config.layers:
            raise InputError(f"{base}: {settings.num_hidden_layers} layers; the recipe keeps {config.layers}")
        settings.num_hidden_layers = config.layers
        settings.num_labels = config.labels
        settings.problem_type = "regression"  # a pooling server then leaves the logits as they are
        if getattr(settings, "pad_token_id", None) is None:
            settings.pad_token_id = _first(settings.eos_token_id)
        if pretrained:
            network = AutoModelForSequenceClassification.from_pretrained(
                str(base), config=settings, dtype=torch.float32, **PLAIN
            )
        else:
            torch.manual_seed(seed)
            network = AutoModelForSequenceClassification.from_config(settings, dtype=torch.float32)
    except InputError:
        raise
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"model {base}: cannot be loaded ({(str(error) or repr(error)).splitlines()[0]})") from None
    torch.nn.init.zeros_(network.score.weight)
    network.config.use_cache = False
    return network


def slot_logits(network: Any, ids: torch.Tensor, mask: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Logits at some tokens, `[K, C]`.

    Args:
        network: of `new_network`, perhaps inside a PEFT model.
        ids: tokens `[N, T]`, padded on the right.
        mask: 1 for a token, 0 for padding, `[N, T]`.
        places: (row, column) of each wanted token, `[K, 2]`.
    """
    inner = getattr(network, "base_model", None)
    task = inner.model if inner is not None and hasattr(inner, "model") and hasattr(inner.model, "score") else network
    hidden = task.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    logits: torch.Tensor = task.score(hidden[places[:, 0], places[:, 1]])
    return logits.float()


def to_scaled(logits: torch.Tensor, form: Form, base: torch.Tensor | None = None) -> torch.Tensor:
    """Quantiles in scaled space, asinh(units / level), rising over the levels, `[K, Q]`.

    Direct: the median's logit moves the middle; the others are steps up and down from it, made positive by softplus.
    Residual: logits are added to the base's quantiles and sorted, so that zeros give the base back.

    Args:
        logits: `[K, Q]`.
        form: `direct` or `residual`.
        base: scaled quantiles of the base forecast, `[K, Q]`, for the residual form.
    """
    if form == "residual":
        assert base is not None
        return torch.sort(base + logits, dim=-1).values.clamp(max=LIMIT)
    shift = float(np.log(np.expm1(GAP)))
    steps = functional.softplus(logits + shift)
    middle = logits[:, MEDIAN : MEDIAN + 1] + MIDDLE
    down = steps[:, :MEDIAN].flip(-1).cumsum(-1).flip(-1)
    up = steps[:, MEDIAN + 1 :].cumsum(-1)
    return torch.cat([middle - down, middle, middle + up], dim=-1).clamp(max=LIMIT)


def to_units(scaled: Array, level: float | Array) -> Array:
    """Units per period of scaled quantiles: never below 0, rising over the levels."""
    return monotone(np.sinh(np.minimum(scaled, LIMIT)) * level)


def scaled_units(units: Array, level: float | Array) -> Array:
    """asinh(units / level), the space of the head."""
    return np.asarray(np.arcsinh(np.asarray(units, dtype=float) / level))


def load_network(folder: Path, base: str | Path) -> tuple[Any, SlotConfig]:
    """A slot model from a folder: merged weights, or a PEFT adapter that is merged into the LLM now.

    Raises:
        InputError: the folder holds neither, they are broken, or the adapter is of another LLM.
    """
    config = SlotConfig.load(check_model_folder(folder))
    transformers.logging.set_verbosity_error()
    adapted = (folder / "adapter_config.json").exists()
    if not adapted and not (folder / "config.json").exists():
        raise InputError(f"{folder}: neither config.json nor adapter_config.json")
    network = new_network(base, config) if adapted else None
    try:
        if adapted:
            from peft import PeftModel

            network = PeftModel.from_pretrained(network, str(folder)).merge_and_unload()
        else:
            network = AutoModelForSequenceClassification.from_pretrained(str(folder), dtype=torch.float32, **PLAIN)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise InputError(f"{folder}: cannot be loaded ({(str(error) or repr(error)).splitlines()[0]})") from None
    return network.eval(), config


def _first(value: int | Sequence[int] | None) -> int | None:
    return value if value is None or isinstance(value, int) else int(value[0])


def weights_digest(parts: Sequence[Path]) -> str:
    """Short digest of a model's folders: of their weights and slot configurations."""
    found = hashlib.sha256()
    for part in parts:
        for path in sorted([*part.glob("*.safetensors"), *part.glob(CARD)]):
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:12]
