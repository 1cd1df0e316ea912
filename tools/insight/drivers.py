"""Drivers: the reasons behind a forecast, computed from the panel, each as a message with the figures it shows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.freq import ByFreq
from ..data.panel import Panel
from ..forecast.lost_sales import lost_units
from ..messages import Fact, Message, Money, Percent, Times, Units, message
from ..quantiles import Array
from .answer import MOST_PERCENT
from .causes import deals, season_driver

FLAT = 2.0  # per cent within which a change is called level
RECENT = ByFreq({"D": 28, "W": 8, "M": 6})
MIN_PROMOTED = 4
PLANNED = ("price", "promo", "discount", "display", "mailer", "coupon")
CHANGING = ("display", "mailer", "discount", "promo")


@dataclass(frozen=True)
class Driver:
    """One reason behind a forecast.

    Attributes:
        name: what kind of reason.
        message: what it means: `driver-NAME` and which case of it, with every number that is shown. Where it
            compares, its fact `way` says how: up, down, same, or none where there is nothing to compare with.
    """

    name: str
    message: Message


def drivers(panel: Panel, unique_id: str, horizon: int, total: float) -> list[Driver]:
    """The drivers of one series' forecast, the most telling first.

    Args:
        panel: what is known.
        unique_id: the series.
        horizon: periods ahead.
        total: its forecast of the units over all of them.
    """
    past = panel.past_of(unique_id)
    ahead = panel.horizon_of(unique_id, horizon)
    return [
        *_level(panel, past, total / horizon),
        *_last_year(panel, past, horizon, total),
        *(_plan_ends(panel, ahead) or [*_price(panel, past, ahead), *_promotion(panel, past, ahead)]),
        *_deals(panel, past),
        *_season(panel, past),
        *_response(panel, past),
        *_zeros(panel, past),
        *_stockouts(panel, unique_id),
    ]


def _change(now: float, then: float) -> dict[str, Fact] | None:
    """How one level stands against another: its `way`, and by how many per cent or times; None against nothing."""
    if then <= 0:
        return None
    change = (now / then - 1) * 100
    if change > MOST_PERCENT:
        return {"way": "times", "times": Times(now / then)}
    way = "same" if abs(change) < FLAT else "up" if change > 0 else "down"
    return {"way": way, "change_percent": Percent(abs(change))}


def _calls(panel: Panel) -> dict[str, Fact]:
    """What a period is called where it is spoken of, and where it is counted."""
    return {"period": message(f"period-{panel.freq}"), "unit": message(f"unit-{panel.freq}")}


def _known(past: pd.DataFrame) -> Array:
    y: Array = past["y"].to_numpy(dtype=float)
    return np.asarray(y[~np.isnan(y)], dtype=float)


def _level(panel: Panel, past: pd.DataFrame, ahead: float) -> Iterator[Driver]:
    span, calls = RECENT[panel.freq], _calls(panel)
    y = _known(past)
    recent, before = y[-span:], y[-2 * span : -span]
    if not len(recent):
        return
    level = float(recent.mean())
    facts: dict[str, Fact] = {"recent_mean": Units(level), "periods": len(recent), **calls}
    change = _change(level, float(before.mean())) if len(before) == span else None
    facts |= {**change, "periods_before": span} if change else {"way": "none"}
    yield Driver("level", Message("driver-level", facts))
    if change := _change(ahead, level):
        yield Driver("outlook", Message("driver-outlook", {"forecast_mean": Units(ahead), **change, **calls}))


def _last_year(panel: Panel, past: pd.DataFrame, horizon: int, total: float) -> Iterator[Driver]:
    year = ByFreq({"D": 364, "W": 52, "M": 12})[panel.freq]
    y = past["y"].to_numpy(dtype=float)
    same = y[len(y) - year : len(y) - year + horizon] if len(y) >= year else y[:0]
    if len(same) < horizon or not np.isfinite(same).all():
        return
    if change := _change(total, float(same.sum())):
        yield Driver("last_year", Message("driver-last_year", {"last_year": Units(same.sum()), **change}))


def _planned(panel: Panel, name: str, past: pd.DataFrame, ahead: pd.DataFrame) -> tuple[float, float] | None:
    """Mean of a covariate over the horizon and over the recent past; None where it is not declared or not planned."""
    if name not in panel.schema.known_future:
        return None
    plan = ahead[name].astype(float).dropna()
    usual = past[name].astype(float).tail(RECENT[panel.freq]).dropna()
    return (float(plan.mean()), float(usual.mean())) if len(plan) and len(usual) else None


def _plan_ends(panel: Panel, ahead: pd.DataFrame) -> list[Driver]:
    """That price or promotion is planned for a part of the horizon alone, of which no mean speaks for all of it."""
    names = [name for name in PLANNED if name in panel.schema.known_future]
    planned = [name for name in names if ahead[name].notna().any()]
    known = ahead[planned].notna().all(axis=1) if planned else pd.Series(dtype=bool)
    count = int(known.sum())
    if not 0 < count < len(ahead):
        return []
    return [Driver("plan", message("driver-plan", planned_periods=count, horizon=len(ahead), **_calls(panel)))]


def _price(panel: Panel, past: pd.DataFrame, ahead: pd.DataFrame) -> Iterator[Driver]:
    pair = _planned(panel, "price", past, ahead)
    if pair is None:
        if "price" in panel.schema.known_future:
            yield Driver("price", message("driver-price-none"))
        return
    now, usual = pair
    change = _change(now, usual)
    if change is None:
        return
    if change["way"] == "same":
        change = {"way": "same"}
    yield Driver("price", message("driver-price", planned_price=Money(now), usual_price=Money(usual), **change))


def _promotion(panel: Panel, past: pd.DataFrame, ahead: pd.DataFrame) -> Iterator[Driver]:
    for name in CHANGING:
        pair = _planned(panel, name, past, ahead)
        if pair is None or max(pair) < 0.02 or abs(pair[0] - pair[1]) < 0.02:
            continue
        now, usual = Percent(pair[0] * 100), Percent(pair[1] * 100)
        way = "up" if now > usual else "down"
        yield Driver(name, message(f"driver-{name}", planned_percent=now, usual_percent=usual, way=way))
    pair = _planned(panel, "coupon", past, ahead)
    if pair is not None and pair[0] > 0:
        count = int((ahead["coupon"].astype(float) > 0).sum())
        yield Driver("coupon", message("driver-coupon", with_coupon=count, horizon=len(ahead), **_calls(panel)))


def _deals(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    """How many of the last periods were promoted, against as many before; nothing where none was in either."""
    span = RECENT[panel.freq]
    now, then = deals(past.tail(span)), deals(past.iloc[:-span].tail(span))
    if now is None or not (now.count or (then and then.count)):
        return
    facts: dict[str, Fact] = {"deal_periods": now.count, "periods": now.of, "unit": _calls(panel)["unit"]}
    if now.percent is not None:
        facts |= {"deal_percent": Percent(now.percent)}
    facts |= {"off": "no" if now.percent is None else "yes", "turn": "none"}
    if then is not None and then.of == now.of:
        turn = "up" if now.count > then.count else "down" if now.count < then.count else "same"
        facts |= {"deals_before": then.count, "periods_before": then.of, "turn": turn}
    yield Driver("deals", Message("driver-deals", facts))


def _season(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    found = season_driver(panel, past, RECENT[panel.freq])
    if found is not None:
        yield Driver("season", found)


def _response(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    """Mean sales in promoted against other periods of the past: an association, not an effect."""
    name = next((n for n in ("promo", "discount") if n in panel.schema.known_future), None)
    if name is None:
        return
    rows = past.dropna(subset=["y", name])
    on = rows[name].astype(float) > (0.05 if name == "discount" else 0.0)
    count, rest = int(on.sum()), int((~on).sum())
    if min(count, rest) < MIN_PROMOTED:
        return
    with_, without = float(rows.loc[on, "y"].mean()), float(rows.loc[~on, "y"].mean())
    if without <= 0:
        return
    facts: dict[str, Fact] = {"promoted_periods": count, "promoted_mean": Units(with_)}
    facts |= {"other_periods": rest, "other_mean": Units(without), **_calls(panel)}
    yield Driver("response", Message(f"driver-response-{name}", facts))


def _zeros(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    y = _known(past)
    share = float((y == 0).mean()) if len(y) else 0.0
    if share >= 0.2:
        yield Driver("intermittent", message("driver-intermittent", zero_percent=Percent(share * 100), **_calls(panel)))


def _stockouts(panel: Panel, unique_id: str) -> Iterator[Driver]:
    """What was not sold of late for want of stock; nothing where stock is not known or never ran out."""
    lost = lost_units(panel, unique_id)
    if lost is None or not lost.recent.out + lost.recent.partly:
        return
    recent = lost.recent
    facts: dict[str, Fact] = {"out_of_stock": recent.out + recent.partly, "periods": recent.of, **_calls(panel)}
    if np.isnan(recent.units):
        yield Driver("stockout", Message("driver-stockout-unknown", facts))
        return
    facts |= {"lost_units": Units(recent.units), "lost_q0.1": Units(recent.low), "lost_q0.9": Units(recent.high)}
    facts["interval"] = 80
    if recent.partly:
        yield Driver("stockout", Message("driver-stockout-partly", {**facts, "partly": recent.partly}))
    else:
        yield Driver("stockout", Message("driver-stockout", facts))
