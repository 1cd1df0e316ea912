"""The audit log: who published, approved, overrode, promoted or rolled back what, line chained to line."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from ...tools.errors import InputError
from ...tools.files import locked
from ...tools.inputs import open_file, parse_json
from ...tools.insight.answer import Table, columns
from ...tools.messages import Count, message
from ..batch.journal import append

START = "0" * 64  # what the first line holds in place of a digest
WAIT = 30.0  # seconds that another writer may take
Act = Literal["publish", "approve", "override", "promote", "rollback", "export"]


class BrokenChainError(InputError):
    """A log that was changed.

    Attributes:
        line: the number of the first line that does not follow from the one before.
    """

    def __init__(self, path: Path, line: int, why: str) -> None:
        self.line = line
        super().__init__(f"{path}: line {line} {why}; the lines before it are as they were written")


@dataclass(frozen=True)
class AuditLine:
    """One act.

    Attributes:
        number: of the line, from 1.
        at: when, UTC.
        who: the person.
        act: what was done.
        facts: to what, and how much.
        before: digest of the line before.
        digest: of this line.
    """

    number: int
    at: str
    who: str
    act: str
    facts: dict[str, Any]
    before: str
    digest: str


@dataclass(frozen=True)
class AuditLog:
    """A file of JSON lines; each holds its own SHA-256 and that of the line before."""

    path: Path

    def add(self, who: str, act: Act, facts: Mapping[str, Any]) -> AuditLine:
        """Append a line, on the disk when this returns. The whole chain is checked first.

        A half line at the end, as a kill leaves it, is cut off, and the new line says of how many bytes.

        Raises:
            InputError: the log was changed, or cannot be written.
        """
        with locked(self.path, str(self.path), wait=WAIT) as handle:
            half = self._half()
            last = None
            for last in self._lines(whole_only=True):  # noqa: B007  the last one is what is wanted
                pass
            if half:
                os.ftruncate(handle, os.fstat(handle).st_size - half)
                facts = {**facts, "cut": half}
            made: dict[str, Any] = {
                "number": last.number + 1 if last else 1,
                "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                "who": who,
                "act": act,
                "facts": dict(facts),
                "before": last.digest if last else START,
            }
            made["digest"] = _digest(made)
            append(handle, self.path, json.dumps(made, ensure_ascii=False) + "\n")
        return AuditLine(**made)

    def lines(self) -> Iterator[AuditLine]:
        """Every line, once it is shown to follow from the one before.

        Raises:
            BrokenChainError: one does not.
            InputError: there is no log.
        """
        if not self.path.is_file():
            raise InputError(f"{self.path}: no audit log yet; the first publication begins one")
        yield from self._lines()

    def verify(self, ends: str | None = None) -> AuditLine | None:
        """Check the whole chain; gives its last line.

        Args:
            ends: a digest noted down earlier. The chain alone cannot tell that lines were cut off its end; with this it
                is told that the line of that digest still stands.

        Raises:
            BrokenChainError: a line was changed, left out or put in.
            InputError: no line has that digest.
        """
        last, found = None, ends is None
        for last in self.lines():
            found = found or last.digest == ends
        if not found:
            raise InputError(f"{self.path}: no line has the digest {ends}; lines were cut off the end")
        return last

    def _lines(self, *, whole_only: bool = False) -> Iterator[AuditLine]:
        before = START
        with open_file(self.path) as file:
            for number, raw in enumerate(file, start=1):
                if not raw.endswith(b"\n"):
                    if whole_only:
                        return
                    raise BrokenChainError(self.path, number, "is not whole")
                try:
                    line = AuditLine(**parse_json(raw))
                except (ValueError, TypeError):
                    raise BrokenChainError(self.path, number, "is no line of an audit log") from None
                if line.digest != _digest(line.__dict__):
                    raise BrokenChainError(self.path, number, "is not what was written")
                if (line.number, line.before) != (number, before):
                    raise BrokenChainError(self.path, number, "does not follow from the one before")
                before = line.digest
                yield line

    def _half(self) -> int:
        """Bytes after the last whole line."""
        content = self.path.read_bytes()
        return len(content) - (content.rfind(b"\n") + 1)


def _digest(line: Mapping[str, Any]) -> str:
    """SHA-256 of all that a line holds but its own digest."""
    held = {name: line[name] for name in ("number", "at", "who", "act", "facts", "before")}
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def table_of(lines: Sequence[AuditLine]) -> Table:
    """A line each: number, when, who, what, to what."""
    rows = tuple(
        (
            Count(line.number),
            f"{line.at[:16].replace('T', ' ')}Z",
            line.who,
            message("audit-act", act=line.act),
            ", ".join(f"{name} {value}" for name, value in line.facts.items() if value not in (None, "")),
        )
        for line in lines
    )
    return Table(message("audit-table"), columns("line", "when", "who", "act", "facts"), rows)
