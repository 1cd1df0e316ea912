"""Which weights a run trains: a recipe's network with its PEFT adapter, its optimizer, and perturbed embeddings."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import AdaLoraConfig, IA3Config, LoraConfig, get_peft_model, load_peft_weights, set_peft_model_state_dict
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM

from ...agent.models.cards import CARD_FILE, read_card
from ...agent.models.folders import NO_CODE, PLAIN, check_model_folder
from ...agent.models.slot_head import CARD, SlotConfig, new_network
from ...tools.errors import InputError
from ..recipe import Recipe

PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def make_network(recipe: Recipe, base: Path, horizon: int, steps: int) -> Any:
    """The network of a recipe, its trainable weights marked.

    Args:
        recipe: form, depth and method.
        base: folder of the causal LLM.
        horizon: the most steps a window has.
        steps: of the whole run, for AdaLoRA's schedule.

    Raises:
        InputError: the LLM cannot be loaded or has fewer layers.
    """
    torch.manual_seed(recipe.seed)
    if recipe.form == "generative":
        network = _causal(base, recipe)
    else:
        network = new_network(base, recipe.slot_config(horizon, ""), pretrained=recipe.pretrained, seed=recipe.seed)
    if recipe.method == "full":
        return network
    if recipe.method == "frozen":
        network.requires_grad_(False)
        (network.lm_head if recipe.form == "generative" else network.score).requires_grad_(True)
        return network
    return get_peft_model(network, _adapter(recipe, steps))


def start_from(network: Any, folder: Path, recipe: Recipe, base_digest: str) -> None:
    """Give a network the weights of an adapter, head included, to go on from.

    Args:
        network: with an adapter of the same kind, as `make_network` made it.
        folder: of the adapter.
        recipe: of the run.
        base_digest: of the LLM that the network is made of; empty where not known.

    Raises:
        InputError: the folder holds no adapter, or one of another kind or another LLM.
    """
    if (folder / CARD).exists():
        held, wanted = SlotConfig.load(folder), recipe.slot_config(0, "")
        for field in ("form", "layers", "format"):
            if getattr(held, field) != getattr(wanted, field):
                raise InputError(f"start {folder.name}: its {field} is {getattr(held, field)}, not the recipe's")
    of = read_card(folder).base if (folder / CARD_FILE).exists() else None
    if of is not None and len({of.digest, base_digest} - {""}) > 1:
        raise InputError(f"start {folder.name}: made for the LLM {of.name} ({of.digest}), not for {base_digest}")
    if not hasattr(network, "peft_config") or not (folder / "adapter_config.json").exists():
        raise InputError(f"start {folder.name}: a run goes on from an adapter, by a recipe of its method")
    alpha = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8")).get("lora_alpha", recipe.alpha)
    if alpha != recipe.alpha:
        raise InputError(f"start {folder.name}: its alpha is {alpha:g}, not the recipe's")
    try:
        loaded = set_peft_model_state_dict(network, load_peft_weights(str(check_model_folder(folder)), device="cpu"))
    except (RuntimeError, OSError, SafetensorError) as error:
        raise InputError(f"start {folder.name}: does not fit the recipe ({str(error).splitlines()[0]})") from None
    trained = {name for name, weight in network.named_parameters() if weight.requires_grad}
    if loaded.unexpected_keys or trained & set(loaded.missing_keys):
        raise InputError(f"start {folder.name}: an adapter of other layers or another form than the recipe's")


def _causal(base: Path, recipe: Recipe) -> Any:
    transformers.logging.set_verbosity_error()
    try:
        check_model_folder(Path(base))
        settings = AutoConfig.from_pretrained(str(base), **NO_CODE)
        settings.num_hidden_layers = min(recipe.layers, settings.num_hidden_layers)
        settings.use_cache = False
        if not recipe.pretrained:
            return AutoModelForCausalLM.from_config(settings, dtype=torch.float32)
        return AutoModelForCausalLM.from_pretrained(str(base), config=settings, dtype=torch.float32, **PLAIN)
    except (OSError, ValueError) as error:
        raise InputError(f"model {base}: cannot be loaded ({str(error).splitlines()[0]})") from None


def _adapter(recipe: Recipe, steps: int) -> Any:
    common: dict[str, Any] = {"task_type": "CAUSAL_LM" if recipe.form == "generative" else "SEQ_CLS"}
    if recipe.method == "ia3":
        return IA3Config(target_modules=["k_proj", "v_proj", "down_proj"], feedforward_modules=["down_proj"], **common)
    common |= {"target_modules": PROJECTIONS, "lora_alpha": recipe.alpha, "lora_dropout": recipe.dropout}
    if recipe.method == "adalora":
        common |= {"tinit": steps // 5, "tfinal": steps // 4, "deltaT": max(1, steps // 50)}
        return AdaLoraConfig(target_r=max(1, recipe.rank // 2), init_r=recipe.rank, total_step=max(steps, 10), **common)
    return LoraConfig(r=recipe.rank, **common)


def make_optimizer(network: Any, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW or SGD with the head's own rate; biases, norms and IA3's vectors do not decay."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            groups.setdefault(("score" in name, weight.squeeze().ndim > 1), []).append(weight)
    parts = [
        {
            "params": weights,
            "lr": recipe.head_lr if head else recipe.lr,
            "weight_decay": recipe.weight_decay if decays else 0.0,
        }
        for (head, decays), weights in groups.items()
    ]
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(parts, momentum=0.9)
    return torch.optim.AdamW(parts)


class Perturbation:
    """Noise on the embeddings while training: NEFTune's random one, or FGM's along the gradient.

    Source: Jain et al. (2024), "NEFTune: Noisy Embeddings Improve Instruction Finetuning"; Miyato, Dai and Goodfellow
    (2017), "Adversarial Training Methods for Semi-Supervised Text Classification".
    """

    def __init__(self, network: Any, recipe: Recipe) -> None:
        self.kind, self.size = recipe.adversarial, recipe.noise
        self.embedded: torch.Tensor | None = None
        self.delta: torch.Tensor | None = None
        if self.kind != "none":
            network.get_input_embeddings().register_forward_hook(self._hook)
        self.network = network

    def _hook(self, _module: Any, _inputs: Any, embedded: torch.Tensor) -> torch.Tensor:
        if not self.network.training:
            return embedded
        if self.kind == "neftune":
            bound = self.size / (embedded.shape[1] * embedded.shape[2]) ** 0.5
            return embedded + torch.zeros_like(embedded).uniform_(-bound, bound)
        if self.delta is not None:
            return embedded + self.delta
        embedded = embedded if embedded.requires_grad else embedded.detach().requires_grad_()
        embedded.retain_grad()
        self.embedded = embedded
        return embedded

    @contextmanager
    def against(self) -> Iterator[bool]:
        """A second pass with the embeddings moved against the loss; True where there is to be one (FGM)."""
        gradient = None if self.embedded is None else self.embedded.grad
        if self.kind != "fgm" or gradient is None:
            yield False
            return
        self.delta = self.size * gradient / gradient.norm().clamp(min=1e-12)
        try:
            yield True
        finally:
            self.delta = None
