"""The chat at its desk without an LLM: what it understands, remembers, keeps, and says when it cannot."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.rules import RulesModel
from skucast.agent.faces.session import COMMANDS, Exchange, Quit, Session, load_session
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_error
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.messages import Refusal

from ..conftest import scripted


def make_session(panel: Panel, path: Path | None = None) -> Session:
    desk = Desk(panel, Forecaster(scripted(), explanations="template"))
    return Session(desk, RulesModel(known=frozenset(panel.unique_ids)), path)


@pytest.fixture
def session(panel: Panel) -> Session:
    return make_session(panel)


def said(session: Session, request: str) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(session.answer(request))
    return console.export_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("request_", "sku", "horizon"),
    [
        ("forecast next month for SKU B", "B", 4),  # weeks that end within the month after 2024-10-06
        ("Forecast the next 8 weeks of B, please", "B", 8),
        ("what will we sell of D in six weeks?", "D", 6),
        ("how much of A next week", "A", 1),
        ("forecast C 12w", "C", 12),
        ("predict demand for item B over 28 days", "B", 4),
        ("forecast B for 9 days", "B", 2),
        ("B", "B", 4),
    ],
)
def test_forecasts(session: Session, request_: str, sku: str, horizon: int) -> None:
    text = said(session, request_)
    assert f"SKU {sku}" in text
    made = session.desk.reports[-1]
    assert (made.unique_id, made.horizon) == (sku, horizon)


def test_the_session_remembers(session: Session) -> None:
    said(session, "forecast 6 weeks for B")
    said(session, "and for D?")
    made = session.desk.reports
    assert (made[-1].unique_id, made[-1].horizon) == ("D", 6)
    said(session, "forecast next 2 weeks")
    assert (made[-1].unique_id, made[-1].horizon) == ("D", 2)
    assert "Forecast: " in said(session, "why?")
    assert len(made) == 3  # why? makes no new one


def test_lists(session: Session) -> None:
    assert "change" in said(session, "top movers")
    sellers = said(session, "what are the top sellers")
    assert sellers.index("B ") < sellers.index("D ") < sellers.index("A ")
    assert "product c" in said(session, "find product c")
    assert "forecast next month" in said(session, "help")
    assert "I can't help with" in said(session, "sing me a song")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("forecast next month for SKU BX", "no product is called 'BX'"),
        ("forecast", "which product?"),
        ("why", "which product?"),
        ("find unobtainium", "no product has the words"),
        ("forecast B for 0 weeks", "horizon '0w': expected"),
        (
            "/nonsense",
            "^/nonsense: no such command; valid choices: /sku, /horizon, /plot, /export, /signals, /trace, /engine",
        ),
        ("/foo", "no such command; valid choices: /sku"),
        ("/horizn 4", "no such command; did you mean /horizon?$"),
        ("/engine nope:", "stays as it is in a session; begin another with --engine nope:"),
        ("/horizon 100000", "^horizon 100000: expected 1 to 366 periods"),
        ("/export", "nothing forecast yet"),
        ("/sku ZZZ", "no product is called"),
        ("/trace", "nothing was asked"),
    ],
)
def test_what_it_cannot_do_it_says(session: Session, request_: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        session.answer(request_)
    assert re.search(message.replace("?", r"\?"), say_error(error.value))


@pytest.mark.parametrize(
    ("request_", "kind", "choices"),
    [
        ("/horizn 4", "chat-no-command", ("/horizon",)),
        ("/foo", "chat-no-command", COMMANDS),
        ("9" * 2001, "chat-too-long", ()),
        ("/signals apply A1", "signals-not-here", ()),
        ("/signals apply " + "9" * 1900, "signals-not-here", ()),
        ("/engine none", "chat-engine-stays", ()),
        ("/trace", "chat-nothing-asked", ()),
        ("/plot b.png", "chat-nothing-forecast", ()),
        ("/horizon soon", "horizon-unknown", ()),
    ],
)
def test_a_command_refuses_with_its_reason(
    session: Session, request_: str, kind: str, choices: tuple[str, ...]
) -> None:
    with pytest.raises(Refusal) as error:
        session.answer(request_)
    assert (error.value.kind, error.value.choices) == (kind, choices)


@pytest.mark.parametrize("word", ["quit", "exit", "Bye!", "/quit"])
def test_goodbye(session: Session, word: str) -> None:
    with pytest.raises(Quit):
        session.answer(word)


@pytest.mark.slow
def test_commands(session: Session, tmp_path: Path) -> None:
    assert "SKU B" in said(session, "/sku B")
    assert "3 periods" in said(session, "/horizon 3w")
    said(session, "forecast")
    made = session.desk.reports[-1]
    assert (made.unique_id, made.horizon) == ("B", 3)
    assert "forecast" in said(session, "/trace")
    assert (
        said(session, "/engine").strip() == "tools chosen by rules, forecasts by the statistical ensemble and scripted"
    )
    said(session, f"/plot {tmp_path / 'b.svg'}")
    assert (tmp_path / "b.svg").read_text().startswith("<svg")
    said(session, f"/export {tmp_path / 'all.jsonl'}")
    assert json.loads((tmp_path / "all.jsonl").read_text())["unique_id"] == "B"


def test_a_horizon_that_is_refused_leaves_the_one_before(session: Session) -> None:
    said(session, "/horizon 3w")
    with pytest.raises(InputError, match="horizon-too-far"):
        session.answer("/horizon 367")
    said(session, "forecast B")
    assert session.desk.reports[-1].horizon == 3


def test_its_category_is_that_of_the_last_product(panel: Panel, tmp_path: Path) -> None:
    """Whichever tool spoke of it, and in a session taken up again."""
    shelf = panel.static.assign(category=["fruit", "dairy", "fruit", "dairy"])
    schema = panel.schema.model_copy(update={"static": [*panel.schema.static, "category"]})
    two = replace(panel, static=shelf, schema=schema)
    first = make_session(two, tmp_path / "one.jsonl")
    with pytest.raises(InputError, match="which-category"):
        first.desk.do("forecast", {"category": "its"})
    first.desk.do("forecast", {"product": "A"})
    first.desk.do("sales_history", {"product": "B"})
    assert first.desk.category == "dairy"
    first.desk.do("forecast", {"category": "its"})
    assert first.desk.reports[-1].unique_id == "group:category:dairy"
    said(first, "forecast B")
    kept = tmp_path / "one.jsonl"
    kept.write_text(kept.read_text().replace('"arguments":{"product":"B"}', '"arguments":{"category":"its"}'))
    again = make_session(two, kept)
    assert '"its"' in kept.read_text() and again.desk.category is None


def test_a_session_is_kept_and_taken_up(panel: Panel, tmp_path: Path) -> None:
    path = tmp_path / "sessions" / "one.jsonl"
    first = make_session(panel, path)
    said(first, "forecast 6 weeks for B")
    with pytest.raises(InputError):
        first.answer("forecast 2 weeks for SKU ZZZ")
    path.write_text(path.read_text() + '{"at": "half')  # a kill
    again = make_session(panel, path)
    assert [one.request for one in again.exchanges] == ["forecast 6 weeks for B", "forecast 2 weeks for SKU ZZZ"]
    assert [one.failed for one in again.exchanges] == [False, True]
    assert (again.desk.product, again.desk.horizon) == ("B", 6)
    said(again, "forecast")
    assert again.desk.reports[-1].horizon == 6
    assert [one.request for one in load_session(path)] == [one.request for one in again.exchanges]


@pytest.mark.parametrize(
    "line", ['{"a": 1}', Exchange(request="?", reply="").model_dump_json().replace("?", "\\udcff")]
)
def test_no_session(tmp_path: Path, line: str) -> None:
    path = tmp_path / "no.jsonl"
    path.write_text(f"{line}\n\n")
    with pytest.raises(InputError, match="line 1: not of a session"):
        load_session(path)


def test_every_number_shown_is_in_the_evidence(session: Session) -> None:
    for request in ("forecast 4 weeks for B", "top movers", "history of B", "seasonality of B", "backtest B", "plot B"):
        reply = session.ask(request)
        assert not reply.failed and reply.evidence
        held = " ".join(item.text for item in reply.evidence)
        assert all(claim.number in held for claim in reply.claims)
        assert len(reply.claims) >= 1


def test_what_cannot_be_written_is_said_in_the_persons_language(session: Session, tmp_path: Path) -> None:
    said(session, "forecast 2 weeks for B")
    (tmp_path / "own.csv").write_text("mine\n")
    for path, english, chinese in (
        (tmp_path / "no" / "all.jsonl", "cannot be written (No such file or directory)", "无法写入"),
        (tmp_path / "own.csv", "exists and was not written by skucast", "不是 skucast 写的"),
    ):
        with pytest.raises(InputError) as error:
            session.answer(f"/export {path}")
        assert say_error(error.value).startswith(f"{path}: {english}")
        assert chinese in say_error(error.value, "zh")


def test_saving_by_words(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with pytest.raises(InputError, match="nothing to save yet"):
        said(session, f"save the table as {file}")
    said(session, "top movers")
    assert "rows" in said(session, f"please save that as {file}")
    rows = pd.read_csv(file, dtype={"SKU": str})
    assert session.desk.answer is not None and session.desk.answer.table is not None
    assert len(rows) == len(session.desk.answer.table.rows)
    assert np.issubdtype(rows["last"].dtype, np.number)  # numbers, and not the words that a person is shown
    with pytest.raises(InputError, match="not written by skucast"):
        said(session, f"save it to {file}")  # a table cannot be told from a person's own
    with pytest.raises(InputError, match="cannot write such a file"):
        said(session, f"export it as {tmp_path / 'a.xlsx'}")
    with pytest.raises(InputError, match="which file"):
        said(session, "save it")


def test_a_request_may_name_the_file_at_once(session: Session, tmp_path: Path) -> None:
    text = said(session, f"forecast 8 weeks of B and save it as {tmp_path / 'b.csv'}")
    assert "b.csv" in text and "Not used" not in text
    steps = pd.read_csv(tmp_path / "b.csv")
    assert list(steps["mean"]) == [step.mean for step in session.desk.reports[-1].steps]
    assert len(steps) == 8 and set(steps["unique_id"]) == {"B"}
    said(session, f"forecast B as in {tmp_path / 'plan.csv'}")  # which is but named
    assert not (tmp_path / "plan.csv").exists()
    assert "json" in said(session, f"forecast B and save it as {tmp_path / 'b.json'}")
    assert json.loads((tmp_path / "b.json").read_text().splitlines()[-1])["unique_id"] == "B"


def test_a_kept_reply_carries_its_table(panel: Panel, tmp_path: Path) -> None:
    session = make_session(panel, tmp_path / "kept.jsonl")
    said(session, "top sellers")
    kept = load_session(tmp_path / "kept.jsonl")[-1].table
    assert kept is not None and session.desk.answer is not None and session.desk.answer.table is not None
    assert len(kept["columns"]) == len(kept["rows"][0])
    shown = session.desk.answer.table.rows
    assert [row[-1] for row in kept["rows"]] == [pytest.approx(float(row[-1])) for row in shown]  # not rounded


def test_the_reply_is_in_the_language_of_the_request(session: Session) -> None:
    """Chinese in, Chinese out: replies, refusals and commands; where a language was set, in that one."""
    session.follows = True
    assert "预测：" in said(session, "预测 B 下个月") and session.lang == "zh"
    assert "8w" not in said(session, "/horizon 8w") and "时段" in said(session, "/horizon 8w")
    with pytest.raises(InputError, match="没有"):
        said(session, "预测 99999999 下个月")
    assert "Forecast: " in said(session, "forecast B") and session.lang == "en"
    session.follows, session.lang = False, "zh"
    assert "预测：" in said(session, "forecast B")


def test_other_languages_are_answered_in_english_with_a_line_that_says_so(session: Session) -> None:
    session.follows = True
    said(session, "forecast B")
    foreign = said(session, "Combien de bananes allons-nous vendre le mois prochain ?")
    assert "I answer in English or Chinese" in " ".join(foreign.replace("│", " ").split()) and session.lang == "en"
    assert "I answer in" not in said(session, "forecast B")


def test_the_answer_comes_first_and_no_losses_are_told(session: Session) -> None:
    text = said(session, "forecast 4 weeks for B")
    assert text.index("Forecast: ") < text.index("total") < text.index("Why")
    assert "loss" not in text and "E2" not in text
    assert "loss" not in session.exchanges[-1].reply
