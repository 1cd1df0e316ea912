"""The order on sample paths: what the period that it decides will want, less what will be left by then."""

import numpy as np

from ..errors import InputError
from ..quantiles import Array
from .dynamics import play
from .newsvendor import critical_quantile
from .replay import Costs, Policy, State


def projected(paths: Array, on_hand: Array, pipeline: Array) -> Array:
    """What is left of the stock when the order arrives, on every path, under lost sales.

    The stock position less demand is not it: demand that finds nothing is lost, and takes nothing from the next
    arrivals.

    Args:
        paths: units per period, shape `[P, N, H]`, H at least L - 1.
        on_hand: units, shape `[P]`.
        pipeline: arrivals of the next L - 1 periods, shape `[P, L - 1]`.

    Returns:
        Units, shape `[P, N]`.
    """
    products, draws, _ = paths.shape
    ahead = pipeline.shape[1]
    held = np.repeat(on_hand, draws)
    if not ahead:
        return held.reshape(products, draws)
    played = play(paths[:, :, :ahead].reshape(-1, ahead), held, np.repeat(pipeline, draws, axis=0))
    return played.stock[:, -1].reshape(products, draws)


def order_on_paths(state: State, ratio: float, *, review: int = 1) -> Array:
    """The order that costs least over the periods that it decides.

    It arrives at the start of period L and has to last until the next one arrives, `review` periods later. On each path
    the need is the demand of these periods less what is left by then; the order is the quantile of the need at the
    critical ratio. With one period between reviews this is exactly the least of expected holding and shortage cost in
    that period; with more, of their cost at the end of the last one.

    Args:
        state: stock, pipeline and paths.
        ratio: critical ratio, shortage / (shortage + holding).
        review: periods from this order to the next.

    Returns:
        Units, not rounded, shape `[P]`.

    Raises:
        InputError: the paths end before the last period that the order decides.

    Source: the myopic policy for lost sales of Morton (1971), "The Near-Myopic Nature of the Lagged-Proportional-Cost
    Inventory Problem with Lost Sales"; Zipkin (2008), "Old and New Methods for Lost-Sales Inventory Systems".
    """
    first = state.pipeline.shape[1]
    if state.paths.shape[2] < first + review:
        raise InputError(f"paths of {state.paths.shape[2]} periods: the order decides period {first + review}")
    left = projected(state.paths, state.on_hand, state.pipeline)
    need = state.paths[:, :, first : first + review].sum(axis=2) - left
    return np.maximum(critical_quantile(need, ratio), 0.0)


def base_stock(costs: Costs, *, review: int = 1, patience: float = 1.0, scale: float = 1.0) -> Policy:
    """Ours: base stock on paths at the critical ratio, in whole units, the nearest.

    Args:
        costs: of holding and shortage.
        review: periods between orders.
        patience: times the holding cost that a unit left over is taken to cost: above 1 as it may lie for longer.
        scale: times the forecast's demand.
    """
    ratio = Costs(costs.holding * patience, costs.shortage).ratio

    def order(state: State) -> Array:
        scaled = State(state.at, state.history, state.paths * scale, state.on_hand, state.pipeline)
        return np.floor(order_on_paths(scaled, ratio, review=review) + 0.5)

    return order
