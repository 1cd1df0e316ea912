"""The order on sample paths: what the period that it decides will want, less what will be left by then."""

from dataclasses import replace

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


def order_on_paths(state: State, costs: Costs, *, review: int = 1, linger: float = 0.0) -> Array:
    """The order that costs least over the periods that it decides.

    It arrives at the start of period L and has to last until the next one arrives, `review` periods later. On each path
    the need is the demand of these periods less what is left by then. The order is the least one at which the expected
    cost at the end of these periods no longer falls: holding of what is left, shortage, and `linger` times the holding
    of what would still be left another review later with no other order. Without the last it is the quantile of the
    need at the critical ratio. A later order can be smaller for what is left now, but not below nothing: what sells
    fast is gone by then and hardly lingers, what sells slowly does.

    Args:
        state: stock, pipeline and paths.
        costs: of holding and shortage.
        review: periods from this order to the next.
        linger: weight of what is left one review later, 0 or more.

    Returns:
        Units, not rounded, shape `[P]`.

    Raises:
        InputError: the paths end before the last period that is looked at, or `linger` is negative.

    Source: the myopic policy for lost sales of Morton (1971), "The Near-Myopic Nature of the Lagged-Proportional-Cost
    Inventory Problem with Lost Sales", and marginal cost accounting over later periods, Levi, Pal, Roundy and Shmoys
    (2007), "Approximation Algorithms for Stochastic Inventory Control Models".
    """
    if not linger >= 0:
        raise InputError(f"linger {linger:g}: expected 0 or more")
    first = state.pipeline.shape[1]
    last = first + review * (2 if linger else 1)
    if state.paths.shape[2] < last:
        raise InputError(f"paths of {state.paths.shape[2]} periods: the order looks at period {last}")
    left = projected(state.paths, state.on_hand, state.pipeline)
    need = state.paths[:, :, first : first + review].sum(axis=2) - left
    if not linger:
        return np.maximum(critical_quantile(need, costs.ratio), 0.0)
    later = need + state.paths[:, :, first + review : last].sum(axis=2)
    weights = np.repeat([costs.shortage + costs.holding, linger * costs.holding], need.shape[1])
    return np.maximum(_pooled_quantile(np.concatenate([need, later], axis=1), weights, costs.shortage), 0.0)


def _pooled_quantile(values: Array, weights: Array, reached: float) -> Array:
    """The least value of each row at which the weighted shares of two samples below it, `[P, 2N]`, reach a sum."""
    order = np.argsort(values, axis=1)
    upto = np.cumsum(weights[order], axis=1) / (values.shape[1] / 2)
    place = np.argmax(upto >= reached - 1e-9, axis=1)
    return np.take_along_axis(values, np.take_along_axis(order, place[:, None], axis=1), axis=1)[:, 0]


def base_stock(costs: Costs, *, review: int = 1, linger: float = 0.0, scale: float = 1.0) -> Policy:
    """Ours: base stock on paths at the least expected cost, in whole units, the nearest.

    Args:
        costs: of holding and shortage.
        review: periods between orders.
        linger: weight of what is still left one review later: see `order_on_paths`.
        scale: times the forecast's demand.
    """

    def order(state: State) -> Array:
        scaled = replace(state, paths=state.paths * scale)
        return np.floor(order_on_paths(scaled, costs, review=review, linger=linger) + 0.5)

    return order
