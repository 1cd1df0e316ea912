"""forecast: how many units a product, a whole group, or every group of a column will sell."""

from ..data.groups import Group
from ..insight.answer import Answer, Table, column, columns, group_name, many
from ..messages import Count, Fact, Message, Refusal, Share, Units, message
from .fields import By, Category, Horizon, Product
from .kit import Arguments, Desk, MadeForecast, Tool


class Forecast(Arguments):
    """How many units a product, or a whole category, will sell; or each store, category or other group."""

    product: Product | None = None
    category: Category | None = None
    horizon: Horizon | None = None
    by: By | None = None


def run(desk: Desk, request: Forecast) -> Answer:
    """The combined forecast of one product, or totals of groups that their products' forecasts add up to."""
    if request.by is not None and request.product is not None:
        raise Refusal("forecast-product-by", product=request.product, column=request.by)
    horizon = desk.periods(request.horizon)
    if request.by is not None:
        return _by(desk, request.by, request.category, horizon)
    if request.category is not None and request.product is None:
        made, what = desk.forecast_group(request.category, horizon)
        (source, first), *rest = made.reasons
        aside = (what, message("forecast-without-llm"))
        sources = (source, *["forecast.group"] * len(aside), *(name for name, _ in rest))
        return Answer((first, *aside, *(one for _, one in rest)), sources=sources)
    uid = desk.one(request.product)
    desk.category = desk.panel.static_of(uid).get("category")
    sources, reasons = zip(*desk.forecast(desk.panel, uid, horizon).reasons, strict=True)
    return Answer(reasons, products=(uid,), sources=sources)


def _by(desk: Desk, by: str, category: str | None, horizon: int) -> Answer:
    """Every group's total, and what they are together."""
    whole, made = desk.forecast_by(by, category, horizon)
    first, span = _group(made[0]), many(horizon, desk.panel)
    messages = [
        message("forecast-by", count=Count(len(made)), column=first.column, span=span, total=Units(whole.total.mean)),
        message("forecast-by-biggest", group=group_name(first), units=Units(made[0].total.mean)),
        message("forecast-without-llm"),
        *(message("group-ended", group=group_name(group)) for group in desk.ended(by, category)),
    ]
    rows: tuple[tuple[Fact, ...], ...] = tuple(_row(one, whole.total.mean) for one in [*made, whole])
    names = (message("column-of-data", name=first.column), *columns("expected"), *map(_level, ("q10", "q50", "q90")))
    title = message("forecast-by-table", column=first.column, span=span)
    return Answer(tuple(messages), Table(title, (*names, column("share")), rows))


def _group(made: MadeForecast) -> Group:
    group = Group.of(made.unique_id)
    assert group is not None
    return group


def _level(name: str) -> Message:
    return message("column-of-data", name=name)


def _row(made: MadeForecast, everything: float) -> tuple[Fact, ...]:
    group, total = _group(made), made.total
    levels = tuple(Units(total.quantiles[level]) for level in ("q0.1", "q0.5", "q0.9"))
    share: Fact = Share(100 * total.mean / everything) if everything else ""
    return (group.value or group_name(group), Units(total.mean), *levels, share)


TOOL = Tool(Forecast, run, shows="forecast", rank=0)
