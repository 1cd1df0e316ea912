"""Browsing a catalogue: products by words, what sells, what moves, what is alike, and the days ahead."""

import re

import holidays
import pandas as pd

from ..data.lexicon import GROUPS, Lexicon
from ..data.panel import PERIOD_NAME, Panel
from ..errors import InputError, nearest
from ..forecast.cold_start import analogues
from ..forecast.features import holiday_dates
from ..forecast.similarity import in_english
from .answer import LATE, Answer, Sheet, label, many
from .drivers import figure

CHOICES = 5


def matches(panel: Panel, words: str) -> list[str]:
    """SKUs that the words mean: the SKU itself, or those that bear all of the words, or nearly; likest first."""
    return Lexicon.of(panel).matches(words)


def one_product(panel: Panel, words: str) -> str:
    """The one SKU that is meant.

    Raises:
        InputError: none is, or several may be; the message says the choices.
    """
    found = matches(panel, words)
    if len(found) == 1:
        return found[0]
    near = [] if found else Lexicon.of(panel).near(words)[:CHOICES]
    if near:
        some = "; ".join(label(panel, uid) for uid in near)
        raise InputError(f"no product is called {words!r}. The nearest are {some}: which one?")
    if not found:
        raise InputError(f"no product is called {words!r}: {nearest(words, panel.unique_ids)}")
    if re.fullmatch(r"\d+", words):
        raise InputError(f"unknown SKU {words!r}: {nearest(words, panel.unique_ids)}")
    some = "; ".join(label(panel, uid) for uid in found[:CHOICES])
    more = f" and {len(found) - CHOICES} more" if len(found) > CHOICES else ""
    raise InputError(f"{words!r} may be {len(found)} products: which one? {some}{more}")


def in_category(panel: Panel, category: str | None) -> list[str]:
    """The SKUs of a category (or department, or type), by its name or nearly; all where none is said.

    A name in Chinese is found within the panel's own, else by what it says in English.

    Raises:
        InputError: there is no such category.
    """
    if category is None:
        return panel.unique_ids
    found = Lexicon.of(panel).members(category)
    if found is None:
        columns = [name for name in reversed(GROUPS) if name in panel.static]
        some = sorted(str(v) for v in panel.static[columns[0]].dropna().unique()) if columns else []
        raise InputError(f"no category is called {category!r}: {nearest(category, some)}")
    column, value = found
    return [str(uid) for uid in panel.static.index[panel.static[column].astype(str) == value]]


def find_products(panel: Panel, words: str, limit: int = 15) -> Answer:
    """Products by words of their text, brand or category."""
    found = matches(panel, words)
    if not found:
        raise InputError(f"no product has the words {words!r}")
    shown = found[:limit]
    rows = tuple((uid, "; ".join(list(panel.static_of(uid).values())[:3])) for uid in shown)
    count = f"{len(found)} product{'s have' if len(found) > 1 else ' has'} the words {words!r}"
    some = ": " + "; ".join(label(panel, uid) for uid in shown[:CHOICES])
    return Answer((count + some + ".",), Sheet(count, ("SKU", "product"), rows), products=tuple(shown))


def _late(panel: Panel, ids: list[str]) -> pd.DataFrame:
    """Mean units of the last periods and of as many before, by series."""
    count = LATE[panel.freq]
    rows = panel.past[panel.past["unique_id"].isin(ids)].groupby("unique_id", sort=False).tail(2 * count)
    place = rows.groupby("unique_id", sort=False).cumcount(ascending=False)
    halves = rows.assign(half=(place < count).map({True: "last", False: "before"}))
    return halves.pivot_table(index="unique_id", columns="half", values="y", aggfunc="mean").dropna()


def top_movers(panel: Panel, direction: str | None = None, limit: int = 5, category: str | None = None) -> Answer:
    """What rose or fell most in units, the last periods against as many before."""
    late = _late(panel, in_category(panel, category))
    if "before" not in late or late.empty:
        raise InputError("the past is too short to see what moved")
    late = late[late["before"] > 0]
    late["change"] = late["last"] - late["before"]
    ranked = late.sort_values("change", kind="stable")
    up, down = ranked[ranked["change"] > 0].tail(limit)[::-1], ranked[ranked["change"] < 0].head(limit)
    picked = {"up": up, "down": down}.get(direction or "", pd.concat([up, down]))
    if picked.empty:
        raise InputError(f"nothing moved {direction or ''}".strip())
    period, count = PERIOD_NAME[panel.freq], many(LATE[panel.freq], panel)
    rows = tuple(
        (
            str(uid),
            panel.static_of(str(uid)).get("description", ""),
            figure(row["before"]),
            figure(row["last"]),
            f"{row['change'] / row['before'] * 100:+.0f} %",
        )
        for uid, row in picked.iterrows()
    )
    sentences = [
        f"{label(panel, str(some.index[0]))} {said} most, from {figure(some['before'].iloc[0])} to "
        f"{figure(some['last'].iloc[0])} units a {period}, over the last {count} against the {count} before."
        for said, some in (("rose", up), ("fell", down))
        if len(some) and some.index[0] in picked.index
    ]
    sheet = Sheet(
        f"units a {period}, the last {count} against those before", ("SKU", "product", "before", "last", "change"), rows
    )
    return Answer(tuple(sentences), sheet, products=tuple(str(uid) for uid in picked.index))


def top_sellers(panel: Panel, limit: int = 10, category: str | None = None) -> Answer:
    """What sells most of late."""
    ranked = _late(panel, in_category(panel, category))["last"].sort_values(ascending=False, kind="stable").head(limit)
    if ranked.empty:
        raise InputError("nothing has sold of late")
    period, count = PERIOD_NAME[panel.freq], many(LATE[panel.freq], panel)
    best = str(ranked.index[0])
    rows = tuple((str(uid), panel.static_of(str(uid)).get("description", ""), figure(v)) for uid, v in ranked.items())
    where = f" in {category}" if category else ""
    text = (
        f"The best seller{where} is {label(panel, best)} with {figure(float(ranked.iloc[0]))} units a {period} "
        f"over the last {count}."
    )
    sheet = Sheet(f"units a {period}, mean of the last {count}", ("SKU", "product", "units"), rows)
    return Answer((text,), sheet, products=tuple(str(uid) for uid in ranked.index))


def similar_items(panel: Panel, unique_id: str, limit: int = 5) -> Answer:
    """Products most like one, by text, category and price."""
    found = analogues(panel, unique_id, limit)
    first = found[0]
    rows = tuple(
        (
            one.unique_id,
            panel.static_of(one.unique_id).get("description", ""),
            f"{one.similarity:.2f}",
            in_english(one.why),
        )
        for one in found
    )
    text = (
        f"Most like {label(panel, unique_id)} is {label(panel, first.unique_id)}, likeness {first.similarity:.2f} of 1."
    )
    sheet = Sheet(f"like {label(panel, unique_id)}", ("SKU", "product", "likeness", "why"), rows)
    return Answer((text,), sheet, products=(unique_id, *(one.unique_id for one in found)))


def calendar(panel: Panel, horizon: int, country: str = "US") -> Answer:
    """Public holidays of the periods ahead."""
    steps = pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)
    known = holiday_dates(country, steps[0].year, steps[-1].year)
    named = holidays.country_holidays(country, years=range(steps[0].year, steps[-1].year + 1))
    ahead = [pd.Timestamp(day) for day in known if steps[0] < pd.Timestamp(day) <= steps[-1]]
    span = f"the {many(horizon, panel)} after {panel.cutoff:%Y-%m-%d}"
    if not ahead:
        return Answer((f"No public holiday ({country}) falls in {span}.",))
    said = ", ".join(f"{named.get(day.date())} on {day:%Y-%m-%d}" for day in ahead)
    rows = tuple((f"{day:%Y-%m-%d}", f"{day:%A}", str(named.get(day.date()))) for day in ahead)
    return Answer(
        (f"Public holidays ({country}) in {span}: {said}.",), Sheet("holidays ahead", ("date", "day", "holiday"), rows)
    )
