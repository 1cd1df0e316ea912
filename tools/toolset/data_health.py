"""data_health: whether the data is sound."""

from ..insight.answer import Answer, Table, columns
from ..messages import Count, Refusal, message
from .kit import Arguments, Desk, Tool


class DataHealth(Arguments):
    """Whether the data is sound: gaps, zeros, late series."""


def run(desk: Desk, _: DataHealth) -> Answer:
    """What was found in the data."""
    health = desk.health
    if health is None:
        raise Refusal("data-health-not-checked")
    text = message(
        "data-health-rows",
        name=health.name,
        rows=Count(health.rows),
        series=Count(health.series),
        first=str(health.first),
        last=str(health.last),
    )
    plan = [message("data-health-plan", until=str(health.plan))] if health.plan else []
    verdict = message("data-health-usable" if not health.errors else "data-health-unusable")
    rows = tuple((message(f"severity-{one.severity}"), one.kind, one.message) for one in health.findings)
    table = Table(message("data-health-table"), columns("severity", "kind", "what"), rows) if rows else None
    return Answer((text, *plan, verdict), table)


TOOL = Tool(DataHealth, run, about_one=False, lists="always")
