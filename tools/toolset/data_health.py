"""data_health: whether the data is sound."""

from ..data.health import HealthReport
from ..insight.answer import Answer, Table, columns
from ..messages import Count, Message, Refusal, message
from .kit import Arguments, Desk, Tool

CHECKED = {  # what was looked for, in words, and the kinds of finding that it is
    "duplicates": ("duplicates",),
    "gaps": ("gaps", "missing_y", "no_y"),
    "negative": ("negative_y",),
    "unreadable": ("null_id", "bad_date", "bad_y", "infinite_y", "huge_y", "bad_covariate"),
    "rhythm": ("off_grid",),
    "spellings": ("near_duplicate_ids", "static_varies"),
    "ended": ("ended", "stopped"),
    "jumps": ("level_shift", "outlier"),
    "short": ("short", "under_two_seasons"),
    "zeros": ("all_zero", "constant", "zeros"),
    "stock": ("stock_out",),
    "price": ("negative_price",),
}
ONLY_FOUND = ("stock", "price")  # looked for where the data has such a column: not told where nothing was found


class DataHealth(Arguments):
    """Whether the data is sound: gaps, zeros, late series."""


def run(desk: Desk, _: DataHealth) -> Answer:
    """What was found in the data."""
    health = desk.health
    if health is None:
        raise Refusal("data-health-not-checked")
    text = message(
        "data-health-unusable" if health.errors else "data-health-usable",
        name=health.name,
        rows=Count(health.rows),
        series=Count(health.series),
        first=str(health.first),
        last=str(health.last),
    )
    plan = [message("data-health-plan", until=str(health.plan))] if health.plan else []
    plan = [*plan, *_checked(health)]
    rows = tuple((message(f"severity-{one.severity}"), one.kind, one.message) for one in health.findings)
    table = Table(message("data-health-table"), columns("severity", "kind", "what"), rows) if rows else None
    return Answer((text, *plan), table)


def _checked(health: HealthReport) -> list[Message]:
    """Which checks found something, and which did not."""
    kinds, freq = {one.kind for one in health.findings}, health.freq or "D"
    words = {
        "period": message(f"period-{freq}"),
        "periods": message(f"several-{freq}"),
        "rhythm": message(f"rhythm-{freq}"),
    }
    found = [name for name, of in CHECKED.items() if kinds & set(of)]
    clean = [name for name in CHECKED if name not in (*found, *ONLY_FOUND)]
    said = {"clean": clean, "found": found}
    return [
        Message(f"data-health-{name}", {name: tuple(Message(f"check-{one}", words) for one in some)})
        for name, some in said.items()
        if some
    ]


TOOL = Tool(DataHealth, run, about_one=False, lists="always")
