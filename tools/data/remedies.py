"""Remedies are tried on the very data before they are advised: what does not help is not said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..messages import Message, message
from .health import Finding
from .schema import PanelSchema

# What a remedy changes of the schema, by the key of its message.
DECLARED: Mapping[str, Mapping[str, Any]] = {
    "advice-sum": {"sum": True},
    "advice-copies": {"duplicates": "drop"},
    "advice-missing": {"missing": "zero"},
    "advice-negative": {"negative": "zero"},
}
MORE: Mapping[str, tuple[str, ...]] = {"duplicates": ("advice-copies",), "negative_y": ("advice-sum",)}

Tries = Callable[[Mapping[str, Any], str | None], "set[str] | None"]  # to the kinds of errors left; None: no such data


def with_remedies(
    found: Iterable[Finding], schema: PanelSchema, id_column: str, errors: set[str], tries: Tries
) -> Iterator[Finding]:
    """Findings with the remedies that make the data usable; where none does, with those that mend the one error.

    Args:
        found: what is wrong.
        schema: as declared.
        id_column: the column of the unique_id.
        errors: the kinds of errors among the findings.
        tries: reads the data anew, with this declared and this query over it.
    """
    for finding in found:
        parts = finding.message.facts.get("parts")
        if finding.severity != "error" or not isinstance(parts, tuple):
            yield finding
            continue
        given = [part for part in parts if isinstance(part, Message)]
        kept = [part for part in given if part.key not in DECLARED and part.key != "advice-null-id"]
        keys = [part.key for part in given if part.key in DECLARED]
        tried: list[tuple[Message, set[str] | None]] = []
        more = () if finding.kind == "negative_y" and "duplicates" not in errors else MORE.get(finding.kind, ())
        for key in (*more, *keys):
            change = DECLARED[key]
            if not all(getattr(schema, name) == value for name, value in change.items()):
                tried.append((message(key), tries(change, None)))
        if any(part.key == "advice-null-id" for part in given):
            quoted = id_column.replace('"', '""')
            query = f"""select * from data where trim("{quoted}") <> ''"""
            tried.append((message("advice-null-id", query=query), tries({}, query)))
        whole = [advice for advice, left in tried if left is not None and not left]
        part = [advice for advice, left in tried if left is not None and finding.kind not in left and left <= errors]
        kept += whole or part
        facts = {**finding.message.facts, "parts": tuple(kept)}
        yield replace(finding, message=Message(finding.message.key, facts))
