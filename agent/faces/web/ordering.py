"""The page of orders: proposals to change and approve, and the file of what is approved. Nothing is sent anywhere."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Query as FromQuery
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from ....tools.decide.alerts import URGENCIES
from ....tools.errors import InputError
from .basket import Basket, as_csv, as_workbook, doubt, units_of
from .look import error_page, page, url
from .site import Site

SHOWN = 50  # lines of a page
KINDS: Mapping[str, Any] = {"csv": (as_csv, "text/csv; charset=utf-8")} | {
    "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}
Text = Annotated[str, FromQuery(max_length=200)]
Line = Mapping[str, Any]


def add_orders(route: APIRouter, site: Site) -> None:
    """Add the routes of this page."""

    def shown(
        request: Request, lines: Sequence[Line], asked: dict[str, Any], wrong: Mapping[str, str], status: int = 200
    ) -> Response:
        basket = site.baskets.of(request.state.visitor.browser)
        found = chosen(lines, asked["what"], asked["supplier"], asked["words"])
        pages = max(1, -(-len(found) // SHOWN))
        number = min(asked["page"], pages)
        some = found[(number - 1) * SHOWN : number * SHOWN]
        ready = basket.chosen(lines)
        facts: dict[str, Any] = {"lines": some, "basket": basket, "wrong": wrong, "ready": ready}
        facts |= {"doubts": {one["unique_id"]: doubt(one, basket.order(one)) for one in some}}
        facts |= {"cost": sum(one["cost"] or 0.0 for one in ready), "pages": pages, "number": number}
        facts |= {
            "unpriced": sum(one["cost"] is None for one in ready),
            "orders": sum(basket.order(one) > 0 for one in found),
        }
        facts |= {"units": sum(one["order"] for one in ready), "urgencies": URGENCIES, "asked": asked}
        facts |= {"recorded": site.records is not None, "who": request.state.visitor.who}
        facts |= {"suppliers": sorted({one["supplier"] for one in lines if one["supplier"]})}
        return page(request, "orders.html", status, **facts)

    @route.get("/orders")
    async def orders(
        request: Request,
        what: Text = "order",
        supplier: Text = "",
        words: Text = "",
        number: Annotated[int, FromQuery(alias="page", ge=1)] = 1,
    ) -> Response:
        """The lines, the most urgent first."""
        part = await site.orders(request.state.visitor.lang)
        if not part.ready:
            return page(request, "orders_wait.html", part=part)
        return shown(request, part.value, {"what": what, "supplier": supplier, "words": words, "page": number}, {})

    @route.post("/orders")
    async def decide(request: Request) -> Response:
        """What a person changed or approved."""
        part = await site.orders(request.state.visitor.lang)
        if not part.ready:
            return RedirectResponse("/orders", 303)
        visitor = request.state.visitor
        form, basket = await request.form(), site.baskets.of(visitor.browser).copy()
        number = str(form.get("page", "1"))
        asked: dict[str, Any] = {name: str(form.get(name, ""))[:200] for name in ("what", "supplier", "words")}
        asked["page"] = int(number) if number.isdecimal() and 0 < len(number) < 7 else 1
        every = {one["unique_id"]: one for one in part.value}
        wrong = keep(form, every, basket)
        if form.get("do") == "all" and not wrong:
            some = chosen(part.value, asked["what"], asked["supplier"], asked["words"])
            basket.approved |= {one["unique_id"] for one in some if basket.order(one) > 0}
        if form.get("do") == "none" and not wrong:
            basket.approved.clear()
        await site.decide(visitor.browser, visitor.who, basket, part.value)
        if wrong:
            return shown(request, part.value, asked, wrong, 422)
        return RedirectResponse(url("/orders", **asked), 303)

    @route.get("/orders/approved.{kind}")
    async def approved(request: Request, kind: str) -> Response:
        """The file of what is approved."""
        part = await site.orders(request.state.visitor.lang)
        if kind not in KINDS:
            return error_page(request, "web-not-found", 404)
        if not part.ready:
            return RedirectResponse("/orders", 303)
        made, media = KINDS[kind]
        rows = site.baskets.of(request.state.visitor.browser).chosen(part.value)
        if not rows:
            return error_page(request, "web-nothing-approved", 409)
        await site.took(request.state.visitor.who, len(rows), f"orders.{kind}")
        headers = {"Content-Disposition": f'attachment; filename="orders.{kind}"'}
        return Response(made(rows), media_type=media, headers=headers)


def chosen(lines: Sequence[Line], what: str, supplier: str, words: str) -> list[Line]:
    """The lines of a kind, a supplier and with all of the words; an empty one allows all."""
    asked = words.casefold().split()
    return [
        one
        for one in lines
        if (not what or one["urgency"] == what)
        and (not supplier or one["supplier"] == supplier)
        and all(word in f"{one['unique_id']} {one['name']}".casefold() for word in asked)
    ]


def keep(form: FormData, lines: Mapping[str, Line], basket: Basket) -> dict[str, str]:
    """Keep the units and approvals of the lines that a form shows, and say by product which units are none.

    A form has the fields `sku` and `units`, once a line in the same order, and `approved` of those that are ticked.
    """
    ticked = {str(one) for one in form.getlist("approved")}
    wrong: dict[str, str] = {}
    for sku, text in zip(map(str, form.getlist("sku")), map(str, form.getlist("units")), strict=False):
        if sku not in lines:
            continue
        try:
            basket.take(lines[sku], units_of(text), approved=sku in ticked)
        except InputError:
            wrong[sku] = text[:40]
    return wrong
