"""A recipe: all that decides a fine-tuning run. One model is the TOML file, the command's flags and their docs."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..agent.models.slot_head import SlotConfig
from ..prompts.slots import SlotFormat
from ..tools.errors import InputError, nearest
from ..tools.inputs import brief, read_toml

Method = Literal["lora", "adalora", "ia3", "full", "frozen"]
Form = Literal["direct", "residual", "point", "generative"]


class Recipe(BaseModel):
    """How to fine-tune. Every field can be given on the command line as `--set name=value`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="of the model that comes out", pattern=r"^[a-z0-9][a-z0-9._-]*$")
    about: str = Field(default="", description="one line for the model card")
    data: list[str] = Field(default_factory=list, description="sources, as in `--data`; more are mixed by windows")

    form: Form = Field(default="residual", description="what the network gives: quantiles, corrections, points or text")
    layers: int = Field(default=6, ge=1, description="of the LLM that are kept, from the first")
    horizon: int = Field(default=0, ge=0, le=366, description="steps a window; 0 takes each source's own")
    history: int = Field(default=56, ge=4, le=56, description="periods of sales in the prompt")
    text: bool = Field(default=True, description="product text in the prompt")
    plan: bool = Field(default=True, description="known-future covariates in the prompt")
    signals: bool = Field(default=True, description="past-only covariates in the prompt")
    year_ago: bool = Field(default=True, description="last year's sales of each step in the prompt")
    notes: bool = Field(default=True, description="dated notes in the prompt")
    base: bool = Field(default=True, description="the base forecast in the prompt")
    shuffle_text: bool = Field(default=False, description="control: texts exchanged between products")
    pretrained: bool = Field(default=True, description="control when false: the network with random weights")

    windows: int = Field(default=6000, ge=8, description="training windows drawn")
    validation_windows: int = Field(default=400, ge=1, description="windows of the last horizon, for early stopping")
    held_out: float = Field(default=0.1, ge=0, lt=0.9, description="share of the series that never train")
    balance: float = Field(default=0.3, ge=0, le=1, description="0 draws windows evenly, 1 evenly over demand classes")
    scale_jitter: float = Field(default=0.3, ge=0, description="sigma of the log factor on units of large series")
    covariate_dropout: float = Field(default=0.1, ge=0, lt=1, description="share of windows without plan or signals")
    text_dropout: float = Field(default=0.1, ge=0, lt=1, description="share of windows without product text")
    wordings: int = Field(default=3, ge=1, le=3, description="templates the prompt is paraphrased by")

    start: str = Field(default="", description="an adapter by name that the run goes on from: continual learning")
    method: Method = Field(default="lora", description="which weights are trained; the head always is")
    rank: int = Field(default=16, ge=1, description="of LoRA and AdaLoRA")
    alpha: float = Field(default=32, gt=0, description="LoRA scaling")
    dropout: float = Field(default=0.05, ge=0, lt=1, description="of LoRA's inputs")
    loss: Literal["pinball", "pinball_asinh", "mse", "ce"] = Field(
        default="pinball", description="pinball in units over the series' scale, or in asinh space; mse; cross-entropy"
    )
    history_loss: float = Field(default=0.0, ge=0, description="weight of the next period's loss at each past letter")
    optimizer: Literal["adamw", "sgd"] = "adamw"
    lr: float = Field(default=1e-3, gt=0, description="peak learning rate of the backbone's weights")
    head_lr: float = Field(default=2e-4, gt=0, description="peak learning rate of the head")
    warmup: float = Field(default=0.06, ge=0, lt=1, description="share of the steps")
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0, description="of the gradient's norm")
    adversarial: Literal["none", "neftune", "fgm"] = Field(default="none", description="perturbed embeddings")
    noise: float = Field(default=5.0, gt=0, description="NEFTune's alpha, or FGM's epsilon")

    epochs: float = Field(default=1.0, gt=0)
    batch_tokens: int = Field(default=2048, ge=64, description="tokens a batch, padding counted")
    accumulate: int = Field(default=1, ge=1, description="batches a step")
    precision: Literal["no", "bf16", "fp16"] = Field(default="no", description="mixed precision")
    evaluate_every: int = Field(default=25, ge=1, description="steps between validations")
    patience: int = Field(default=8, ge=1, description="validations without a better one before it stops")
    keep: Literal["best", "last"] = Field(
        default="best", description="weights of the lowest validation loss, or of the end, where that loss is all noise"
    )
    minutes: float | None = Field(default=None, gt=0, description="wall time after which it stops")
    seed: int = Field(default=0, ge=0)
    seeds: int = Field(default=1, ge=1, le=16, description="adapters of an ensemble, trained with seeds from `seed` on")

    @model_validator(mode="after")
    def _the_loss_fits_the_form(self) -> Self:
        fits = {"point": ("mse",), "generative": ("ce",)}.get(self.form, ("pinball", "pinball_asinh"))
        if self.loss not in fits:
            raise ValueError(f"form {self.form!r} is trained with loss {' or '.join(fits)}, not {self.loss!r}")
        return self

    @property
    def format(self) -> SlotFormat:
        """Of the slot prompts."""
        return SlotFormat(self.history, self.text, self.year_ago, self.plan, self.signals, self.notes, self.base)

    def slot_config(self, horizon: int, base: str) -> SlotConfig:
        """What is kept beside the weights."""
        assert self.form != "generative"
        return SlotConfig(self.form, self.layers, horizon, self.format, base)


def recipes() -> list[str]:
    """Names of the recipes that come with skucast."""
    folder = resources.files(__package__) / "recipes"
    return sorted(Path(str(item)).stem for item in folder.iterdir() if str(item).endswith(".toml"))


def load_recipe(name_or_path: str, changes: dict[str, Any] | None = None) -> Recipe:
    """A recipe that comes with skucast, or from a TOML file, with these fields changed.

    Raises:
        InputError: there is none, or a field is not valid.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = Path(str(resources.files(__package__) / "recipes" / f"{name_or_path}.toml"))
        if not path.exists():
            raise InputError(f"unknown recipe {name_or_path!r}: {nearest(name_or_path, recipes())}")
    try:
        config = read_toml(path, f"recipe {brief(path)}")
        return Recipe.model_validate({"name": path.stem, **config, **(changes or {})})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "recipe"
        raise InputError(f"recipe {path.name}: {where}: {first['msg']}") from None


def parse_changes(settings: list[str]) -> dict[str, Any]:
    """Fields from `name=value` settings; values are read as TOML, else as text.

    Raises:
        InputError: a setting has no `=`, or names no field.
    """
    changes: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise InputError(f"--set {setting!r}: expected name=value")
        if name not in Recipe.model_fields:
            raise InputError(f"--set {name}: no such field; {nearest(name, list(Recipe.model_fields))}")
        try:
            changes[name] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):
            changes[name] = value
    return changes
