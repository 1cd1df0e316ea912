"""Every page: there, in both languages, with whatever stands in the data shown as text; forms and their refusals."""

import io
import re
from urllib.parse import urlencode

import pandas as pd
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from skucast.agent.faces.service import Service
from skucast.agent.faces.web import pages
from skucast.tools.errors import InputError

from .conftest import HOST, LINK, NASTY, QUOTES, SKUS, whole

PAGES = {
    "/": "Today",
    "/catalogue": "5 products",
    "/product?sku=A": "Four times in five",
    "/orders": "Nothing is sent anywhere",
    "/ask": "Your question",
    "/accuracy": "Test windows",
}


def product(sku: str, **more: str) -> str:
    return "/product?" + urlencode({"sku": sku, **more})


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_there_and_safe(client: TestClient, address: str) -> None:
    found = client.get(address)
    assert found.status_code == 200
    policy = found.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["cache-control"] == "no-store"
    text = whole(client, address)
    assert PAGES[address] in text
    assert not re.search(r"<script(?! src=\"/static/pages\.js)", text)  # none but our file
    assert not re.search(r"\son\w+=|\sstyle=", text)
    assert not re.search(r"(href|src|action)=\"(?!/|#|\"|\")", text)  # our own addresses alone
    assert "http://" not in text and "https://" not in text


@pytest.mark.parametrize("sku", SKUS)
def test_what_stands_in_the_data_is_text(client: TestClient, sku: str) -> None:
    text = whole(client, product(sku))
    assert NASTY not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert QUOTES not in text
    assert f'href="{LINK}' not in text
    assert client.get("/product/chart.svg?" + urlencode({"sku": sku})).status_code == 200


def test_names_of_columns_and_words_of_requests_are_text(client: TestClient) -> None:
    for address in ("/catalogue", "/accuracy"):
        text = whole(client, f"{address}?" + urlencode({"words": NASTY, "category": f'"{NASTY}', "horizon": NASTY}))
        assert NASTY not in text
    assert NASTY not in client.get(product(f"{NASTY}x")).text
    assert NASTY not in client.get("/?" + urlencode({"lang": NASTY, NASTY: NASTY})).text


def test_catalogue_leads_to_every_product(client: TestClient) -> None:
    text = client.get("/catalogue").text
    for sku in SKUS:
        assert f'href="/product?{urlencode({"sku": sku})}"' in text


def test_today_shows_stakes_sales_and_notes(client: TestClient) -> None:
    text = whole(client, "/")
    assert "order now" in text and "over-stocked" in text
    assert "Storm delays" in text and "<b>A</b>" not in text
    assert "<script>note" not in text


def test_chinese_and_back(client: TestClient) -> None:
    assert "今日" in client.get("/?lang=zh").text
    text = whole(client, "/product?sku=A")  # the cookie remembers
    assert '<html lang="zh">' in text and "八成可能介于" in text
    assert "Today" in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/accuracy").text


@pytest.mark.parametrize("address", PAGES)
def test_every_page_in_chinese(client: TestClient, address: str) -> None:
    text = whole(client, f"{address}{'&' if '?' in address else '?'}lang=zh")
    assert '<html lang="zh">' in text and "跳到正文" in text


def test_what_if_answers_with_a_chart(client: TestClient) -> None:
    text = whole(client, product("A", price="-10"))
    assert "price 10 % down" in text or "10 %" in text
    assert "/product/what-if.svg" in text
    svg = client.get("/product/what-if.svg?sku=A&price=-10")
    assert svg.text.startswith("<svg") and svg.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("price", "said"), [("cheap", "expected a number of per cent"), ("-95", "greater than or equal")]
)
def test_what_if_refuses_in_words(client: TestClient, price: str, said: str) -> None:
    assert said in whole(client, product("A", price=price))


def test_backtest_and_advice_on_demand(client: TestClient) -> None:
    assert "pinball loss" not in whole(client, product("A"))
    assert "pinball loss" in whole(client, product("A", backtest="1"))
    assert "price-advice-ask" not in whole(client, product("A", advice="1"))


def test_orders_are_changed_approved_and_taken(client: TestClient) -> None:
    text = whole(client, "/orders")
    assert "Approved: 0 orders" in text
    assert client.get("/orders/approved.csv").status_code == 409
    form = {"what": "", "sku": ["A", QUOTES], "units": ["18", "7"], "approved": ["A", QUOTES], "do": "save"}
    after = client.post("/orders", data=form)
    assert after.status_code == 200 and str(after.url).startswith(f"{HOST}/orders")
    assert "Approved: 2 orders, 25 units. Cost: 30.00." in after.text
    assert "not whole packs of 6" in after.text
    held = client.get("/orders/approved.csv")
    assert "attachment" in held.headers["content-disposition"]
    frame = pd.read_csv(io.BytesIO(held.content)).set_index("unique_id")
    assert dict(frame["order"]) == {"A": 18.0, QUOTES: 7.0}
    assert dict(frame["cost"]) == {"A": pytest.approx(21.6), QUOTES: pytest.approx(8.4)}
    book = client.get("/orders/approved.xlsx")
    assert len(pd.read_excel(io.BytesIO(book.content), engine="calamine")) == 2
    assert client.get("/orders/approved.exe").status_code == 404
    client.cookies.clear()  # another browser
    assert "Approved: 0 orders" in client.get("/orders").text


def test_all_of_a_list_are_approved_and_none(client: TestClient) -> None:
    whole(client, "/orders")
    after = client.post("/orders", data={"what": "order", "do": "all"})
    count = int(re.search(r"Approved: (\d+) order", after.text)[1])  # type: ignore[index]
    assert count >= 1
    assert "Approved: 0 orders" in client.post("/orders", data={"what": "order", "do": "none"}).text


def test_orders_that_are_no_numbers_are_shown_again(client: TestClient) -> None:
    whole(client, "/orders")
    form = {"what": "", "sku": ["A"], "units": [f'"{NASTY}'], "approved": ["A"], "do": "save"}
    after = client.post("/orders", data=form)
    assert after.status_code == 422
    assert "no number of 0 to 10,000,000" in after.text and NASTY not in after.text
    assert 'aria-invalid="true"' in after.text


def test_the_chat_answers_with_its_call_and_table(client: TestClient) -> None:
    client.post("/ask", data={"request": "top sellers"})
    text = whole(client, "/ask")
    assert "top_sellers(" in text and "<table>" in text
    client.post("/ask", data={"request": "and the forecast for A?"})
    text = whole(client, "/ask")
    assert text.count('class="request"') == 2
    client.post("/ask", data={"request": NASTY})
    assert NASTY not in whole(client, "/ask")
    assert 'class="request"' not in client.post("/ask", data={"again": "1"}).text


def test_an_empty_or_endless_question_is_refused(client: TestClient) -> None:
    assert client.post("/ask", data={"request": "  "}).status_code == 422
    assert client.post("/ask", data={"request": "x" * 2001}).status_code == 422


def test_other_sites_are_not_followed(client: TestClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/ask", data={"request": "hello"}, headers=headers).status_code == 403
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.post("/ask", data={"again": "1"}, headers={"Origin": HOST}).status_code == 200


def test_what_is_not_there(client: TestClient) -> None:
    assert client.get(product("nope")).status_code == 404
    assert client.get("/static/../pages.py").status_code == 404
    assert client.get("/static/pages.py").status_code == 404
    assert client.get("/catalogue?page=x").status_code == 422
    assert client.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"


def test_cookies_are_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    cookies = client.get("/ask?lang=zh").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in one and "SameSite" in one for one in cookies)


def test_other_pages_do_not_wait_for_long_work(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast that takes long is shown as going on; the catalogue is there at once."""
    import threading

    go = threading.Event()

    async def slow(*_: object, **__: object) -> list[object]:
        import asyncio

        await asyncio.to_thread(go.wait, 30)
        raise InputError("too long")

    monkeypatch.setattr(service, "forecast", slow)
    app = FastAPI()
    app.include_router(pages(service))
    with TestClient(app, base_url=HOST) as client:
        text = client.get("/product?sku=A").text
        assert "data-waiting" in text and "Waiting for its turn" in text
        assert "5 products" in client.get("/catalogue").text
        go.set()


def test_a_key_is_asked_for_as_a_password(service: Service) -> None:
    app = FastAPI()
    app.include_router(pages(service, key="秘密"))
    with TestClient(app, base_url=HOST) as client:
        found = client.get("/catalogue")
        assert found.status_code == 401 and found.headers["www-authenticate"].startswith("Basic")
        assert "<table" not in found.text
        assert client.get("/catalogue", auth=("anyone", "wrong")).status_code == 401
        assert client.get("/catalogue", headers={"Authorization": "Basic !"}).status_code == 401
        assert client.get("/catalogue", headers={"Authorization": "Basic Og=="}).status_code == 401
        assert client.get("/catalogue", auth=("anyone", "秘密")).status_code == 200


def test_a_form_that_is_too_large_is_not_read(client: TestClient) -> None:
    assert client.post("/ask", data={"request": "x" * 1_100_000}).status_code == 413


def test_what_is_no_page_says_so(client: TestClient) -> None:
    found = client.get("/wp-admin/<script>")
    assert found.status_code == 404 and "There is no such page" in found.text
