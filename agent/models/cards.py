"""Model cards: what a model was made from, how and by what, and how it scored, beside its weights."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.inputs import SETTINGS, NotReadError, read_bytes

CARD_FILE = "card.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class BaseLLM(_Part):
    """The LLM that was fine-tuned; an empty digest is not known."""

    name: str
    digest: str = ""
    licence: str = "unknown"


class DataUsed(_Part):
    """One source, and how many training windows were drawn from it."""

    name: str
    licence: str
    digest: str = ""
    restricted: bool = Field(default=False, description="its terms do not plainly allow training")
    series: int
    windows: int


class Training(_Part):
    """What the runs came to, one a member of an ensemble."""

    runs: int
    steps: int
    tokens: int
    seconds: float
    device: str
    stopped: str = Field(description="done, patience or minutes")
    validation_before: float | None = Field(description="loss of the untrained network")
    validation_best: float | None


class ModelCard(_Part):
    """All that is known of a model; `card.json`. The README beside it says the same to people."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    about: str = ""
    form: str = Field(description="direct, residual, point or generative")
    made: str = Field(description="ISO date")
    skucast_version: str
    commit: str = Field(default="", description="of skucast's repository; empty where not known")
    base: BaseLLM
    data: list[DataUsed]
    examples: str = Field(description="digest of the windows")
    recipe: dict[str, Any] = Field(description="every field, as it was run")
    horizon: int
    training: Training
    scores: dict[str, dict[str, float]] = Field(default_factory=dict, description="test scores by task")
    controls: dict[str, float] = Field(default_factory=dict, description="validation loss of control runs")
    parents: list[str] = Field(default_factory=list, description="models this one was merged or trained on from")
    tools: list[str] = Field(default_factory=list, description="of a router: those it was trained to call")

    @property
    def restricted(self) -> list[str]:
        """Names of the sources whose terms do not plainly allow training."""
        return [source.name for source in self.data if source.restricted]


def write_card(folder: Path, card: ModelCard) -> None:
    """Write `README.md` and then `card.json`, each whole or not at all.

    Raises:
        InputError: the folder cannot be written.
    """
    adapter = any(folder.glob("**/adapter_config.json"))
    texts = {"README.md": _readme(card, "peft" if adapter else "transformers")}
    texts[CARD_FILE] = card.model_dump_json(indent=2) + "\n"
    for name, text in texts.items():
        write_whole(folder / name, text, f"model card in {folder}")


def read_card(folder: Path) -> ModelCard:
    """The card of a model.

    Raises:
        InputError: there is none, or it is broken.
    """
    path = folder / CARD_FILE
    try:
        return ModelCard.model_validate_json(read_bytes(path, most=SETTINGS))
    except NotReadError:
        raise InputError(f"{folder}: no model card ({CARD_FILE} is missing)") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"model card {path}: {where}: {first['msg']}") from None


def _readme(card: ModelCard, library: str) -> str:
    """The card as Markdown with the front matter of model hubs."""
    names = [source.name for source in card.data]
    front: dict[str, Any] = {"license": "other" if card.restricted else card.base.licence.lower()}
    front |= {"base_model": card.base.name, "datasets": names, "library_name": library}
    front |= {"pipeline_tag": "time-series-forecasting", "tags": ["skucast", "demand-forecasting", card.form]}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]  # JSON is YAML
    return "\n".join(["---", *lines, "---", "", markdown(card)])


def markdown(card: ModelCard) -> str:
    """The card as Markdown."""
    text = f"# {card.name}\n\n{card.about or 'A demand forecaster.'}\n"
    if card.restricted:
        terms = f"the terms of {', '.join(card.restricted)} do not plainly allow training"
        text += f"\n**These weights may not be passed on**: {terms}.\n"
    fields = ("form", "horizon", "made", "skucast_version", "commit", "examples")
    model = [[name, getattr(card, name)] for name in fields]
    model += [[f"base {name}", value] for name, value in card.base] + [["parents", ", ".join(card.parents)]]
    measures = list(dict.fromkeys(name for scores in card.scores.values() for name in scores))
    tables: dict[str, tuple[list[str], list[list[Any]]]] = {
        "Model": (["field", "value"], model),
        "Data": (list(DataUsed.model_fields), [[value for _, value in source] for source in card.data]),
        "Training": (["field", "value"], [list(pair) for pair in card.training]),
        "Controls": (["control", "validation loss"], [list(pair) for pair in card.controls.items()]),
        "Test scores": (["task", *measures], [[t, *map(of.get, measures)] for t, of in card.scores.items()]),
    }
    for title, (head, rows) in tables.items():
        cells = [head, ["---"] * len(head), *[[_cell(value) for value in row] for row in rows]]
        text += f"\n## {title}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in cells) if rows else ""
    return text + f"\n## Recipe\n\n```json\n{json.dumps(card.recipe, indent=2, ensure_ascii=False)}\n```\n"


def _cell(value: object) -> str:
    """A value that cannot break out of its table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    value = round(value, 4) if isinstance(value, float) else "not known" if value is None else value
    return " ".join(str(value).replace("|", "\\|").split()) or "-"
