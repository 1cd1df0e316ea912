"""The small chat: what it understands, what it remembers, what it says when it does not."""

import io

import pytest
from rich.console import Console
from skucast.agent.chat import Quit, Session
from skucast.agent.forecaster import Forecaster
from skucast.tools.errors import InputError
from skucast.tools.panel import Panel

from .conftest import scripted


@pytest.fixture
def session(panel: Panel) -> Session:
    return Session(panel, Forecaster(scripted()))


def said(session: Session, request: str) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(session.answer(request))
    return console.export_text()


@pytest.mark.parametrize(
    ("request_", "sku", "horizon"),
    [
        ("forecast next month for SKU B", "B", 4),  # weeks that end within the month after 2024-10-06
        ("Forecast the next 8 weeks of B, please", "B", 8),
        ("what will we sell of D in six weeks?", "D", 6),
        ("how much of A next week", "A", 1),
        ("forecast C 12w", "C", 12),
        ("predict demand for item B over 28 days", "B", 4),
        ("B", "B", 4),
    ],
)
def test_forecasts(session: Session, request_: str, sku: str, horizon: int) -> None:
    text = said(session, request_)
    assert f"SKU {sku}" in text
    assert (session.reports[-1].unique_id, session.reports[-1].horizon) == (sku, horizon)


def test_the_session_remembers(session: Session) -> None:
    said(session, "forecast 6 weeks for B")
    said(session, "and for D?")
    assert (session.reports[-1].unique_id, session.reports[-1].horizon) == ("D", 6)
    said(session, "forecast next 2 weeks")
    assert (session.reports[-1].unique_id, session.reports[-1].horizon) == ("D", 2)
    assert "E1" in said(session, "why?")


def test_lists(session: Session) -> None:
    assert "change" in said(session, "top movers")
    sellers = said(session, "what are the top sellers")
    assert sellers.index("B ") < sellers.index("D ") < sellers.index("A ")
    assert "product C" in said(session, "find product c")
    assert "forecast next month" in said(session, "help")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("forecast next month for SKU BX", "unknown SKU 'BX'"),
        ("forecast", "which SKU?"),
        ("why", "nothing forecast yet"),
        ("find unobtainium", "no product has the words"),
        ("sing me a song", "did not understand"),
        ("forecast B for 0 weeks", "at least 1"),
        ("forecast B for 9 days", "no whole number of weeks"),
    ],
)
def test_what_it_cannot_do_it_says(session: Session, request_: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        session.answer(request_)


@pytest.mark.parametrize("word", ["quit", "exit", "Bye!"])
def test_goodbye(session: Session, word: str) -> None:
    with pytest.raises(Quit):
        session.answer(word)
