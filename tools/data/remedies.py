"""Remedies are tried on the very data before they are advised: what does not help is not said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..messages import Fact, Message
from .health import Finding
from .schema import PanelSchema
from .sql import literal, named

Facts = Mapping[str, Fact]

# What a remedy changes of the schema, by the key of its message.
DECLARED: Mapping[str, Callable[[Facts], Mapping[str, Any]]] = {
    "advice-sum": lambda _: {"sum": True},
    "advice-copies": lambda _: {"duplicates": "drop"},
    "advice-missing": lambda _: {"missing": "zero"},
    "advice-negative": lambda _: {"negative": "zero"},
    "advice-sum-to": lambda facts: {"sum": True, "freq": facts["freq"]},
    "advice-lacking": lambda facts: {"freq": facts["freq"], "missing": "zero"},
}
MORE: Mapping[str, tuple[str, ...]] = {"duplicates": ("advice-copies",), "negative_y": ("advice-sum",)}
PARTS: Mapping[Fact, str] = {"W": "week", "M": "month"}

Tries = Callable[[Mapping[str, Any], str | None], "set[str] | None"]  # to the kinds of errors left; None: no such data


def with_remedies(
    found: Iterable[Finding], schema: PanelSchema, columns: Mapping[str, str], errors: set[str], tries: Tries
) -> Iterator[Finding]:
    """Findings with the remedies that make the data usable; where none does, with those that mend the one error.

    Args:
        found: what is wrong.
        schema: as declared.
        columns: those of the table, by our names.
        errors: the kinds of errors among the findings.
        tries: reads the data anew, with this declared and this query over it.
    """
    for finding in found:
        parts = finding.message.facts.get("parts")
        if finding.severity != "error" or not isinstance(parts, tuple):
            yield finding
            continue
        given = [part for part in parts if isinstance(part, Message)]
        kept = [part for part in given if part.key not in DECLARED and "query" not in part.facts]
        more = () if finding.kind == "negative_y" and "duplicates" not in errors else MORE.get(finding.kind, ())
        tried: list[tuple[Message, set[str] | None]] = []
        for advice in (*map(Message, more), *given):
            if advice.key in DECLARED:
                change = DECLARED[advice.key](advice.facts)
                if not all(getattr(schema, name) == value for name, value in change.items()):
                    tried.append((advice, tries(change, None)))
            elif "query" in advice.facts and (query := _query(advice, columns)):
                shown = query.replace('"', '\\"')  # it is shown between double quotes
                tried.append((Message(advice.key, {**advice.facts, "query": shown}), tries({}, query)))
        whole = [advice for advice, left in tried if left is not None and not left]
        part = [advice for advice, left in tried if left is not None and finding.kind not in left and left <= errors]
        kept += whole or part
        facts = {**finding.message.facts, "parts": tuple(kept)}
        yield replace(finding, message=Message(finding.message.key, facts))


def _query(advice: Message, columns: Mapping[str, str]) -> str | None:
    """The SQL that a remedy asks, in the names of the person's own columns; None where there is none."""
    uid, ds = (named(columns.get(ours, ours)) for ours in ("unique_id", "ds"))
    if advice.key == "advice-null-id":
        return f"select * from data where trim({uid}::varchar) <> ''"
    if advice.key == "advice-one-by-one":
        return f"select * from data where {uid} = {literal(str(advice.facts['one']))}"
    if advice.key == "advice-relabel" and (part := PARTS.get(advice.facts["freq"])):
        return f"select * replace (date_trunc('{part}', {ds})::date as {ds}) from data"
    return None
