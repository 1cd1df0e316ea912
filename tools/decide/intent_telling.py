"""Purchase intent as messages and a table: how likely each customer is to buy, why, and how good such chances were."""

import re
from collections.abc import Sequence
from math import isnan

from ..insight.answer import Table, columns
from ..messages import Count, Exact, Fact, Message, Percent, Score, Units, message
from .intent import Quality

Reason = tuple[str, float, float]
LEAST_AUROC = 0.6  # below it the chances are told to say little


def reason_message(reason: Reason) -> Message:
    """One reason: what is known and its value, and whether it raises or lowers the chance."""
    name, value, share = reason
    found = re.fullmatch(r"(\w+?)_(\d+)", name)
    key, days = (found[1], int(found[2])) if found else (name, 0)
    shown: Fact = message("intent-never") if isnan(value) else Units(value)
    facts: dict[str, Fact] = {"value": shown, "days": days, "way": "up" if share > 0 else "down"}
    return Message(f"intent-why-{key.replace('_', '-')}", facts)


def column_message(reason: Reason, texts: Sequence[str] = ()) -> Message:
    """The same of a column of the person's: its name and value, a text where it holds codes of these."""
    name, value, share = reason
    shown: Fact = message("intent-never") if isnan(value) else (texts[int(value)] if texts else Exact(value))
    return message("intent-why-column", column=name, value=shown, way="up" if share > 0 else "down")


def quality_messages(found: Quality) -> list[Message]:
    """How good such chances were on what was not learned from."""
    facts = {"cases": Count(found.cases), "share": Percent(100 * found.share), "auroc": Score(found.auroc)}
    said = [Message("intent-quality", facts | {"ece": Exact(round(100 * found.ece, 1))})]
    if not found.auroc >= LEAST_AUROC:
        said.append(message("intent-weak"))
    return said


def table_of(title: Message, who: str, rows: Sequence[tuple[str, float, tuple[Message, ...]]]) -> Table:
    """One row a customer or session: who, the chance in per cent, and why."""
    cells = tuple((name, Percent(100 * chance), reasons) for name, chance, reasons in rows)
    return Table(title, columns(who, "intent-chance", "why"), cells)
