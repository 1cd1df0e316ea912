import json
from pathlib import Path

import pandas as pd
import pytest
from skucast.evals.bench.fixed_commands import COMMANDS, Command
from skucast.evals.bench.fixed_inputs import PLANNED, PRODUCTS, WEEKS, inputs, write_inputs
from skucast.evals.bench.sameness import Intended, clean, compare, differing, placed, short, without_bars
from skucast.evals.bench.unchanged import environment, key_of, read_file, verdicts, with_needed, written

REPORT = (
    '{"skucast_version":"0.1.0","steps":[{"ds":"2024-01-07","mean":12.5}],"base":{"members":["AutoETS"]},'
    '"timings":{"base":0.0375,"llm":3.4601,"rest":1e-05,"prompt_tokens":545,"completion_tokens":205}}\n'
)
SAID = '{"at": "2026-11-28T19:05:37Z", "request": "why?", "reply": "12 units", "steps": [{"seconds": 0.006}]}'


def test_times_and_versions_are_taken_out_and_what_counts_stays() -> None:
    assert clean(REPORT) == (
        '{"skucast_version":"#","steps":[{"ds":"2024-01-07","mean":12.5}],"base":{"members":["AutoETS"]},'
        '"timings":{"base":0,"llm":0,"rest":0,"prompt_tokens":545,"completion_tokens":205}}\n'
    )
    assert clean(SAID) == ('{"at": "#", "request": "why?", "reply": "12 units", "steps": [{"seconds": 0}]}')
    assert clean("skucast 0.2.0\n") == "skucast #\n"
    assert json.loads(clean('{"seconds":12.0,"made":"2026-11-28T19:05:37+00:00","peak_mb":812}')) == {
        "seconds": 0,
        "made": "#",
        "peak_mb": 0,
    }


def test_a_command_may_take_out_more() -> None:
    assert clean(" call  forecast   0.04     \n", ((r"\d+\.\d\d", "#"),)) == " call  forecast   #     \n"


def test_places_get_names_the_inner_ones_first() -> None:
    assert placed("/t/a/tree/f.csv in /t/a", {"/t/a/tree": "<work>", "/t/a": "<base>"}) == "<work>/f.csv in <base>"


def test_progress_is_no_word() -> None:
    said = "\x1b[2Kforecasting ━━━━━━━━━━ 100%\r\n\n  50%|█████     | 1/2\rerror: no data  \nf.jsonl: 9 forecast\n"
    assert without_bars(said) == "error: no data\nf.jsonl: 9 forecast\n"


def test_the_same_differs_in_nothing() -> None:
    parts = {"exit": "0", "stdout": REPORT}
    assert differing(REPORT, REPORT) == []
    assert compare("forecast", parts, dict(parts)).result == "same"


def test_a_diff_shows_the_field_that_changed() -> None:
    changed = differing(REPORT, REPORT.replace("12.5", "12.6"))
    assert [line.strip("-+ ") for line in changed if not line.startswith("@@")] == ['"mean": 12.5', '"mean": 12.6']


@pytest.mark.parametrize(
    ("before", "after"), [('{"a":1.0}\n', '{"a":1.00}\n'), ("one\n", "one"), ('{"a":1}\n', '{"a": 1}\n')]
)
def test_not_one_byte_may_differ(before: str, after: str) -> None:
    assert differing(before, after)
    assert compare("x", {"stdout": before}, {"stdout": after}).result == "changed"


def test_a_file_that_is_not_written_any_more_is_a_change() -> None:
    verdict = compare("export", {"exit": "0", "f.csv": "a\n"}, {"exit": "0"})
    assert verdict.result == "changed"
    assert verdict.diff == "f.csv:\n-the file f.csv"


def test_an_intended_change_passes_and_says_why() -> None:
    meant = (Intended("chat-*", "units|件", "Chinese is written from typed facts"),)
    before, after = {"stdout": "12 units\nend\n"}, {"stdout": "12 件\nend\n"}
    verdict = compare("chat-zh", before, after, meant)
    assert (verdict.result, verdict.reasons) == ("intended", ("Chinese is written from typed facts",))
    assert compare("forecast", before, after, meant).result == "changed"  # of another command


def test_beside_an_intended_change_another_one_fails() -> None:
    meant = (Intended("chat", "units", "why"),)
    verdict = compare("chat", {"stdout": "12 units\n", "exit": "0"}, {"stdout": "13 units\n", "exit": "2"}, meant)
    assert verdict.result == "changed"
    assert verdict.diff.splitlines() == [
        *("stdout:", "@@ -1 +1 @@", "-12 units", "+13 units"),
        *("exit:", "@@ -1 +1 @@", "-0", "+2"),
    ]


def test_a_long_diff_is_cut() -> None:
    assert short("1\n2\n3", lines=2) == "1\n2\n… 1 lines more"
    assert short("abcdef", wide=4) == "abc…"


def test_the_results_count_and_give_reasons() -> None:
    commands = [Command("one", ("schema",)), Command("two", ("chat",), ("why?",), scrub=((r"\d s", "# s"),))]
    before = {"one": {"stdout": "a\n"}, "two": {"stdout": "3 s\nold\n"}}
    after = {"one": {"stdout": "a\n"}, "two": {"stdout": "4 s\nnew\n"}}
    found = verdicts(commands, before, after, (Intended("two", "^(old|new)$", "renamed"),))
    told = json.loads(written(commands, found, "a" * 40, "b" * 40, True))
    assert (told["same"], told["intended"], told["changed"]) == (1, 1, 0)
    assert told["after"] == "b" * 40 + " and changes not committed"
    assert told["commands"] == [
        {"name": "one", "command": "skucast schema", "result": "same"},
        {"name": "two", "command": "skucast chat", "requests": 1, "result": "intended", "reasons": ["renamed"]},
    ]


def test_files_are_read_as_what_they_hold(tmp_path: Path) -> None:
    pd.DataFrame({"unique_id": ["a"], "y": [1.5]}).to_parquet(tmp_path / "f.parquet")
    assert read_file(tmp_path / "f.parquet").endswith("unique_id,y\na,1.5\n")
    (tmp_path / "f.png").write_bytes(b"abc")
    assert read_file(tmp_path / "f.png").startswith("sha256 ba7816bf8f01cfea414140de5dae2223b00361a3")


def test_the_surroundings_are_not_the_persons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SKUCAST_DATA", "/mine")
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("SKUCAST_CACHE", "/cache")
    made = environment(tmp_path / "links", tmp_path / "models")
    assert not {"SKUCAST_DATA", "OPENAI_API_KEY"} & set(made)
    assert (made["SKUCAST_CACHE"], made["OMP_NUM_THREADS"], made["PYTHONPATH"]) == (
        *("/cache", "2"),
        str(tmp_path / "links"),
    )


def test_commands_have_names_of_their_own() -> None:
    names = [one.name for one in COMMANDS]
    assert len(set(names)) == len(names)
    assert "inputs" not in names
    assert all("/" not in name and " " not in name for name in names)


def test_inputs_are_the_same_each_time(tmp_path: Path) -> None:
    assert inputs() == inputs()
    write_inputs(tmp_path)
    weekly = pd.read_csv(tmp_path / "weekly.csv")
    assert len(weekly) == sum(known + PLANNED for *_, known in PRODUCTS) == 8 * (WEEKS + PLANNED) + 9 + PLANNED
    assert int(weekly["y"].isna().sum()) == len(PRODUCTS) * PLANNED
    assert (tmp_path / "notes" / "2024-01-15-competitor.md").exists()


def test_a_command_brings_those_whose_files_it_reads() -> None:
    board = next(one for one in COMMANDS if one.name == "leaderboard")
    assert board.needs == {"eval-panel"}
    assert [one.name for one in with_needed([board])] == ["eval-panel", "leaderboard"]


def test_what_came_before_is_kept_by_what_was_asked() -> None:
    one = Command("schema", ("schema",))
    assert key_of(one) == key_of(Command("schema", ("schema",), scrub=(("a", "b"),)))  # cleaned when compared
    assert key_of(one) != key_of(Command("schema", ("schema", "--help")))


@pytest.mark.parametrize(
    ("name", "line", "cleaned"),
    [
        ("eval-panel", "   1   GBM   0.36   task's past   0.47   +2.5 %   65.3 %    2.1\n", "65.3 % #\n"),
        ("leaderboard", "| 1 | GBM | 0.364 | +2.5 % | 65.3 % | 8.7 | 2.1 |\n", "| +2.5 % | 65.3 % | # | # |\n"),
        ("export-csv", "1001,2024-02-04,base,90.1,0.0,0.1.0\n", ",90.1,0.0,#\n"),
        ("trace", " tool    top_movers  it rose from 69.20 to 83.20     0.01         \n", "from 69.20 to 83.20 #\n"),
        ("eval-agent", " rules    37.0%   100.0%    0.01          \n", "37.0%   100.0% #\n"),
    ],
)
def test_speed_is_no_result(name: str, line: str, cleaned: str) -> None:
    command = next(one for one in COMMANDS if one.name == name)
    assert clean(line, command.scrub).endswith(cleaned)


def test_seconds_of_a_batch_are_taken_out() -> None:
    batch = '{\n  "seconds": {\n    "all": 0.87,\n    "LLM": 0.0\n  },\n  "tokens": 0\n}\n'
    assert clean(batch) == '{\n  "seconds": {\n  },\n  "tokens": 0\n}\n'
