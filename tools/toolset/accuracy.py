"""accuracy: how accurate quick forecasts of all products, or a category, were, and whether they lie too high or low."""

from ..data.groups import ALL
from ..insight.answer import Answer, Table, columns, group_name, many
from ..insight.catalogue import group_named, in_category
from ..messages import Change, Count, Percent, Refusal, Units, message
from ..monitor.accuracy import accuracy
from .fields import Category, MaybeAhead, Windows
from .kit import Arguments, Desk, Tool

WINDOWS = 3
SHOWN = 10
LEVEL = 1.0  # per cent below which a bias is none


class Accuracy(Arguments):
    """How accurate and how biased forecasts of all products, or a category, were, by quick statistics."""

    category: Category | None = None
    windows: Windows | None = None
    horizon: MaybeAhead | None = None


def run(desk: Desk, request: Accuracy) -> Answer:
    """WAPE, bias and coverage of the latest windows, and the products that were missed by most."""
    panel, horizon = desk.panel, desk.periods(request.horizon)
    category = desk.category_of(request.category) if request.category else None
    category = None if category == ALL else category
    what = group_name(group_named(panel, category)) if category else message("all-products")
    ids, span = in_category(panel, category), many(horizon, panel)
    found = accuracy(panel, ids, horizon, request.windows or WINDOWS)
    if found is None or found.wape != found.wape:
        raise Refusal("accuracy-too-short", what=what, span=span)
    way = "none" if abs(found.bias) < LEVEL else "high" if found.bias > 0 else "low"
    messages = (
        message("accuracy-bias", what=what, way=way, percent=Percent(abs(found.bias))),
        message(
            "accuracy-missed",
            count=Count(len(ids)),
            windows=len(found.cutoffs),
            span=span,
            first=found.cutoffs[0],
            wape=Percent(found.wape),
            naive=Percent(found.naive),
        ),
        message("accuracy-inside", share=Percent(found.coverage)),
        message("accuracy-quick"),
    )
    worst = found.products.head(SHOWN)
    rows = tuple(
        (
            str(uid),
            panel.static_of(str(uid)).get("description", ""),
            Units(row["expected"]),
            Units(row["sold"]),
            Change(100 * (row["expected"] / row["sold"] - 1)) if row["sold"] > 0 else message("not-known"),
            Units(row["error"]),
        )
        for uid, row in worst.iterrows()
    )
    names = columns("sku", "product", "expected", "sold", "bias", "missed")
    return Answer(messages, Table(message("accuracy-table"), names, rows), products=tuple(map(str, worst.index)))


TOOL = Tool(Accuracy, run, about_one=False, rank=31)
