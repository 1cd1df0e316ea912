"""The pages in a real browser: each opened, each button pressed, no errors in its console, and on a phone's width."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn
from skucast.agent.faces.service import Service
from skucast.agent.faces.web import web

from .conftest import SKUS

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install 'skucast[dev]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver: apt install chromium-driver"
    ),
]
PAGES = (
    "/",
    "/catalogue",
    "/orders?what=",
    "/ask",
    "/accuracy",
    *(f"/product?{urlencode({'sku': uid})}" for uid in SKUS),
)
WIDTHS = {"desk": 1366, "phone": 390}
PATIENCE = 120.0  # seconds; a busy machine breaks no test


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web(service, hosts=("127.0.0.1",)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module", params=WIDTHS)
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    width = WIDTHS[request.param]
    for one in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--window-size={width},900",
    ):
        options.add_argument(one)
    if request.param == "phone":
        metrics = {"width": width, "height": 844, "pixelRatio": 2.0, "touch": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    made.set_page_load_timeout(PATIENCE)
    yield made
    made.quit()


def settled(browser: Any) -> None:
    """Wait until the page is loaded and none of its parts waits any more, and its pictures are there."""
    ready = """
        const images = [...document.images].every((one) => one.complete && one.naturalWidth > 0);
        return document.readyState === 'complete' && images && !document.querySelector('[data-waiting]')"""
    until = time.monotonic() + PATIENCE
    while not browser.execute_script(ready):
        assert time.monotonic() < until, f"{browser.current_url} is not ready"
        time.sleep(0.1)


def check(browser: Any) -> None:
    """No errors in the console, no alert, nothing wider than the screen."""
    settled(browser)
    assert [one["message"] for one in browser.get_log("browser") if one["level"] in ("SEVERE", "WARNING")] == []
    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{browser.current_url} is {wide} pixels wider than the screen"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_and_each_of_its_buttons(browser: Any, address: str, page: str) -> None:
    browser.get(address + page)
    check(browser)
    buttons = len(browser.find_elements("css selector", "main button"))
    for at in range(buttons):
        browser.get(address + page)
        settled(browser)
        for field in browser.find_elements("css selector", "main input[required]"):
            field.send_keys("top sellers")
        button = browser.find_elements("css selector", "main button")
        if at < len(button):  # a conversation begun anew has one less
            button[at].click()
            check(browser)


def test_orders_are_approved_and_the_file_is_offered(browser: Any, address: str) -> None:
    browser.get(f"{address}/orders?what=")
    settled(browser)
    box = browser.find_element("css selector", "input[name=approved]")
    field = browser.find_element("css selector", "input[name=units]")
    field.clear()
    field.send_keys("12")
    if not box.is_selected():
        box.click()
    browser.find_element("css selector", "button[value=save]").click()
    check(browser)
    assert browser.find_element("css selector", "input[name=units]").get_attribute("value") == "12"
    assert browser.find_element("css selector", "input[name=approved]").is_selected()
    assert browser.find_elements("css selector", "a[href='/orders/approved.csv']")


def test_the_keyboard_reaches_the_content_first(browser: Any, address: str) -> None:
    browser.get(f"{address}/catalogue")
    settled(browser)
    first = browser.execute_script("return document.querySelector('a, button, input, select').className")
    assert first == "skip"
    unnamed = browser.execute_script(
        """return [...document.querySelectorAll('input:not([type=hidden]), select')].filter(
            (one) => !one.labels.length && !one.getAttribute('aria-label')).map((one) => one.name)"""
    )
    assert unnamed == []


def test_contrast_is_double_a(browser: Any, address: str) -> None:
    """Text against its background, by the formula of WCAG 2: 4.5 to 1 or more."""
    script = """
        const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
        const linear = (one) => { one /= 255; return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4; };
        const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
        const behind = (el) => {
            for (; el; el = el.parentElement) {
                const c = numbers(getComputedStyle(el).backgroundColor);
                if (c.length < 4 || c[3] > 0) return c;
            }
            return [255, 255, 255];
        };
        const low = new Set();
        for (const el of document.querySelectorAll('body *')) {
            if (![...el.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim())) continue;
            const [a, b] = [light(numbers(getComputedStyle(el).color)), light(behind(el))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) low.add(`${el.tagName}.${el.className}: ${ratio.toFixed(2)}`);
        }
        return [...low];"""
    for page in PAGES[:6]:
        browser.get(address + page)
        settled(browser)
        assert browser.execute_script(script) == [], page
