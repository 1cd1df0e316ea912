"""Nothing is lost: kills at random moments, full disks, two writers at once, cut journals, and other data than before.

A few rounds of each in the ordinary tests; `make fuzz` has a round for every 20 cases.
"""

import io
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from skucast.__main__ import main
from skucast.agent.batch import run as batch
from skucast.agent.batch.journal import recover
from skucast.agent.batch.run import read_lines
from skucast.agent.faces.audit import AuditLog
from skucast.agent.models.registry import add, find, models
from skucast.tools.data.databases import read_frame
from skucast.tools.errors import InputError

from ..agent.models.test_registry import a_card, weights
from ..test_command import one_line, run
from .shop import QUICK

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
SERIES = [f"S{at}" for at in range(6)]


@pytest.fixture
def rounds(pytestconfig: pytest.Config) -> range:
    """How often each is tried."""
    return range(max(3, pytestconfig.getoption("--fuzz") // 20))


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six products, and with a first forecast of them all that a child needs is imported."""
    folder = tmp_path_factory.mktemp("sold")
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    parts = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": range(at, at + 20)}) for at, uid in enumerate(SERIES)]
    pd.concat(parts).to_csv(folder / "sales.csv", index=False)
    assert (
        run("forecast", folder / "sales.csv", "--all", "--out", folder / "f.jsonl", *QUICK, "-h", "2").returncode == 0
    )
    assert run("publish", folder / "f.jsonl", "--ledger", folder / "warm.duckdb").returncode == 0
    return folder


def forked(work: Callable[[], object], most: int = 0) -> tuple[int, int]:
    """Do some work in a child; its process id, and a pipe of what it says.

    Args:
        work: what it does.
        most: bytes of any file that it may write, as if the disk were then full; 0 is without a bound.
    """
    heard, told = os.pipe()
    child = os.fork()
    if child:
        os.close(told)
        return child, heard
    code, said = 1, io.StringIO()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if most:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        with redirect_stdout(said), redirect_stderr(said):
            try:
                work()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            except KeyboardInterrupt:
                code = 130
    except BaseException as error:
        said.write(f"Traceback: {error!r}")
    finally:
        os.write(told, said.getvalue()[-10_000:].encode("utf-8", "replace"))
        os._exit(code)


def ended(child: int, heard: int) -> tuple[int, str]:
    """The exit code of a child, or minus its signal, and what it said."""
    _, status = os.waitpid(child, 0)
    with os.fdopen(heard, encoding="utf-8", errors="replace") as said:
        return os.waitstatus_to_exitcode(status), said.read()


def killed(work: Callable[[], object], after: float, by: signal.Signals) -> None:
    """Begin some work in a child and end it by a signal after so many seconds."""
    child, heard = forked(work)
    time.sleep(after)
    os.kill(child, by)
    _, text = ended(child, heard)
    assert "Traceback" not in text, text


def skucast(*words: object, chunk: int = 1) -> Callable[[], None]:
    """The command, to be run in a child; a batch brings every `chunk` lines to the disk."""

    def work() -> None:
        batch.CHUNK = chunk
        sys.argv = ["skucast", *map(str, words)]
        main()

    return work


def seconds_of(work: Callable[[], object]) -> float:
    """How long some work takes when it is let be."""
    began = time.monotonic()
    code, text = ended(*forked(work))
    assert code == 0, text
    return time.monotonic() - began


def batch_words(sold: Path, out: Path) -> tuple[object, ...]:
    return ("forecast", sold / "sales.csv", "--all", "--out", out, *QUICK, "--horizon", "2")


def test_a_batch_that_is_killed_again_and_again_has_every_line_once(sold: Path, tmp_path: Path, rounds: range) -> None:
    long = seconds_of(skucast(*batch_words(sold, tmp_path / "whole.jsonl")))
    for at in rounds:
        draw, out = random.Random(at), tmp_path / f"{at}.jsonl"
        for _ in range(2):
            killed(skucast(*batch_words(sold, out)), draw.random() * long, draw.choice(SIGNALS))
        code, text = ended(*forked(skucast(*batch_words(sold, out))))
        assert code == 0, text
        assert [line.unique_id for line in read_lines(out)] == SERIES
        assert not list(tmp_path.glob(".part-*"))


def test_a_publication_that_is_killed_is_there_once_or_not_at_all(sold: Path, tmp_path: Path, rounds: range) -> None:
    def words(ledger: Path) -> tuple[object, ...]:
        return ("publish", sold / "f.jsonl", "--ledger", ledger)

    long = seconds_of(skucast(*words(tmp_path / "whole" / "l.duckdb")))
    whole = read_frame(f"duckdb://{tmp_path}/whole/l.duckdb::skucast_forecasts")
    for at in rounds:
        draw, ledger = random.Random(at), tmp_path / f"{at}" / "l.duckdb"
        killed(skucast(*words(ledger)), draw.random() * long, draw.choice(SIGNALS))
        for _ in range(2):
            code, text = ended(*forked(skucast(*words(ledger))))
            assert code == 0, text
        assert len(read_frame(f"duckdb://{ledger}::skucast_forecasts")) == len(whole)
        assert len(read_frame(f"duckdb://{ledger}::skucast_entries")) == 1
        last = AuditLog(ledger.parent / "audit.jsonl").verify()
        assert last is not None and last.number == 1


def test_a_registry_that_is_killed_has_the_old_model_or_the_new(tmp_path: Path, rounds: range) -> None:
    home, best = tmp_path / "registry", weights(tmp_path / "best")
    (best / "adapter_model.safetensors").write_bytes(b"x" * 3_000_000)
    add(best, a_card("shop"), home)

    def work() -> None:
        while True:
            add(best, a_card("shop", about=str(time.monotonic())), home, replace=True)

    for at in rounds:
        draw = random.Random(at)
        for _ in range(5):
            killed(work, 0.02 + draw.random() * 0.1, draw.choice(SIGNALS[:2]))
            (found,) = [one for one in models(home) if one.name == "shop"]
            assert not found.problem and found.bytes > 3_000_000 and find("shop", home) == home / "shop"
    add(best, a_card("shop"), home, replace=True)
    assert [path.name for path in home.iterdir()] == ["shop"]  # what the kills left is cleared away


def test_a_full_disk_is_one_line_and_leaves_what_was_there(sold: Path, tmp_path: Path, rounds: range) -> None:
    targets = ("f.csv", "f.parquet", "f.xlsx")
    for name in targets:
        assert run("export", sold / "f.jsonl", tmp_path / name).returncode == 0
    before = {name: (tmp_path / name).read_bytes() for name in targets}
    out = tmp_path / "new.jsonl"
    for at in rounds:
        draw = random.Random(at)
        for name in targets:
            most = draw.randrange(1, len(before[name]))
            code, text = ended(*forked(skucast("export", sold / "f.jsonl", tmp_path / name), most))
            assert code == 2 and text.splitlines()[-1].startswith("error: ") and "Traceback" not in text, text
            assert (tmp_path / name).read_bytes() == before[name]
        code, text = ended(*forked(skucast(*batch_words(sold, out)), draw.randrange(800, 12_000)))
        assert code in (0, 2) and "Traceback" not in text, text
        ids = [line.unique_id for line in read_lines(out)] if out.exists() else []
        assert ids == SERIES[: len(ids)]
    assert not list(tmp_path.glob(".part-*"))
    assert run(*batch_words(sold, out)).returncode == 0
    assert [line.unique_id for line in read_lines(out)] == SERIES


def test_two_writers_of_one_output(sold: Path, tmp_path: Path, rounds: range) -> None:
    for at in rounds:
        out = tmp_path / f"{at}.jsonl"
        both = [forked(skucast(*batch_words(sold, out))) for _ in range(2)]
        codes = sorted(ended(*one)[0] for one in both)
        assert codes in ([0, 2], [0, 0])  # one was refused, or came when the other was done
        assert [line.unique_id for line in read_lines(out)] == SERIES
        ledger = tmp_path / f"{at}" / "l.duckdb"
        both = [forked(skucast("publish", sold / "f.jsonl", "--ledger", ledger)) for _ in range(2)]
        assert [ended(*one)[0] for one in both] == [0, 0]
        assert len(read_frame(f"duckdb://{ledger}::skucast_entries")) == 1


def test_a_journal_cut_anywhere_keeps_its_whole_lines(sold: Path, tmp_path: Path) -> None:
    whole, path = (sold / "f.jsonl").read_bytes(), tmp_path / "f.jsonl"
    ids = [json.loads(line)["unique_id"] for line in whole.splitlines()]
    for cut in range(0, len(whole), 997):
        path.write_bytes(whole[:cut])
        with path.open("rb+") as file:
            done = recover(file.fileno(), path, lambda line: str(json.loads(line)["unique_id"]))
        assert done == set(ids[: whole[:cut].count(b"\n")])
        assert path.read_bytes() == whole[: whole[:cut].rfind(b"\n") + 1]
    line = whole.splitlines(keepends=True)[0]
    for wrong in (b"\0" * 50 + b"\n", b"[]\n", b"{}\n", b"null\n", b"[" * 20_000 + b"\n", line):
        path.write_bytes(line + wrong)
        with path.open("rb+") as file, pytest.raises(InputError, match="line 2 is"):
            recover(file.fileno(), path, lambda line: batch.LINE.validate_json(line).unique_id)
        assert path.read_bytes() == line + wrong


@pytest.mark.parametrize("other", ["data", "horizon", "seed", "cutoff"])
def test_going_on_with_something_else_is_refused(sold: Path, tmp_path: Path, other: str) -> None:
    data, out = tmp_path / "sales.csv", tmp_path / "f.jsonl"
    data.write_bytes((sold / "sales.csv").read_bytes())
    words = ("forecast", data, "--all", "--out", out, *QUICK)
    assert run(*words, "--horizon", "2").returncode == 0
    before = out.read_bytes()
    if other == "data":
        data.write_text(data.read_text().replace(",5\n", ",6\n", 1))
    more = {"horizon": ("-h", "3"), "seed": ("-h", "2", "--seed", "1"), "cutoff": ("-h", "2", "--cutoff", "2024-05-05")}
    assert "made by a run with other settings" in one_line(run(*words, *more.get(other, ("-h", "2"))))
    assert out.read_bytes() == before
