"""What a person declares about their table: which column is which, and what is known when."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..errors import InputError, nearest
from .freq import Freq as Freq

KEYS = ("unique_id", "ds", "y")

ALIASES: dict[str, tuple[str, ...]] = {
    "unique_id": ("unique_id", "item_id", "sku", "sku_id", "product_id", "series_id", "product", "item", "id"),
    "ds": ("ds", "timestamp", "date", "datetime", "day", "week", "month", "order_date"),
    "y": ("y", "target", "units", "quantity", "qty", "sales", "demand", "units_sold", "value"),
}


class PanelSchema(BaseModel):
    """How to read a long table as a panel. Written by hand as TOML beside the data, or left to the defaults."""

    model_config = ConfigDict(extra="forbid")

    freq: Freq | None = Field(default=None, description="D, W, 2W, 4W or M; found from the dates when left out")
    missing: Literal["error", "zero", "keep"] = Field(
        default="error",
        description="periods with no row or no y: an error, zero (no row = no sale), or keep as not known",
    )
    negative: Literal["error", "zero"] = Field(
        default="error", description="negative y: an error, or zero (returns clipped)"
    )
    columns: dict[str, str] = Field(default_factory=dict, description="our name = your column")
    known_future: list[str] = Field(default_factory=list, description="known ahead: planned price, promotion, events")
    past_only: list[str] = Field(default_factory=list, description="known only once it happened: views, stock")
    static: list[str] = Field(default_factory=list, description="one value a series: category, description, brand")
    last: Literal["check", "keep"] = Field(
        default="check",
        description="last periods that look as if not over or not loaded: left out and said, or kept as sales",
    )
    series: list[str] = Field(
        default_factory=list, description="your columns that make a series together, such as store and sku"
    )

    @model_validator(mode="after")
    def _each_column_has_one_role(self) -> Self:
        roles = [name.lower() for name in (*KEYS, *self.known_future, *self.past_only, *self.static)]
        twice = sorted({name for name in roles if roles.count(name) > 1})
        if twice:
            raise ValueError(f"columns declared in more than one role: {', '.join(twice)}")
        return self

    @property
    def covariates(self) -> list[str]:
        """Every declared covariate, in the order of the roles."""
        return [*self.known_future, *self.past_only, *self.static]


def load_schema(path: Path) -> PanelSchema:
    """Read a schema from a TOML file.

    Raises:
        InputError: the file is missing, no TOML, or declares what a schema does not have.
    """
    try:
        return PanelSchema.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"schema {path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"schema {path}: not a TOML file ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "schema"
        fields = ", ".join(PanelSchema.model_fields)
        raise InputError(f"schema {path}: {where}: {first['msg']}; fields are {fields}") from None


def match_columns(columns: Sequence[str], schema: PanelSchema) -> dict[str, str]:
    """Our names to a table's columns: as declared, else of the same name, else (for the keys) by a known alias.

    Raises:
        InputError: a key or a declared covariate has no column, or `schema.columns` names what is not there.
    """
    lower = {column.lower(): column for column in reversed(columns)}
    for ours, theirs in schema.columns.items():
        if ours not in (*KEYS, *schema.covariates):
            raise InputError(f"columns.{ours} has no role; declare it under known_future, past_only or static")
        if theirs not in columns:
            raise InputError(f"columns.{ours} = {theirs!r}: no such column; {nearest(theirs, columns)}")
    found = dict(schema.columns)
    for ours in schema.covariates:
        column = found.get(ours) or (ours if ours in columns else lower.get(ours.lower()))
        if column is None:
            raise InputError(f"no column for the covariate {ours!r}; {nearest(ours, columns)}")
        found[ours] = column
    for ours in KEYS:
        free = {key: column for key, column in lower.items() if column not in found.values()}
        column = found.get(ours) or (ours if ours in columns else None)
        column = column or next((free[alias] for alias in ALIASES[ours] if alias in free), None)
        if column is None:
            raise InputError(
                f"no column for {ours}; got {', '.join(columns)}; expected {ours} or an alias "
                f"({', '.join(ALIASES[ours][1:])}); or declare it in the schema: [columns] {ours} = 'YOUR COLUMN'"
            )
        found[ours] = column
    return found
