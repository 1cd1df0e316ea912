"""Leaderboards: who is ranked against whom, what is compared, and the terminal, Markdown and page that show it."""

import io
import itertools
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console
from skucast.__main__ import main
from skucast.evals.leaderboard.board import Board, load
from skucast.evals.leaderboard.groups import ScoredRun, TaskBoard
from skucast.evals.leaderboard.page import page
from skucast.evals.leaderboard.plots import calibration_plot, cells_plot, cost_plot, example_plot, skill_plot
from skucast.evals.leaderboard.render import markdown, tables, write
from skucast.evals.leaderboard.tables import added, differences, glance, origins, scores, tables_of, totals
from skucast.evals.scoring.published import published_for
from skucast.evals.scoring.runs import SCORES, ExampleForecast, Row, append
from skucast.tools.errors import InputError

IDS = [f"s{i:02d}" for i in range(20)]


def example(**given: Any) -> ExampleForecast:
    fields: dict[str, Any] = {
        "unique_id": "s01",
        "rank": "best",
        "sql": 0.5,
        "ds": ["2024-01-14", "2024-01-21"],
        "history": [1.0, None, 3.0],
        "actual": [4.0, None],
        "q10": [1.0, 1.0],
        "q50": [2.0, 2.0],
        "q90": [5.0, 5.0],
    }
    return ExampleForecast.model_validate(fields | given)


def row(contestant: str, sql: float | None, **given: Any) -> Row:
    fields: dict[str, Any] = {
        "task": "shop",
        "contestant": contestant,
        "windows": 2,
        "series": 20,
        "series_of": 20,
        "forecasts": 40,
        "metrics": {"SQL": sql, "MASE": 0.5},
        "fingerprint": "data1",
        "seconds": 8.0,
    }
    return Row.model_validate(fields | given)


def sampled(contestant: str, sql: float, **given: Any) -> Row:
    return row(contestant, sql, limit=5, series=5, forecasts=10, fingerprint="data1-5", **given)


def published(contestant: str, sql: float, **given: Any) -> Row:
    fields = {"kind": "published", "zero_shot": True, "series": 0, "series_of": 0, "forecasts": 0, "fingerprint": None}
    return row(contestant, sql, **(fields | given))


def per_series(of: Row, losses: list[float]) -> pd.DataFrame:
    """Scores of the first series, the same in every window."""
    rows = [
        {"task": of.task, "contestant": of.contestant, "window": w, "unique_id": uid, "cell": "AX", "SQL": loss}
        for w in range(of.windows)
        for uid, loss in zip(IDS, losses, strict=False)
    ]
    return pd.DataFrame(rows).reindex(columns=SCORES)


def board(*rows: Row) -> Board:
    return Board(ScoredRun(one) for one in rows)


def only_task(board: Board) -> TaskBoard:
    (task,) = board.tasks
    return task


def ranks(task: TaskBoard) -> list[list[tuple[str, int | None, int]]]:
    return [[(s.label, s.rank, s.of) for s in group.standings] for group in task.groups]


def shown(board: Board, width: int = 160) -> str:
    console = Console(file=io.StringIO(), width=width)
    for table in tables(board):
        console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


# ranks


def test_published_rows_are_ranked_among_ours_and_marked() -> None:
    task = only_task(board(row("GBM", 0.3), row("Combined", 0.25), published("Big", 0.2), published("Other", 0.3)))
    assert ranks(task) == [[("Big", 1, 4), ("Combined", 2, 4), ("GBM", 3, 4), ("Other", 3, 4)]]
    table = scores(task)
    whose = {line.cells[1]: line.cells[3] for line in table.sections[0].lines}
    assert whose["Big"] == "published, zero-shot"
    assert whose["GBM"] == "ours, task's past"
    assert any("trained on the task's own past" in note for note in table.notes)


def test_a_task_of_ones_own_is_never_ranked_against_published_scores() -> None:
    task = only_task(board(row("GBM", 0.3).model_copy(update={"own": True}), published("Big", 0.2)))
    assert ranks(task) == [[("Big", 1, 1)], [("GBM", 1, 1)]]
    assert published_for([row("GBM", 0.3, task="rossmann_1W").model_copy(update={"own": True})]) == []


def test_published_rows_that_are_not_at_hand_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKUCAST_DATA", raising=False)
    told: list[str] = []
    assert published_for([row("GBM", 0.3, task="rossmann_1W"), row("GBM", 0.3, task="cj_1W")], told.append) == []
    assert len(told) == 1 and "rossmann_1W: without its published scores" in told[0]


def test_series_by_series_is_neither_zero_shot_nor_trained() -> None:
    task = only_task(board(row("AutoETS", 0.3), published("AutoARIMA", 0.4), row("GBM", 0.2)))
    whose = {line.cells[1]: line.cells[3] for line in scores(task).sections[0].lines}
    assert whose == {
        "AutoETS": "ours, fitted per series",
        "AutoARIMA": "published, fitted per series",
        "GBM": "ours, task's past",
    }


def test_series_that_were_left_out_are_not_counted() -> None:
    some = row("GBM", 0.3).model_copy(update={"series": 6, "series_of": 12, "horizon": 4, "freq": "W", "examples": []})
    facts = only_task(board(some)).facts
    assert "6 of 12 series, the others too short or ended early" in facts
    assert facts.startswith("horizon 4 weeks")


def test_a_sample_is_never_ranked_against_published_scores_or_all_series() -> None:
    task = only_task(board(sampled("LLM1", 0.1, zero_shot=True), row("GBM", 0.3), published("Big", 0.2)))
    assert ranks(task) == [[("Big", 1, 2), ("GBM", 2, 2)], [("LLM1", 1, 1)]]
    assert [group.title for group in task.groups] == ["all series", "sample of 5 of 20 series"]
    alone = only_task(board(sampled("LLM1", 0.1), published("Big", 0.2)))
    assert ranks(alone) == [[("Big", 1, 1)], [("LLM1", 1, 1)]]


def test_a_sample_says_so_in_the_table_even_when_it_stands_alone() -> None:
    table = scores(only_task(board(sampled("LLM1", 0.1))))
    assert [section.title for section in table.sections] == ["sample of 5 of 20 series"]
    assert scores(only_task(board(row("GBM", 0.1)))).sections[0].title == ""


def test_other_data_and_other_windows_are_ranked_apart() -> None:
    task = only_task(
        board(row("A", 0.1), row("B", 0.2), row("C", 0.05, fingerprint="data2"), row("D", 0.01, windows=4))
    )
    assert [[label for label, _, _ in group] for group in ranks(task)] == [["A", "B"], ["C"], ["D"]]
    other = only_task(board(row("A", 0.1, windows=4), published("Big", 0.2)))
    assert len(other.groups) == 2  # the published scores are of two windows


def test_a_row_without_sql_comes_last_and_has_no_rank() -> None:
    assert ranks(only_task(board(row("A", None), row("B", 0.2)))) == [[("B", 1, 1), ("A", None, 1)]]


def test_names_say_in_what_rows_of_one_contestant_differ() -> None:
    task = only_task(
        board(row("AutoETS", 0.3), published("AutoETS", 0.4), row("LLM1", 0.5), sampled("LLM1", 0.6), row("GBM", 0.1))
    )
    labels = {s.label for group in task.groups for s in group.standings}
    assert labels == {"AutoETS", "AutoETS (published)", "LLM1", "LLM1 (sample of 5)", "GBM"}
    models = only_task(board(row("LLM1", 0.5, model_digest="aaaaaaaa"), row("LLM1", 0.6, model_digest="bbbbbbbb")))
    assert [s.label for s in models.ours] == ["LLM1 (model aaaaaa)", "LLM1 (model bbbbbb)"]


def test_a_run_made_again_counts_once_the_newest() -> None:
    made = board(row("A", 0.3, made="2026-01-02"), row("A", 0.2, made="2026-01-03"), row("A", 0.9, made="2026-01-01"))
    assert [one.metrics["SQL"] for one in made.rows] == [0.2]


def test_only_keeps_the_rows_asked_for() -> None:
    rows = [row("A", 0.3), row("B", 0.2), sampled("A", 0.1)]
    assert board(*rows).only(rows[1:]).rows == rows[1:]


# comparisons


def test_the_reference_is_combined_else_our_best_on_all_series() -> None:
    def name(*rows: Row) -> str:
        top = only_task(board(*rows)).reference
        assert top is not None
        return top.label

    assert name(row("GBM", 0.1), row("Combined", 0.2), published("Big", 0.05)) == "Combined"
    assert name(row("GBM", 0.3), row("ETS", 0.2), sampled("LLM1", 0.1)) == "ETS"
    assert name(sampled("LLM0", 0.3), sampled("LLM1", 0.1)) == "LLM1"
    assert only_task(board(published("Big", 0.1))).reference is None


def test_differences_are_on_the_series_that_both_have() -> None:
    combined, gbm, llm = row("Combined", 0.55), row("GBM", 0.75), sampled("LLM1", 0.0)
    other, bare = row("ETS", 0.1, fingerprint="data2"), row("Naive", 0.9)
    losses = [i / 10 for i in range(20)]
    task = only_task(
        Board(
            [
                ScoredRun(combined, per_series(combined, losses)),
                ScoredRun(gbm, per_series(gbm, [loss + 0.2 for loss in losses])),
                ScoredRun(llm, per_series(llm, [0.0] * 5)),
                ScoredRun(other, per_series(other, losses)),
                ScoredRun(bare),
                ScoredRun(published("Big", 0.1)),
            ]
        )
    )
    found = {other.label: difference for other, difference in task.differences}
    assert list(found) == ["LLM1", "GBM"]  # ETS saw other data, Naive kept no scores
    assert (found["GBM"].series, found["GBM"].gap) == (20, pytest.approx(-0.2))
    assert found["GBM"].verdict == "ahead"
    assert (found["LLM1"].series, found["LLM1"].reference) == (5, pytest.approx(0.2))  # 0, .1, .2, .3, .4
    table = differences(task)
    assert table is not None
    line = next(line for line in table.sections[0].lines if line.cells[0] == "GBM")
    assert line.cells == ["GBM", "20", "0.9500", "1.1500", "-0.2000", "-0.2000 to -0.2000", "ahead"]
    assert table.columns[-1] == "Combined is"


def test_skill_is_against_seasonal_naive_ours_before_the_published_one() -> None:
    group = only_task(board(row("GBM", 0.2), row("SeasonalNaive", 0.8), published("Seasonal Naive", 0.5))).groups[0]
    assert [group.skill(s) for s in group.standings] == pytest.approx([0.75, 0.375, 0.0])
    theirs = only_task(board(row("GBM", 0.2), published("seasonal_naive", 0.5))).groups[0]
    assert (theirs.naive_label, theirs.skill(theirs.standings[0])) == ("seasonal_naive", pytest.approx(0.6))
    assert only_task(board(row("GBM", 0.2))).groups[0].naive is None


def test_skill_of_a_sample_is_against_seasonal_naive_on_the_same_series() -> None:
    naive, llm = row("SeasonalNaive", 9.0), sampled("LLM1", 0.5)
    entries = [
        ScoredRun(naive, per_series(naive, [1.0] * 5 + [17.0] * 15)),
        ScoredRun(llm, per_series(llm, [0.5] * 5)),
    ]
    group = only_task(Board(entries)).groups[1]
    assert (group.naive, group.naive_label) == (1.0, "SeasonalNaive")
    assert group.skill(group.standings[0]) == 0.5


# files


def test_load_reads_rows_and_scores(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    one, two = row("A", 0.3), row("B", 0.2)
    append(path, one, per_series(one, [0.3] * 20))
    append(path, two, per_series(two, [0.2] * 19))  # not those of its row: a series is missing
    entries = load([path]).entries
    assert [entry.row for entry in entries] == [one, two]
    assert [len(entry.scores) for entry in entries] == [40, 0]
    assert len(load([path, path]).entries) == 2


@pytest.mark.slow
def test_an_older_line_is_read_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    old = {"task": "shop", "contestant": "Old", "windows": 1, "series": 3, "series_of": 3, "forecasts": 3}
    path.write_text(json.dumps(old | {"metrics": {}}) + "\n" + json.dumps(old | {"metrics": {"SQL": None}}) + "\n")
    made = load([path])
    assert "Old" in shown(made)
    assert "Old" in markdown(made)
    assert "Old" in page(made)


@pytest.mark.parametrize("text", ["", '{"task": "half a li'])
def test_a_file_without_rows_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=r"x\.jsonl: holds no rows; make some with: skucast eval"):
        load([path])


def test_bad_files_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.jsonl: cannot be read"):
        load([tmp_path / "no.jsonl"])
    path = tmp_path / "x.jsonl"
    one = row("A", 0.3)
    append(path, one, per_series(one, [0.3] * 20))
    table = per_series(one, [0.3] * 20)
    pd.concat([table, table]).to_parquet(tmp_path / "x.scores.parquet")
    with pytest.raises(InputError, match="stands twice"):
        load([path])
    (tmp_path / "x.scores.parquet").write_text("no parquet")
    with pytest.raises(InputError, match=r"x\.scores\.parquet") as error:
        load([path])
    assert "\n" not in str(error.value)


def test_write_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    made = board(row("A", 0.3))
    with pytest.raises(InputError, match=r"cannot write '\.pdf'; valid choices: \.html, \.md"):
        write(made, tmp_path / "x.pdf")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write(made, tmp_path / "file" / "x.md")


def test_the_command_writes_a_page_and_fails_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "x.jsonl", tmp_path / "deep" / "x.html"
    one = row("A", 0.3)
    append(path, one, per_series(one, [0.3] * 20))
    monkeypatch.setattr(sys, "argv", ["skucast", "leaderboard", str(path), "--out", str(out)])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    path.write_text("")
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert capsys.readouterr().err.count("holds no rows") == 1


# tables


def rich_board() -> Board:
    """Something of everything."""
    combined = row(
        "Combined",
        0.4,
        metrics={
            "SQL": 0.4,
            "MASE": 0.5,
            "WQL": 0.1,
            "WAPE": 0.2,
            "bias": -0.05,
            "coverage": 0.81,
            "total_pinball": 0.2,
            "total_coverage": 0.79,
            "sum_pinball": 0.3,
            "sum_coverage": 0.97,
        },
        calibration={"q0.1": 0.12, "q0.9": 0.88},
        cells={"AX": 0.3, "CZ": 0.8},
        command="skucast eval shop --with 'Combined|x'",
        versions={"skucast": "0.1.0", "fev": "0.10.0"},
        examples=[example(), example(unique_id="</script><b>s|02", rank="worst", sql=3.0)],
    )
    naive = row("SeasonalNaive", 0.8, cells={"AX": 0.6, "CZ": 0.7}, seconds=0.0)
    llm = sampled(
        "LLM1",
        0.9,
        zero_shot=True,
        tokens=25_000,
        unusable=0.031,
        fallback=0.1,
        model_digest="abc",
        prompt_digest="def",
    )
    entries = [
        ScoredRun(combined, per_series(combined, [0.4] * 20)),
        ScoredRun(naive, per_series(naive, [0.8] * 20)),
        ScoredRun(llm, per_series(llm, [0.9] * 5)),
    ]
    return Board(entries).having([published("<i>Big</i>", 0.3), published("Bad", 8.0, zero_shot=False)])


def test_scores_by_hand() -> None:
    table = scores(only_task(rich_board()))
    assert table.title == "shop: horizon 2 weeks, 2 windows, 20 series"
    everyone, sample = table.sections
    columns, lines = table.filled(everyone)
    assert dict(zip(columns, lines[1], strict=True)) == {
        "rank": "2",
        "contestant": "Combined",
        "SQL": "0.4000",
        "whose": "ours, task's past",
        "MASE": "0.500",
        "WQL": "0.1000",
        "WAPE": "0.200",
        "bias": "-5.0 %",
        "80 %": "81.0 %",
        "seconds": "8.0",
        "series/s": "5",
    }
    assert lines[0][-1] == "5"  # 40 forecasts, as ours, in 8 s
    columns, lines = table.filled(sample)
    assert dict(zip(columns, lines[0], strict=True)) == {
        "rank": "1",
        "contestant": "LLM1",
        "SQL": "0.9000",
        "whose": "ours, prompted",
        "MASE": "0.500",
        "seconds": "8.0",
        "series/s": "1.2",
        "tokens/series": "2,500",
        "unusable": "3.1 %",
        "fallback": "10.0 %",
    }


def test_totals_show_paths_beside_the_sum_of_quantiles() -> None:
    table = totals(only_task(rich_board()))
    assert table is not None
    assert [line.cells for line in table.sections[0].lines] == [
        ["Combined", "sample paths", "0.2000", "79.0 %"],
        ["Combined", "sum of quantiles", "0.3000", "97.0 %"],
    ]


def test_the_glance_is_there_for_several_tasks() -> None:
    assert glance(board(row("A", 0.3))) is None
    table = glance(board(row("A", 0.3), row("SeasonalNaive", 0.6), row("B", 0.2, task="mall")))
    assert table is not None
    assert [line.cells for line in table.sections[0].lines] == [
        ["shop", "A", "0.3000", "50.0 %", "1 of 2", "–", "2 windows, 20 series"],
        ["mall", "B", "0.2000", "–", "1 of 1", "–", "2 windows, 20 series"],
    ]


def test_the_glance_counts_verdicts_and_says_what_was_sampled() -> None:
    losses = {"Combined": 0.5, "Worse": 0.9, "Same": 0.5, "Better": 0.1}
    rows = [sampled(name, sql, series_of=40) for name, sql in losses.items()]
    rows = [one.model_copy(update={"limit": 20, "series": 20}) for one in rows]
    entries = [ScoredRun(one, per_series(one, [losses[one.contestant]] * 20)) for one in rows]
    table = glance(Board([*entries, ScoredRun(row("A", 0.3, task="mall"))]))
    assert table is not None
    assert table.sections[0].lines[0].cells[-2:] == [
        "ahead of 1, no different from 1, behind 1",
        "2 windows, 40 series, sample of 20 of 40 series",
    ]


def test_what_the_llm_adds_is_told_against_the_same_without_it() -> None:
    losses = {"Combined": 0.5, "Combined+Slot@mine": 0.45, "Slot@mine": 0.6, "LLM1": 2.0, "LLM3": 1.2, "Slot": 9.0}
    entries = [ScoredRun(one := row(name, loss), per_series(one, [loss] * 20)) for name, loss in losses.items()]
    table = added(only_task(Board(entries)))
    assert table is not None
    assert [line.cells for line in table.sections[0].lines] == [
        ["Combined+Slot@mine", "Combined", "20", "0.4500", "0.5000", "-10.0 % (-10.0 to -10.0)", "ahead"],
        ["Slot@mine", "best prompted: LLM3", "20", "0.6000", "1.2000", "-50.0 % (-50.0 to -50.0)", "ahead"],
    ]
    assert added(only_task(board(row("Combined", 0.5), row("GBM", 0.6)))) is None


def test_origins_put_rows_made_alike_together() -> None:
    made = board(row("A", 0.1, command="c"), row("B", 0.2, command="c"), row("C", 0.3, command="d", seed=7))
    assert [(one.contestants, one.command) for one in origins(only_task(made))] == [("A, B", "c"), ("C", "d")]
    assert "data data1" in origins(only_task(made))[0].facts


def test_the_terminal_leaves_out_what_it_has_no_room_for_and_says_so() -> None:
    made = rich_board()
    wide, narrow = shown(made, 160), shown(made, 80)
    assert "WQL" in wide and "No room" not in wide
    assert "No room here for WQL" in narrow
    assert max(map(len, narrow.splitlines())) <= 80
    for text in (wide, narrow):
        assert "too few series" not in text.split("LLM1")[0]
        assert "ahead" in text


def test_markdown_tables_hold_together_and_name_their_makers() -> None:
    text = markdown(rich_board())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for head, rule in itertools.pairwise(rows):
        if set(rule) <= set("|-:"):
            assert head.count("|") == rule.count("|")
    assert "skucast eval shop --with 'Combined|x'" in text
    assert "data data1, seed 0, skucast 0.1.0, fev 0.10.0" in text
    assert "**Combined**" in text
    assert "<i>" not in text
    assert "**sample of 5 of 20 series**" in text


# plots


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for table in spec["datasets"].values() for one in table]


def test_plots_by_hand() -> None:
    task = only_task(rich_board())
    group = task.groups[0]
    skill = skill_plot(task, group)
    assert skill is not None
    bars = {one["contestant"]: (one["skill"], one["shown"], one["whose"]) for one in values(skill)}
    assert bars["Combined"] == (pytest.approx(0.5), pytest.approx(0.5), "reference")
    assert bars["Bad"] == (pytest.approx(-9.0), -0.5, "published")
    calibration = calibration_plot(task)
    assert calibration is not None
    assert {(one["level"], one["observed"]) for one in values(calibration) if one.get("contestant")} == {
        (0.1, 0.12),
        (0.9, 0.88),
    }
    cost = cost_plot(task, group)
    assert cost is not None
    dots = {one["contestant"]: one for one in values(cost)}
    assert dots["Combined"]["seconds"] == pytest.approx(0.2)  # 8 s for 40 forecasts
    assert dots["SeasonalNaive"]["seconds"] == 1e-5  # none measured; a logarithm needs some
    assert dots["Bad"]["shown"] == pytest.approx(1.0)  # 1.25 times seasonal naive
    cells = cells_plot(task, group)
    assert cells is not None
    over = {(one["contestant"], one["cell"]): one["over"] for one in values(cells)}
    assert over["SeasonalNaive", "AX"] == pytest.approx(2.0)
    assert over["Combined", "CZ"] == pytest.approx(0.8 / 0.7)


def test_an_example_is_dated_back_from_its_first_period() -> None:
    past = [one for one in values(example_plot(example())) if "y" in one]
    assert [(one["ds"], one["y"]) for one in past] == [("2023-12-24", 1.0), ("2023-12-31", None), ("2024-01-07", 3.0)]
    short = example(ds=["2024-01-14"], actual=[4.0], q10=[1.0], q50=[2.0], q90=[5.0])
    assert [one["ds"] for one in values(example_plot(short)) if "y" in one] == [-3, -2, -1]


def test_plots_of_nothing_are_left_out() -> None:
    task = only_task(board(row("A", None, seconds=None)))
    assert skill_plot(task, task.groups[0]) is None
    assert calibration_plot(task) is None
    assert cost_plot(task, task.groups[0]) is None
    assert cells_plot(task, task.groups[0]) is None
    assert [table.title for table in tables_of(task)] == ["shop: 2 windows, 20 series"]


# the page


class Parsed(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.loaded += [str(given[name]) for name in ("src", "href", "srcset", "data", "action") if name in given]
        self.ids += [str(given["id"])] if "id" in given else []
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["script"] and len(data) > 100:
            self.scripts.append(data)
        else:
            self.words.append(data)


@pytest.mark.slow
def test_the_page_loads_nothing_and_forbids_it() -> None:
    text = page(rich_board().having([row("A", 0.2, task="mall")]))
    parsed = Parsed(text)
    assert parsed.loaded == ["#t0", "#t1"]
    assert "default-src 'none'" in parsed.policy and "http" not in parsed.policy
    head = text[: text.index("<script>")]
    assert not re.search(r"@import|url\(|https?://", head)
    assert "prefers-color-scheme: dark" in head and "width=device-width" in head


def test_the_page_draws_every_plot_it_has_a_place_for() -> None:
    text = page(rich_board())
    parsed = Parsed(text)
    specs = json.loads(re.search(r"const SPECS = (\{.*\});", text)[1])  # type: ignore[index]
    assert set(specs) == {name for name in parsed.ids if "-" in name}
    assert len(parsed.ids) == len(set(parsed.ids))
    titles = re.findall(r"<figcaption><b>(.*?)</b>", text)
    assert [title.split(",")[0] for title in titles] == [
        "Skill against seasonal naive",
        "Skill against seasonal naive",
        "Calibration",
        "Accuracy against cost",
        "ABC-XYZ cells",
        "Accuracy against cost",
        "Best: s01",
        "Worst: &lt;/script&gt;&lt;b&gt;s|02",
    ]


def test_text_on_the_page_is_text() -> None:
    parsed = Parsed(page(rich_board()))
    assert "<i>Big</i>" in parsed.words
    assert parsed.tags.count("script") == 2
    assert "published, zero-shot" in parsed.words
    assert "horizon 2 weeks, 2 windows, 20 series" in parsed.words
    assert any("trained on the task's own past" in words for words in parsed.words)
