"""The catalogue: products and categories by words, and the holidays ahead."""

import re
from datetime import date

import holidays
import pandas as pd

from ..data.groups import Group, groups_of
from ..data.lexicon import GROUPS, Lexicon
from ..data.panel import Panel
from ..forecast.features import holiday_dates
from ..messages import Quoted, Refusal, hint
from .answer import label

CHOICES = 5


def matches(panel: Panel, words: str) -> list[str]:
    """SKUs that the words mean: the SKU itself, or those that bear all of the words, or nearly; likest first."""
    return Lexicon.of(panel).matches(words)


def one_product(panel: Panel, words: str) -> str:
    """The one SKU that is meant.

    Raises:
        Refusal: none is, or several may be; it asks which of the choices, where there are some.
    """
    found = matches(panel, words)
    if len(found) == 1:
        return found[0]
    near = [] if found else Lexicon.of(panel).near(words)[:CHOICES]
    if near:
        some = tuple(label(panel, uid) for uid in near)
        raise Refusal("no-product-but-near", choices=tuple(near), asks=True, words=Quoted(words), products=some)
    if not found:
        raise Refusal("no-product", words=Quoted(words), hint=hint(words, panel.unique_ids))
    if re.fullmatch(r"\d+", words):
        raise Refusal("unknown-sku", words=Quoted(words), hint=hint(words, panel.unique_ids))
    raise Refusal(
        "several-products",
        choices=tuple(found[:CHOICES]),
        asks=True,
        words=Quoted(words),
        count=len(found),
        products=tuple(label(panel, uid) for uid in found[:CHOICES]),
        more=max(len(found) - CHOICES, 0),
    )


def in_category(panel: Panel, category: str | None) -> list[str]:
    """The SKUs of a category (or department, or type), by its name or nearly; all where none is given.

    A name in Chinese is found within the panel's own, else by what it says in English.

    Raises:
        Refusal: there is no such category.
    """
    if category is None:
        return panel.unique_ids
    return groups_of(panel, group_named(panel, category).column)[group_named(panel, category)]


def group_named(panel: Panel, words: str) -> Group:
    """The group that the words name, or nearly: of a category, or of any other static column.

    Raises:
        Refusal: there is none.
    """
    found = Lexicon.of(panel).members(words)
    if found is None:
        columns = [name for name in reversed(GROUPS) if name in panel.static]
        some = sorted(str(v) for v in panel.static[columns[0]].dropna().unique()) if columns else []
        raise Refusal("no-category", words=Quoted(words), hint=hint(words, some))
    return Group(*found)


def holidays_ahead(panel: Panel, horizon: int, country: str = "US") -> list[tuple[date, str]]:
    """Public holidays of the periods ahead, by date."""
    steps = pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)
    known = holiday_dates(country, steps[0].year, steps[-1].year)
    named = holidays.country_holidays(country, years=range(steps[0].year, steps[-1].year + 1))
    ahead = [pd.Timestamp(day) for day in known if steps[0] < pd.Timestamp(day) <= steps[-1]]
    return [(day.date(), str(named.get(day.date()))) for day in ahead]
