"""Reports that follow signals: what changes, what does not, and what is said of it."""

import json

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.readers import EngineReader, open_reader
from skucast.agent.forecast.report import LINE, ForecastReport
from skucast.agent.forecast.signals import Follows
from skucast.prompts.reading.note_chat import candidates, signals_schema
from skucast.prompts.reading.signals import RulesReader
from skucast.tools.errors import InputError
from skucast.tools.text.impact import SignalBook, read_book
from skucast.tools.text.signals import Scope

from ...tools.text.shop import note, shop

SOLD = {
    ("1001", f"{day:%Y-%m-%d}"): float(15 + at % 11)
    for at, day in enumerate(pd.date_range("2016-10-30", periods=59, freq="W-SUN"))
}
PANEL = shop(sold=SOLD)
CLOSED = note("All stores closed 18-24 December.", id="n1")
TV = note("TV spot for yogurt 25-31 December, sales double.", id="n2")
RAIN = note("Heavy rain 1-7 January: yogurt.", id="n3")


def plain(uid: str = "1001") -> ForecastReport:
    return Forecaster(None).forecast(PANEL, [uid], 4)[0]


def book(*notes: object) -> SignalBook:
    return read_book(notes, RulesReader(), PANEL)  # type: ignore[arg-type]


def approved(made: SignalBook) -> Follows:
    return Follows(made.approve([one.id for one in made.signals]))


def test_without_signals_a_report_is_as_it_was_to_the_byte() -> None:
    report = plain()
    assert '"signals"' not in report.model_dump_json()
    assert (
        approved(book(note("Cheese promotion 18-24 December.")))(report).model_dump_json() == report.model_dump_json()
    )
    assert LINE.validate_json(report.model_dump_json()) == report


def test_what_is_not_approved_is_shown_and_changes_nothing() -> None:
    report = plain()
    made = Follows(book(CLOSED))(report)
    assert made.signals is not None and [one.applied for one in made.signals.signals] == [False]
    assert made.signals.signals[0].units_with == 0 and made.signals.signals[0].units_without > 15
    assert made.model_copy(update={"signals": None}) == report


def test_a_closure_leaves_nothing_in_its_week_and_touches_no_other() -> None:
    report = plain()
    made = approved(book(CLOSED))(report)
    assert made.steps[1].mean == 0 and set(made.steps[1].quantiles.values()) == {0}
    assert [made.steps[h] for h in (0, 2, 3)] == [report.steps[h] for h in (0, 2, 3)]
    assert made.total.mean == pytest.approx(report.total.mean - report.steps[1].mean, rel=1e-3)
    assert made.signals is not None and made.signals.total_without == report.total
    assert made.signals.steps_without == report.steps


def test_a_size_that_is_said_is_followed_with_a_wider_band() -> None:
    report = plain()
    made = approved(book(TV))(report)
    before, after = report.steps[2].quantiles, made.steps[2].quantiles
    assert after["q0.5"] == pytest.approx(2 * before["q0.5"], rel=0.02)
    assert after["q0.9"] - after["q0.1"] > 2 * (before["q0.9"] - before["q0.1"])
    assert list(after.values()) == sorted(after.values())


def test_what_is_not_known_widens_and_keeps_the_level() -> None:
    report = plain()
    made = approved(book(RAIN))(report)
    before, after = report.steps[3].quantiles, made.steps[3].quantiles
    assert after["q0.5"] == before["q0.5"] and after["q0.9"] > before["q0.9"] and after["q0.1"] < before["q0.1"]


def test_the_evidence_names_note_and_effect_with_and_without() -> None:
    made = approved(book(CLOSED, TV, RAIN))(plain())
    texts = [item.text for item in made.evidence if item.tool == "signal"]
    mean = made.signals.signals[1].units_with if made.signals else 0
    assert (
        len(texts) == 3
        and "Note 'n1' of 2017-12-08: closure from 2017-12-18 to 2017-12-24; 0 units with it" in texts[0]
    )
    assert "media" in texts[1] and f"{mean:.3g} units with it" in texts[1] and "as the note says" in texts[1]
    assert texts[2].endswith("the level stays and the band widens.")
    assert all(text in made.explanation.text for text in texts)
    assert made.evidence[0].text.startswith("Forecast:") and ground(made.explanation.text, made.evidence)[1] == []
    assert len({item.id for item in made.evidence}) == len(made.evidence)
    assert {driver.evidence for driver in made.drivers} <= {item.id for item in made.evidence}
    assert LINE.validate_json(made.model_dump_json()) == made
    there = Follows(approved(book(CLOSED)).book, lang="zh")(plain())
    assert "停业" in there.explanation.text and "停业" in there.evidence[1].text


def test_a_report_read_from_the_cache_follows_too() -> None:
    kept = LINE.validate_json(plain().model_dump_json())
    assert isinstance(kept, ForecastReport)
    made, again = approved(book(CLOSED))(kept), approved(book(CLOSED))(plain())
    assert made.steps == again.steps and made.explanation.text == again.explanation.text


def test_no_other_product_changes() -> None:
    follows = approved(book(note("Item 1001: sales double 18-24 December, TV spot.", id="x")))
    for uid in ("1002", "2001", "3001"):
        report = plain(uid)
        assert follows(report) is report
    report = plain("1001")
    assert follows(report).total != report.total


def test_the_forecaster_of_a_batch_follows(panel: object) -> None:
    follows = approved(book(CLOSED))
    (made,) = Forecaster(None, after=follows).forecast(PANEL, ["1001"], 4)
    assert made.steps[1].mean == 0
    assert follows.digest != Follows(follows.book.approve([])).digest


PLAN = note("Yogurt promotion 18-24 December, 20% off; sales double. Cheese is not meant.", id="n4")


def answer(**more: object) -> str:
    one = {"kind": "promotion", "days": "2017-12-18..2017-12-24", "about": ["category=yogurt"], "times": 2.0}
    return json.dumps({"signals": [{**one, "certainty": "sure", **more}]})


def test_an_engine_chooses_among_what_the_note_bears_out() -> None:
    engine = ScriptedEngine([answer()])
    (one,) = EngineReader(engine).read(PLAN, PANEL)
    assert (one.kind, one.size, one.scope, f"{one.start}") == (
        "promotion",
        2.0,
        (Scope("category", "yogurt"),),
        "2017-12-18",
    )
    assert one.note == "n4" and "Yogurt promotion" in one.quote
    ((prompt, constraint),) = engine.history
    assert "2017-12-08, Friday" in prompt[1].content and PLAN.text in prompt[1].content
    assert constraint is not None and constraint.value == signals_schema(candidates(PLAN, PANEL))
    fields = json.loads(constraint.value)["properties"]["signals"]["items"]["properties"]
    assert fields["days"] == {"enum": ["2017-12-18..2017-12-24"]}
    assert fields["about"]["items"] == {"enum": ["category=yogurt", "category=cheese"]}
    assert fields["times"] == {"enum": [0.0, 0.2, 0.8, 1.2, 2.0, None]}


@pytest.mark.parametrize(
    "more",
    [
        {"days": "2017-12-18..2018-12-24"},
        {"about": ["category=frozen pizza"]},
        {"about": ["all"]},
        {"about": "category=yogurt and all"},
        {"times": 1000.0},
        {"kind": "order"},
    ],
)
def test_what_the_note_does_not_bear_out_is_left_out_whatever_a_server_says(more: dict[str, object]) -> None:
    some = EngineReader(ScriptedEngine([answer(**more)])).read(PLAN, PANEL)
    assert not some or some[0].scope == (Scope("category", "yogurt"),)
    if more != {"about": "category=yogurt and all"}:
        assert some == []


def test_an_engine_that_writes_no_json_reads_nothing_and_is_not_asked_without_cause() -> None:
    assert EngineReader(ScriptedEngine(['{"signals": [{'])).read(PLAN, PANEL) == []
    engine = ScriptedEngine([])
    assert EngineReader(engine).read(note("Yogurt is fine."), PANEL) == [] and engine.history == []
    with pytest.raises(InputError, match="needs an LLM"):
        open_reader("engine", None)
    assert np.array_equal([open_reader("rules", None).name], ["rules"])
