from datetime import date

import pandas as pd
import pytest
from skucast.tools.data.health import Finding, HealthReport
from skucast.tools.data.read import open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Count, Exact, Message, Quoted, message


def weeks(uid: str, y: list[float], start: str = "2024-01-07", **more: object) -> pd.DataFrame:
    ds = pd.date_range(start, periods=len(y), freq="W-SUN")
    return pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, **more})


def health(*parts: pd.DataFrame, schema: PanelSchema | None = None) -> HealthReport:
    return open_source(pd.concat(parts), schema=schema or PanelSchema()).health()


def found(report: HealthReport) -> dict[str, Finding]:
    return {finding.kind: finding for finding in report.findings}


def parts(finding: Finding) -> list[Message]:
    """Where it was found, what was expected and what can be done."""
    found = finding.message.facts["parts"]
    assert isinstance(found, tuple)
    return [part for part in found if isinstance(part, Message)]


def test_a_sound_table_has_facts_and_no_complaints() -> None:
    report = health(weeks("a", [1.0, 2.0] * 60))
    assert (report.rows, report.series, report.freq, report.offset) == (120, 1, "W", "W-SUN")
    assert (report.first, report.last, report.zero_share) == ("2024-01-07", "2026-04-19", 0.0)
    assert report.findings == ()
    assert report.errors == ()


def test_each_finding_counts_series_and_rows() -> None:
    report = health(
        weeks("a", [1.0, 2.0] * 60),
        weeks("A ", [0.0] * 120),
        weeks("b", [3.0] * 10, brand="x"),
        weeks("c", [1.0, -2.0, float("nan"), 4.0]),
        weeks("d", [1.0, 2.0, 5.0]).drop(index=1),
    )
    kinds = {kind: (finding.severity, finding.series, finding.rows) for kind, finding in found(report).items()}
    assert kinds == {
        "negative_y": ("error", 1, 1),
        "missing_y": ("error", 1, 1),
        "gaps": ("error", 1, 1),
        "near_duplicate_ids": ("warning", 2, 2),
        "all_zero": ("warning", 1, 120),
        "ended": ("warning", 3, 110 + 116 + 117),
        "short": ("warning", 2, 4 + 3),
        "under_two_seasons": ("info", 1, 10),
        "constant": ("info", 1, 10),
        "zeros": ("info", 1, 120),
        "ignored_columns": ("info", 0, 0),
    }
    assert [finding.severity for finding in report.errors] == ["error"] * 3
    assert found(report)["gaps"].example == "d 2024-01-14"
    assert found(report)["ignored_columns"].message == message("found-ignored_columns", columns=("brand",))
    counted = message("counted-periods", rows=Count(343))
    sunday = message("name-of-weekday", day=7)
    first = (Quoted("b"), message("case-ends", date=date(2024, 3, 10), weekday=sunday))
    assert found(report)["ended"].message == message(
        "finding",
        what=message("found-ended", period=message("period-W")),
        parts=(message("where-series", counted=counted, series=Count(3), first=first), message("advice-ended")),
    )
    assert found(report)["ended"].example == "b 2024-03-10"
    assert report.zero_share == pytest.approx(120 / 255)


def test_choices_turn_errors_into_infos() -> None:
    rows = weeks("a", [1.0, -2.0, float("nan"), 3.0, 4.0]).drop(index=3)
    report = health(rows, schema=PanelSchema(missing="zero", negative="zero"))
    assert report.errors == ()
    assert {found(report)[kind].severity for kind in ("negative_y", "missing_y", "gaps")} == {"info"}


def test_stock_outs_and_varying_static() -> None:
    rows = weeks("a", [1.0] * 9, stock=[3, 0, 0, 1, 1, 1, 1, 1, 1], brand=["x"] * 8 + ["z"])
    report = health(rows, schema=PanelSchema(past_only=["stock"], static=["brand"]))
    assert found(report)["stock_out"].rows == 2
    assert found(report)["stock_out"].example == "a 2024-01-14"
    where, *tails = parts(found(report)["static_varies"])
    assert where == message(
        "where-series", counted=message("counted-values", rows=Count(1)), series=Count(1), first=(Quoted("a"),)
    )
    assert [tail.key for tail in tails] == ["expected-one-value", "advice-first-taken", "advice-what-changes"]


def test_prices_and_units_that_cannot_be() -> None:
    rows = weeks("a", [1.0, 1e12, 1e300, 4.0, float("nan")], price=[1.0, -2.0, 0.0, 1.0, -1.0])
    for role in ("known_future", "past_only"):
        report = found(health(rows, schema=PanelSchema.model_validate({role: ["price"], "missing": "keep"})))
        assert (report["negative_price"].severity, report["negative_price"].rows) == ("warning", 2)
        where, *tails = parts(report["negative_price"])
        assert where.facts["first"] == (Quoted("a"), "2024-01-14 price = -2.0")
        assert tails == [message("expected-positive")]
        assert (report["huge_y"].severity, report["huge_y"].rows) == ("error", 1)
        assert report["huge_y"].example == "a 2024-01-21 y = 1e+300"


def test_without_a_frequency_the_rest_is_still_told() -> None:
    rows = pd.DataFrame({"sku": ["a", "a"], "date": ["2024-01-01", "2024-01-05"], "units": [1, -1]})
    report = open_source(rows).health()
    assert (report.freq, report.offset) == (None, None)
    assert [finding.kind for finding in report.errors] == ["negative_y", "frequency"]
    assert report.errors[1].message == message("no-calendar-step", days=Exact(4))


def test_rows_of_a_plan_are_no_gaps() -> None:
    rows = weeks("a", [1.0, 2.0, float("nan"), float("nan")], price=1.0)
    report = health(rows, schema=PanelSchema(known_future=["price"]))
    assert (report.errors, report.last, report.plan) == ((), "2024-01-14", "2024-01-28")
    bare = rows.drop(columns="price")
    assert (health(bare).last, health(bare).plan) == ("2024-01-28", None)
    assert [finding.kind for finding in health(bare).errors] == ["missing_y"]
    assert (health(rows).errors, health(rows).last) == ((), "2024-01-14")  # a plan that was not declared
