"""Faults as they come: signals, a full disk, servers gone, slow or odd, the same run twice, a clock set back."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from skucast.agent.batch import run as batch
from skucast.agent.batch.budget import Budget
from skucast.agent.batch.run import read_lines, run_batch
from skucast.agent.engines import open_engine
from skucast.agent.engines.base import EngineError
from skucast.agent.engines.pooling import PoolingReader
from skucast.agent.engines.served import check_listens
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.report import ForecastReport
from skucast.tools.data.read import open_source

from ..conftest import scripted
from ..loopback import Quiet, address, serving

ROOT = Path(__file__).parents[3]
IDS = ["A", "B", "C", "D"]
COMMAND = """
import resource, sys, time
from skucast.__main__ import main
from skucast.agent.batch import run as batch
from skucast.agent.forecast.forecaster import Forecaster

batch.CHUNK = 1
slow, most, data, out = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
forecast = Forecaster.forecast

def slowly(self, panel, ids, *given, **more):
    if "A" not in ids:
        time.sleep(slow)
    return forecast(self, panel, ids, *given, **more)

Forecaster.forecast = slowly
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
sys.argv = ["skucast", "forecast", data, "--all", "--engine", "none", "--quick", "--horizon", "4", "--out", out]
main()
"""


def hear_ctrl_c() -> None:
    """As in a terminal: a job in the background is born deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def command(data: Path, out: Path, *, slow: float = 0.0, most: int = 0) -> subprocess.Popen[str]:
    """`skucast forecast DATA --all --out OUT`, a line at a time: `slow` seconds before each but A's, in files of at
    most `most` bytes."""
    words = [sys.executable, "-c", COMMAND, str(slow), str(most), str(data), str(out)]
    return subprocess.Popen(words, preexec_fn=hear_ctrl_c, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How it ended, and what it said, without its bars."""
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said, said
    return process.returncode, said.strip().split("\n")[-1]


def wait_for_a_line(out: Path) -> None:
    """Until one is on the disk: then the manifest counts it; while it is written a signal takes it back."""
    manifest, until = out.with_name(f"{out.name}.manifest.json"), time.monotonic() + 120
    while not (manifest.exists() and json.loads(manifest.read_text())["series"]["forecast"]):
        assert time.monotonic() < until
        time.sleep(0.05)


def ids_of(out: Path) -> list[str]:
    return [line.unique_id for line in read_lines(out)]


@pytest.mark.slow
def test_ctrl_c_ends_in_one_line_and_the_same_command_goes_on(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    process = command(sales_csv, out, slow=60)
    wait_for_a_line(out)
    process.send_signal(signal.SIGINT)
    code, said = ended(process)
    assert (code, said) == (130, "stopped; what was written is whole, and the same command goes on from there")
    assert ids_of(out) == ["A"]
    code, said = ended(command(sales_csv, out))
    assert (code, said) == (0, f"{out}: 3 forecast, 0 failed, 1 stood already")
    assert ids_of(out) == IDS


def test_ctrl_c_in_the_middle_of_a_write_takes_the_half_line_back(
    sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, source = tmp_path / "f.jsonl", open_source(sales_csv)
    run_batch(Forecaster(None), source, ["A"], 4, out)
    before, write = out.read_bytes(), os.write

    def interrupted(fd: int, data: bytes) -> int:
        write(fd, bytes(data[:100]))
        raise KeyboardInterrupt

    monkeypatch.setattr(batch.os, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_batch(Forecaster(None), source, ["A", "B"], 4, out)
    assert out.read_bytes() == before


@pytest.mark.slow
def test_a_full_disk_is_one_line_at_every_place_it_can_strike(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    code, said = ended(command(sales_csv, out, most=100))  # not even the settings
    assert code == 2 and said.startswith("error: ") and "f.jsonl.run.json: cannot be written" in said
    assert out.read_bytes() == b"" and not list(tmp_path.glob(".part-*"))
    code, said = ended(command(sales_csv, out, most=9000))  # some lines
    assert code == 2 and "every line before this is safe, run the same command again to go on" in said
    some = ids_of(out)
    assert 0 < len(some) < 4 and some == IDS[: len(some)]
    code, said = ended(command(sales_csv, out, most=100))  # on going on: settings and lines stay
    assert code == 2 and "cannot be written" in said and ids_of(out) == some
    code, said = ended(command(sales_csv, out))
    assert code == 0 and ids_of(out) == IDS


@pytest.mark.slow
def test_the_same_run_twice_at_once_is_refused_and_the_first_goes_on(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    first = command(sales_csv, out, slow=10)  # the second takes seconds to begin
    wait_for_a_line(out)
    assert ended(command(sales_csv, out)) == (2, f"error: --out {out}: another run is writing this file")
    assert ended(first) == (0, f"{out}: 4 forecast, 0 failed, 0 stood already")
    assert ids_of(out) == IDS


class Server(ThreadingHTTPServer):
    """Answers every request with `page`, after `wait` seconds."""

    page, wait, asked = b"", 0.0, 0
    daemon_threads = True


class Handler(Quiet, BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        time.sleep(self.server.wait)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.page)))
        self.end_headers()
        self.wfile.write(self.server.page)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    with serving(server):
        yield server


def at_v1(server: Server) -> str:
    return address(server, "/v1")


def warnings(data: Path, out: Path, url: str) -> list[str]:
    """The last warning of every line of a batch through a server, each of which must be a forecast all the same."""
    source, engine = open_source(data), open_engine(f"openai:m@{url}")
    run_batch(Forecaster(engine, samples=2), source, source.unique_ids(), 4, out)
    lines = list(read_lines(out))
    assert [line.unique_id for line in lines] == IDS
    assert all(isinstance(line, ForecastReport) and line.explanation.author == "template" for line in lines)
    return [line.warnings[-1] for line in lines if isinstance(line, ForecastReport)]


@pytest.mark.slow
def test_a_server_that_is_gone_leaves_the_forecast_without_it(
    server: Server, sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 1)
    url = at_v1(server)
    server.shutdown()
    server.server_close()
    for said in warnings(sales_csv, tmp_path / "f.jsonl", url):
        assert said.startswith(f"the LLM did not answer ({url}: no connection")
        assert said.endswith("; the statistical ensemble stands alone")


@pytest.mark.slow
def test_at_the_start_whatever_listens_will_do(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is only an address where nothing is that is refused at once; what a server cannot do is known when asked."""
    check_listens(at_v1(server))  # 501: it has no list of models
    monkeypatch.setattr("skucast.agent.engines.served.PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        check_listens(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1")
    server.shutdown()
    server.server_close()
    with pytest.raises(EngineError, match="no connection"):
        check_listens(at_v1(server))


@pytest.mark.slow
def test_a_server_that_is_slow_is_waited_for_once(
    server: Server, sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skucast.agent.engines.served.TIMEOUT", 0.3)
    server.wait = 1.0
    said = warnings(sales_csv, tmp_path / "f.jsonl", url := at_v1(server))
    assert (
        said == [f"the LLM did not answer ({url}: no answer within 0.3 s); the statistical ensemble stands alone"] * 4
    )
    assert server.asked <= 8  # four known windows, four explanations: none twice


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": ["7 8"]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": "7"}}], "usage": {"prompt_tokens": "many"}}',
    ],
)
def test_an_answer_that_is_none_leaves_the_forecast_without_it(
    server: Server, sales_csv: Path, tmp_path: Path, page: bytes
) -> None:
    server.page = page
    for said in warnings(sales_csv, tmp_path / "f.jsonl", at_v1(server)):
        assert "not a chat API's answer" in said and said.endswith("; the statistical ensemble stands alone")


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "seven", "1 2 3", "-1 2 3 4", "1e9 1 1 1", "NaN NaN NaN NaN", "9999999 1 1 1"])
def test_words_that_are_no_forecast_are_not_used(server: Server, sales_csv: Path, tmp_path: Path, text: str) -> None:
    server.page = json.dumps({"choices": [{"message": {"content": text}}], "usage": None}).encode()
    for said in warnings(sales_csv, tmp_path / "f.jsonl", at_v1(server)):
        assert said == "no usable answer from the LLM; the statistical ensemble stands alone"


@pytest.mark.slow
def test_logits_that_are_not_numbers_are_refused(server: Server) -> None:
    nan = "AADAfwAAwH8AAMB/"  # three times NaN, as float32 in base64
    server.page = json.dumps({"data": [{"index": 0, "data": nan}]}).encode()
    with pytest.raises(EngineError, match="logits that are not numbers"):
        PoolingReader("m", address(server)).read([[3]], [(0, 0)])


@pytest.mark.slow
def test_a_clock_set_back_or_forth_changes_nothing(
    sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, source, day = tmp_path / "f.jsonl", open_source(sales_csv), [86400.0]
    real = time.time

    def jumping() -> float:
        day[0] *= -1.5
        return real() + day[0]

    monkeypatch.setattr(time, "time", jumping)
    monkeypatch.setattr(batch, "CHUNK", 1)
    result = run_batch(Forecaster(scripted()), source, IDS, 4, out, budget=Budget(seconds=3600))
    assert result.degraded == 0 and 0 <= result.seconds < 3600
    for line in read_lines(out):
        assert isinstance(line, ForecastReport)
        assert min(line.timings.base, line.timings.llm, line.timings.rest) >= 0
    told = json.loads((tmp_path / "f.jsonl.manifest.json").read_text())
    assert min(told["seconds"].values()) >= 0


def test_no_span_is_measured_by_the_wall_clock() -> None:
    rooms = ("tools", "prompts", "agent", "finetune", "evals")
    files = [ROOT / "__main__.py", *(file for room in rooms for file in (ROOT / room).rglob("*.py"))]
    assert [file.name for file in files if "time.time()" in file.read_text(encoding="utf-8")] == []
