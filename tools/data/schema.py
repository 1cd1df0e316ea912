"""What a person declares about their table: which column is which, and what is known when."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..errors import InputError, nearest
from ..inputs import brief, read_toml
from ..messages import Message, message
from .freq import Freq as Freq
from .words import column_key, words

KEYS = ("unique_id", "ds", "y")

ALIASES: dict[str, tuple[str, ...]] = {key: tuple(words()["columns"][key]) for key in KEYS}
SHOWN = 9  # aliases that a refusal names


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
    decimal: Literal[".", ","] | None = Field(
        default=None, description="of numbers in text; found from the whole column when left out"
    )
    thousands: Literal[".", ",", " ", "'"] | None = Field(
        default=None, description="of numbers in text; found from the whole column when left out"
    )
    date_format: str | None = Field(
        default=None, description="of dates in text, as %d/%m/%Y; found from the whole column when left out"
    )
    sum: bool = Field(
        default=False, description="several rows a series and period are summed, returns (negative rows) with them"
    )
    duplicates: Literal["error", "drop", "keep"] = Field(
        default="error", description="rows that were imported twice: an error, left out, or with sum counted"
    )

    @model_validator(mode="after")
    def _each_column_has_one_role(self) -> Self:
        roles = [name.lower() for name in (*KEYS, *self.known_future, *self.past_only, *self.static)]
        twice = sorted({name for name in roles if roles.count(name) > 1})
        if twice:
            raise ValueError(f"columns declared in more than one role: {', '.join(twice)}")
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("decimal and thousands are the same sign")
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
        return PanelSchema.model_validate(read_toml(path, f"schema {brief(path)}"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "schema"
        fields = ", ".join(PanelSchema.model_fields)
        raise InputError(f"schema {path}: {where}: {first['msg']}; fields are {fields}") from None


def declaring(schema: PanelSchema, more: Mapping[str, Any]) -> PanelSchema:
    """A schema with more declared.

    Raises:
        InputError: a value that its field does not have.
    """
    if not more:
        return schema
    try:
        return PanelSchema.model_validate({**schema.model_dump(exclude_unset=True), **more})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "schema"
        raise InputError(f"{where}: {first['msg']}") from None


def match_columns(columns: Sequence[str], schema: PanelSchema, without: Collection[str] = ()) -> dict[str, str]:
    """Our names to a table's columns: as declared, else of the same name, else (for the keys) by a known alias.

    Args:
        columns: of the table.
        schema: what is declared of them.
        without: keys that the table may lack.

    Raises:
        InputError: a key or a declared covariate has no column, or `schema.columns` names what is not there.
    """
    lower = {column.lower(): column for column in reversed(columns)}
    alike = _by_key(columns)
    for ours, theirs in schema.columns.items():
        if ours not in (*KEYS, *schema.covariates):
            raise InputError(f"columns.{ours} has no role; declare it under known_future, past_only or static")
        if theirs not in columns:
            raise InputError(f"columns.{ours} = {theirs!r}: no such column; {nearest(theirs, columns)}")
    found = dict(schema.columns)
    for ours in schema.covariates:
        column = found.get(ours) or (
            ours if ours in columns else lower.get(ours.lower()) or next(iter(alike.get(column_key(ours), [])), None)
        )
        if column is None:
            raise InputError(f"no column for the covariate {ours!r}; {nearest(ours, columns)}")
        found[ours] = column
    for ours in KEYS:
        column = found.get(ours) or (ours if ours in columns else next(iter(_alike(ours, alike, found)), None))
        if column is None and ours not in without:
            raise InputError(
                f"no column for {ours}; got {', '.join(columns)}; expected {ours} or an alias "
                f"({', '.join(ALIASES[ours][1:SHOWN])}, …); or declare it in the schema: [columns] {ours} = "
                "'YOUR COLUMN'"
            )
        if column is not None:
            found[ours] = column
    return found


def taken_of_several(columns: Sequence[str], found: Mapping[str, str], schema: PanelSchema) -> tuple[Message, ...]:
    """The keys for which a table has more than one column, with that which was taken."""
    alike = _by_key(columns)
    said = []
    for ours in KEYS:
        if ours in schema.columns or found.get(ours) == ours or ours not in found:
            continue
        others = [column for column in _alike(ours, alike, {**found, ours: ""}) if column != found[ours]]
        if others:
            said.append(message("assumed-column", role=ours, column=found[ours], others=tuple(others)))
    return tuple(said)


def may_be_ids(columns: Sequence[str], schema: PanelSchema) -> set[str]:
    """The columns that hold ids or other text, by their names or as declared."""
    alike = _by_key(columns)
    named = {column for alias in ALIASES["unique_id"] for column in alike.get(column_key(alias), [])}
    declared = {schema.columns.get(ours, ours) for ours in ("unique_id", *schema.static)} | {*schema.series}
    return named | declared


def _by_key(columns: Sequence[str]) -> dict[str, list[str]]:
    """Columns by their names as those are compared; after them those whose name has a remark in brackets besides."""
    found: dict[str, list[str]] = {}
    for key in (column_key, lambda name: column_key(re.sub(r"[(\[（].*?[)\]）]", "", name))):
        for column in columns:
            some = found.setdefault(key(column), [])
            some += [column] if column not in some else []
    return found


def _alike(ours: str, alike: Mapping[str, Sequence[str]], found: Mapping[str, str]) -> list[str]:
    """The columns that bear a name or alias of a key, and have no other role."""
    named = [column for alias in map(column_key, ALIASES[ours]) for column in alike.get(alias, [])]
    return [column for column in dict.fromkeys(named) if column not in found.values()]
