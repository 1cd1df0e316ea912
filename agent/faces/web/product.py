"""The page of one product: its past and forecast, what drives it, what if, price advice, backtest and order."""

import asyncio
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Request, Response
from fastapi import Query as FromQuery

from ....prompts.messages.say import say
from ....tools.data.freq import ByFreq
from ....tools.data.panel import Panel
from ....tools.errors import InputError, nearest
from ....tools.insight.answer import period_of
from ....tools.insight.ranking import PRICE
from ....tools.messages import message
from ...forecast.language import report_in
from ...forecast.report import ForecastReport
from .charts import WIDE, WIDTHS, fan, plans
from .look import error_page, page
from .site import Site
from .work import Part

DRAWN = ByFreq({"D": 90, "W": 60, "M": 36})  # past periods of the chart
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
Text = Annotated[str, FromQuery(max_length=400)]


def add_product(route: APIRouter, site: Site) -> None:
    """Add the routes of this page."""
    desk = site.service.desk

    async def what_if(sku: str, horizon: str, price: str, promotion: str) -> Part | None:
        """The answer to another plan; None where none was asked for."""
        if not price.strip() and promotion not in ("on", "off"):
            return None
        change = _number(price) if price.strip() else None
        on = {"on": True, "off": False}.get(promotion)
        return await site.answer("what_if", product=sku, horizon=horizon, price_change_percent=change, promotion=on)

    @route.get("/product")
    async def product(
        request: Request,
        sku: Text,
        horizon: Text = "",
        price: Text = "",
        promotion: Text = "",
        advice: Text = "",
        backtest: Text = "",
    ) -> Response:
        """One product."""
        every = await site.catalogue()
        if sku not in every.at:
            text = f"unknown SKU {sku[:80]!r}: {nearest(sku[:80], every.sku[:5000])}"
            return error_page(request, InputError(text), 404)
        span, lang = horizon or site.usual, request.state.visitor.lang
        forecast = await site.forecast(sku, span)
        try:
            changed = await what_if(sku, span, price, promotion) if forecast.ready else None
        except InputError as error:
            changed = Part(refused=error)
        advised = await site.answer("price_advice", product=sku, horizon=span) if advice else None
        tested = await site.answer("backtest", product=sku, horizon=span) if backtest else None
        planned = await site.answer("stock_plan", product=sku) if sku in desk.stocked else None
        static = {name: value for name, value in desk.panel.static_of(sku).items() if value}
        facts: dict[str, Any] = {"changed": changed, "advised": advised, "tested": tested, "planned": planned}
        facts |= {"asked": {"sku": sku, "horizon": span, "price": price, "promotion": promotion}, "known": every.at}
        facts |= {"horizons": site.horizons, "priced": PRICE in desk.panel.past, "static": static}
        facts |= {"freq": desk.panel.freq, "row": every.row(sku), "periods": every.periods}
        report = report_in(forecast.value, lang) if forecast.ready else None
        return page(request, "product.html", forecast=forecast, report=report, **facts)

    @route.get("/product/chart.svg")
    async def chart(request: Request, sku: Text, horizon: Text = "", width: int = WIDE) -> Response:
        """The past of a product and its forecast."""
        report = (await site.service.forecast([sku], horizon or site.usual))[0]
        return await drawn(site, report, request.state.visitor.lang, width)

    @route.get("/product/what-if.svg")
    async def what_if_chart(
        request: Request,
        sku: Text,
        horizon: Text = "",
        price: Text = "",
        promotion: Text = "",
        width: int = WIDE,
    ) -> Response:
        """The forecast as planned and under another plan."""
        found = await what_if(sku, horizon or site.usual, price, promotion)
        if found is None or not found.ready or found.value.table is None:
            return error_page(request, "web-not-found", 404)
        rows = found.value.table.rows[:-1]  # the last one is the total
        columns = [[float(row[at]) for row in rows] for at in range(1, len(rows[0]))]
        lang = request.state.visitor.lang
        dates = [f"{row[0].first:%Y-%m-%d}" for row in rows]
        return _svg(await asyncio.to_thread(plans, dates, columns, _axis(desk.panel, lang), lang, _width(width)))


async def drawn(site: Site, report: ForecastReport, lang: str, width: int) -> Response:
    """A forecast after the past of its product, as a picture."""
    panel = site.service.desk.panel
    past = panel.past_of(report.unique_id).tail(DRAWN[panel.freq])
    dates = [f"{one:%Y-%m-%d}" for one in pd.DatetimeIndex(past["ds"])]
    sold = past["y"].to_numpy(dtype=float)
    return _svg(await asyncio.to_thread(fan, report, dates, sold, _axis(panel, lang), lang, _width(width)))


def _axis(panel: Panel, lang: str) -> str:
    return say(message("table-units", period=period_of(panel)), lang)


def _width(asked: int) -> int:
    return min(WIDTHS, key=lambda one: abs(one - asked))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"price change {text[:40]!r}: expected a number of per cent, such as -10") from None


def _svg(text: str) -> Response:
    headers = {"Content-Security-Policy": SVG_POLICY, "Cache-Control": "private, max-age=60"}
    return Response(text, media_type="image/svg+xml", headers=headers)
