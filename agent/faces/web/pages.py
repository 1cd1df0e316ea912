"""The pages: today, products, the catalogue, orders, the chat and accuracy, as routes to mount in a server."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi import Query as FromQuery
from fastapi.responses import RedirectResponse

from ..service import Service
from ..session import LONGEST
from .catalogue import SORTS, STATES
from .charts import WIDE, warm
from .look import asset, error_page, page
from .ordering import add_orders
from .product import add_product, drawn
from .route import YEAR, guarded
from .site import Site
from .stakes import BOUND, MISSED, of_orders, of_sales, together

FIRST = 20  # exceptions of each kind on the page of today
NOTES = "latest notes"  # asks for what is new, whatever it is about
Text = Annotated[str, FromQuery(max_length=200)]
Number = Annotated[int, FromQuery(ge=1, le=100_000)]


def web(service: Service, key: str | None = None, hosts: Collection[str] = ()) -> FastAPI:
    """The pages as an ASGI application.

    Args:
        service: answers calls at the desk; it is closed with the application.
        key: the password that a browser asks for; None asks for none.
        hosts: names by which the server may be called; any when empty.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        drawing = asyncio.get_running_loop().run_in_executor(None, warm)
        yield
        await drawing
        service.close()

    app = FastAPI(title="skucast", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    route = pages(service, key, hosts)

    @route.get("/{rest:path}")
    async def missing(request: Request) -> Response:
        return error_page(request, "web-not-found", 404)

    app.include_router(route)
    return app


def pages(service: Service, key: str | None = None, hosts: Collection[str] = ()) -> APIRouter:
    """All pages, at `/` and below.

    Args:
        service: answers calls at the desk.
        key: the password that a browser asks for; None asks for none.
        hosts: names by which the server may be called; any when empty.
    """
    site = Site(service)
    route = APIRouter(route_class=guarded(service.lang, key, hosts), include_in_schema=False)
    desk = service.desk

    @route.get("/")
    async def today(request: Request) -> Response:
        """What needs a person: by money at stake."""
        lang = request.state.visitor.lang
        catalogue = await site.catalogue()
        prices, names = catalogue.prices(), dict(zip(catalogue.sku, catalogue.name, strict=True))
        orders, moved = await site.orders(lang), await site.overview()
        notes = await site.answer("market_notes", query=NOTES) if desk.notes else None
        risks = await site.answer("risks") if desk.notes else None
        stakes = of_orders(orders.value, prices) if orders.ready else []
        sales = of_sales(moved.value, prices, names) if moved.ready else []
        facts: dict[str, Any] = {"orders": orders, "moved": moved, "notes": notes, "risks": risks}
        facts |= {"stakes": stakes[:FIRST], "more": max(len(stakes) - FIRST, 0), "sales": sales[:FIRST]}
        facts |= {"missed": together(stakes, MISSED), "bound": together(stakes, BOUND), "known": catalogue.at}
        facts |= {
            "health": desk.health,
            "cutoff": desk.panel.cutoff,
            "count": len(catalogue.sku),
            "freq": desk.panel.freq,
        }
        return page(request, "today.html", periods=moved.value.span.periods if moved.ready else 0, **facts)

    @route.get("/catalogue")
    async def catalogue(
        request: Request,
        words: Text = "",
        category: Text = "",
        state: Text = "",
        sort: Text = "revenue",
        number: Annotated[Number, FromQuery(alias="page")] = 1,
    ) -> Response:
        """All products: searched, filtered, sorted, paged."""
        every = await site.catalogue()
        found = every.find(words, category, state, sort, number)
        asked = {"words": words, "category": category, "state": state, "sort": sort}
        return page(
            request,
            "catalogue.html",
            found=found,
            asked=asked,
            categories=every.categories,
            states=STATES,
            sorts=SORTS,
            periods=every.periods,
            freq=desk.panel.freq,
        )

    @route.get("/accuracy")
    async def accuracy(request: Request, windows: Text = "3", horizon: Text = "", category: Text = "") -> Response:
        """How good forecasts of earlier dates were."""
        every = await site.catalogue()
        count = int(windows) if windows.isdecimal() and len(windows) < 4 else 3
        found = await site.answer("accuracy", windows=count, horizon=horizon or site.usual, category=category or None)
        asked = {"windows": count, "horizon": horizon or site.usual, "category": category}
        facts: dict[str, Any] = {"asked": asked, "horizons": site.horizons, "known": every.at}
        return page(request, "accuracy.html", found=found, categories=every.categories, **facts)

    @route.get("/ask")
    async def ask(request: Request, say: Annotated[str, FromQuery(max_length=LONGEST)] = "") -> Response:
        """The conversation of this browser."""
        every = await site.catalogue()
        turns = site.talks.get(request.state.visitor.browser, [])
        shown = [(turn.request, await site.work.look("", turn.job)) for turn in turns]
        first = every.find().rows[0].sku
        return page(request, "ask.html", turns=shown, draft=say, sku=first, longest=LONGEST, known=every.at)

    @route.get("/ask/chart.svg")
    async def asked_chart(request: Request, turn: int, width: int = WIDE) -> Response:
        """The forecast that one request of this browser led to."""
        turns = site.talks.get(request.state.visitor.browser, [])
        part = await site.work.look("", turns[turn - 1].job) if 0 < turn <= len(turns) else None
        reports = part.value.forecasts if part is not None and part.ready else []
        if not reports or reports[-1].unique_id not in (await site.catalogue()).at:
            return error_page(request, "web-not-found", 404)
        return await drawn(site, reports[-1], request.state.visitor.lang, width)

    @route.post("/ask")
    async def asked(request: Request) -> Response:
        """A request of this browser."""
        form = await request.form()
        words = " ".join(str(form.get("request", "")).split())
        if form.get("again"):
            site.talks.pop(request.state.visitor.browser, None)
        elif not 1 <= len(words) <= LONGEST:
            return error_page(request, "web-ask-length", 422, most=LONGEST)
        else:
            site.ask(request.state.visitor.browser, words)
        return RedirectResponse("/ask#last", 303)

    @route.get("/static/{name}")
    async def static(request: Request, name: str) -> Response:
        """A file that pages need."""
        try:
            content, kind = asset(name)
        except KeyError:
            return error_page(request, "web-not-found", 404)
        return Response(content, media_type=kind, headers={"Cache-Control": f"public, max-age={YEAR}, immutable"})

    @route.get("/favicon.ico")
    async def icon() -> Response:
        """There is none."""
        return Response(status_code=204)

    add_product(route, site)
    add_orders(route, site)
    return route
