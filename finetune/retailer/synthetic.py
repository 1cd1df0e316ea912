"""The synthetic retailer: sales of made-up products whose text, plan and calendar drive demand that is truly known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...tools.data.panel import Panel
from ...tools.data.schema import PanelSchema
from ...tools.errors import InputError
from ...tools.quantiles import Array
from .demand import draw_demand, draw_gaps, draw_views, expected_demand, supply
from .market import Settings, Traits, draw_plan, draw_traits
from .seasons import ShopCalendar, open_calendar
from .words import SEASONS, Products, draw_products

PLAN = ["price", "discount", "promo", "coupon", "holiday"]
PAST_ONLY = ["stock", "views"]
STATIC = ["description", "category", "brand", "size"]
DEFAULT = Settings()


@dataclass(frozen=True, eq=False)
class Truth:
    """What a forecaster never sees, of N series, in the order of the panel, over T periods. NaN outside a series' life.

    Attributes:
        ds: the T periods.
        expected: mean demand in units per period, whatever the stock; 0 where closed, `[N, T]`.
        demand: units that customers wanted, drawn around `expected`; sales are these, cut by the stock, `[N, T]`.
        season_word: a word of `words.SEASONS`, or "", N of them.
        traits: what each series is like: level, elasticity, lift of a promotion, class, launch, end, week.
    """

    ds: pd.DatetimeIndex
    expected: Array
    demand: Array
    season_word: list[str]
    traits: Traits


@dataclass(frozen=True)
class Synthetic:
    """A panel and the truth behind it."""

    panel: Panel
    truth: Truth


def synthetic_panel(
    n_series: int, periods: int, freq: str, *, seed: int, start: str = "2020-01-06", country: str | None = "US"
) -> Panel:
    """A synthetic panel with the default settings; see `synthesize`."""
    return synthesize(n_series, periods, freq, seed=seed, start=start, country=country).panel


def synthesize(
    n_series: int,
    periods: int,
    freq: str,
    *,
    seed: int,
    start: str = "2020-01-06",
    country: str | None = "US",
    settings: Settings = DEFAULT,
) -> Synthetic:
    """Make the sales of N products over T periods, with their plan, stock, views and text, and the truth behind them.

    Known ahead are price, discount (share of the regular price), promo (advertised), coupon, holiday (public holidays
    in the period) and, of days, `open`. Stock is the units on hand as the period opens; sales never pass it. The panel
    is whole: cut it with `Panel.before`, which moves what was planned into its `future`. Everything follows from the
    arguments; unique_ids name the seed, so that panels of different seeds can be joined.

    Args:
        n_series: N, 1 or more.
        periods: T, 1 or more.
        freq: `D` or `W` (Monday to Sunday, labelled by the Sunday).
        seed: of everything that is drawn, 0 or more.
        start: the first day; weeks begin at the first Monday from there.
        country: ISO code of the public holidays, None for none.
        settings: how rough the world is.

    Raises:
        InputError: an argument is out of its range, or the country is not known.
    """
    for name, value in (("n_series", n_series), ("periods", periods)):
        if value < 1:
            raise InputError(f"{name} {value}: expected 1 or more")
    if seed < 0:
        raise InputError(f"seed {seed}: expected 0 or more")
    calendar = open_calendar(start, periods, freq, country)
    naming, planning, living, buying, supplying = np.random.default_rng([seed, ord(freq)]).spawn(5)
    products = draw_products(n_series, naming)
    traits = draw_traits(products, calendar, naming, settings)
    plan = draw_plan(products, traits, calendar, planning, settings)
    wanted = expected_demand(products, traits, plan, calendar, living, settings)
    views = draw_views(wanted, buying)
    expected = wanted * plan["open"]
    demand = draw_demand(traits, expected, buying)
    stock, sold = supply(traits, expected, demand, calendar, supplying, settings)
    sold[draw_gaps(sold.shape, supplying, settings)] = np.nan
    known = [*PLAN, "open"] if freq == "D" else PLAN
    columns = {"y": sold} | {name: plan[name] for name in known} | {"stock": stock, "views": views}
    ids = [f"{freq.lower()}{seed}-{i:06d}" for i in range(n_series)]
    return Synthetic(
        _panel(ids, products, traits, calendar, columns, known),
        Truth(
            ds=calendar.ds,
            expected=np.where(traits.alive, expected, np.nan),
            demand=np.where(traits.alive, demand, np.nan),
            season_word=[list(SEASONS)[at] if at >= 0 else "" for at in products.season],
            traits=traits,
        ),
    )


def _panel(
    ids: list[str],
    products: Products,
    traits: Traits,
    calendar: ShopCalendar,
    columns: dict[str, Array],
    known: list[str],
) -> Panel:
    series, period = np.nonzero(traits.alive)
    keys = {"unique_id": pd.array(ids, dtype="str").take(series), "ds": calendar.ds.take(period)}
    past = pd.DataFrame(keys | {name: values[traits.alive] for name, values in columns.items()}, copy=False)
    static = pd.DataFrame(products.text, index=pd.Index(ids, name="unique_id"))[STATIC]
    schema = PanelSchema(missing="keep", known_future=known, past_only=PAST_ONLY, static=STATIC)
    return Panel(past, past[["unique_id", "ds", *known]].iloc[:0], static, schema, calendar.offset)
