"""A made-up retailer whose elasticities are known: prices that move by themselves, or that answer demand."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...tools.data.panel import Panel
from ...tools.data.read import read_panel
from ...tools.data.schema import PanelSchema
from ...tools.quantiles import Array

PRODUCTS, WEEKS, CATEGORIES = 200, 104, 8
FIXED = 0.1  # share of products whose price never moves
OFF = (0.1, 0.15, 0.2, 0.25, 0.3)  # depths of offers
SPREAD = 0.1  # variance of demand around its mean, over the mean squared, beside a Poisson's


@dataclass(frozen=True)
class Market:
    """A retailer.

    Attributes:
        panel: weekly units with `price`, `display` and the products' `category`.
        elasticity: the true ones by unique_id.
        fixed: the products whose price never moves.
    """

    panel: Panel
    elasticity: "pd.Series[float]"
    fixed: frozenset[str]


def market(seed: int, *, answers: bool, products: int = PRODUCTS, weeks: int = WEEKS) -> Market:
    """Draw a retailer.

    Demand has the category's season and shocks, shocks of each product that last, displays, and elasticities around
    their category's mean. Regular prices step now and then; offers last one to three weeks, two in five with a display.

    Args:
        seed: of all draws.
        answers: prices also follow the category's season and shocks, and what the product sold of late.
        products: how many.
        weeks: how many.
    """
    rng = np.random.default_rng(seed)
    category = np.arange(products) % CATEGORIES
    elasticity = np.minimum(rng.uniform(-3, -1.2, CATEGORIES)[category] + rng.normal(0, 0.5, products), -0.1)
    level, full = np.exp(rng.normal(3.3, 1, products)), np.exp(rng.normal(1, 0.6, products))
    lift, fixed = rng.normal(0.3, 0.1, products), rng.random(products) < FIXED
    season = 0.3 * np.cos(2 * np.pi * (np.arange(weeks) / 52 - rng.random(CATEGORIES)[:, None]))
    common = (season + _lasting(rng, (CATEGORIES, weeks), 0.8, 0.1))[category]
    own = _lasting(rng, (products, weeks), 0.85, 0.12)
    regular, off, late = np.zeros(products), np.zeros(products), np.zeros(products)
    left = np.zeros(products, dtype=np.int64)
    price, display, y = (np.zeros((products, weeks)) for _ in range(3))
    for week in range(weeks):
        regular = np.where(rng.random(products) < 1 / 16, regular + rng.normal(0, 0.06, products), regular)
        begins = (left == 0) & (rng.random(products) < 0.08)
        off = np.where(begins, rng.choice(OFF, products), np.where(left > 0, off, 0.0))
        left = np.where(begins, rng.integers(1, 3, products), np.maximum(left - 1, 0))
        display[:, week] = (off > 0) & (rng.random(products) < 0.4) & ~fixed
        log = regular + np.log1p(-off) + (0.4 * common[:, week] + 0.3 * late if answers else 0.0)
        price[:, week] = np.round(full * np.exp(np.where(fixed, 0.0, log)), 2)
        wanted = elasticity * np.log(price[:, week] / full) + lift * display[:, week] + common[:, week] + own[:, week]
        y[:, week] = rng.poisson(level * np.exp(wanted) * rng.gamma(1 / SPREAD, SPREAD, products))
        late = 0.5 * late + 0.5 * np.log((y[:, week] + 1) / (level + 1))
    ids = [f"p{place:03d}" for place in range(products)]
    ds = pd.date_range("2022-01-02", periods=weeks, freq="W-SUN")
    table = pd.DataFrame(
        {
            "unique_id": np.repeat(ids, weeks),
            "ds": np.tile(ds, products),
            "y": y.ravel(),
            "price": price.ravel(),
            "display": display.ravel(),
            "category": np.repeat([f"category {place}" for place in category], weeks),
        }
    )
    panel = read_panel(table, schema=PanelSchema(known_future=["price", "display"], static=["category"]))
    held = frozenset(uid for uid, one in zip(ids, fixed, strict=True) if one)
    return Market(panel, pd.Series(elasticity, index=ids), held)


def _lasting(rng: np.random.Generator, shape: tuple[int, int], stay: float, step: float) -> Array:
    """Shocks that fade: an AR(1) from 0."""
    made = np.zeros(shape)
    for at in range(1, shape[1]):
        made[:, at] = stay * made[:, at - 1] + rng.normal(0, step, shape[0])
    return made
