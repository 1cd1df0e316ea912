"""Nothing breaks it: odd files, arguments, requests and bodies end in an answer or in a clear no.

The ordinary tests try a few cases of each face. `make fuzz` tries two thousand and writes docs/fuzz.json.
"""

import importlib
import json
import os
import pkgutil
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import skucast
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from skucast import __version__
from skucast.agent.faces.service import Service
from skucast.agent.faces.session import Session
from skucast.agent.workbench import Workbench
from skucast.tools.errors import InputError

from ..test_command import run
from .bounds import MEMORY, SECONDS, Outcome
from .cases import (
    Case,
    filled,
    http_case,
    journal_case,
    mcp_case,
    read_case,
    table_case,
    talk_case,
    tried,
    value_case,
    web_case,
    write_case,
)
from .places import READ, WRITE
from .shop import QUICK, lay_out

PAGE = Path(__file__).parents[2] / "docs" / "fuzz.json"
BAD = ("traceback", "hang", "memory", "wrong")
SHARES = {  # of the cases that are asked for, per cent
    "chat": 11,
    "HTTP": 8,
    "MCP": 3,
    "web": 2,
    "journals": 6,
    "tables": 8,
    "arguments": 20,
    "files written": 12,
    "files read": 30,
}
SHOWN = 50  # cases, after each of which a long run says how far it is
APART = ("skucast.evals.bench", "skucast.agent.batch.cluster", "skucast.agent.engines.offline", "skucast.__main__")
FEW = 60


def import_all() -> None:
    """Import every module once here, so that no case has to."""
    for module in pkgutil.walk_packages(skucast.__path__, "skucast."):
        if not module.name.startswith(APART):
            with suppress(ImportError, SystemExit):
                importlib.import_module(module.name)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The files of the shop, and those that skucast makes of them; with that, most that a case needs is imported."""
    if pytestconfig.getoption("--fuzz"):
        import_all()
    folder = tmp_path_factory.mktemp("shop")
    lay_out(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert run("forecast", "sales.csv", *QUICK, "--horizon", "2", "--all", "--out", "f.jsonl").returncode == 0
        assert run("publish", "f.jsonl", "--ledger", "ledger.duckdb").returncode == 0
        if pytestconfig.getoption("--fuzz"):
            os.chdir(shutil.copytree(folder, folder.with_name("warm")))
            for place in (*READ, *WRITE):
                run(*filled(place, "warm.csv"))
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(scope="session")
def service(shop: Path, pytestconfig: pytest.Config) -> Iterator[Service]:
    """A desk over the shop, of statistics and rules alone."""
    bench = Workbench(
        str(shop / "sales.csv"),
        quick=True,
        engine="none",
        model="none",
        router="rules",
        notes=shop / "notes.jsonl",
        stock=str(shop / "stock.csv"),
    )
    desk = bench.desk()
    made = Service(desk, bench.caller(desk))
    if pytestconfig.getoption("--fuzz"):  # what is read and compiled at the first request, no case has to again
        session = Session(desk.fresh(), made.caller)
        for request in (
            "forecast A1",
            "预测 B2",
            "compare A1 and B2",
            "how much to order",
            "top sellers in May",
            "and B2?",
        ):
            with suppress(InputError):
                session.answer(request)
    yield made
    made.close()


def drawn(face: str, service: Service) -> st.SearchStrategy[Case]:
    """What is drawn for a face."""
    fixed = {
        "files read": read_case,
        "files written": write_case,
        "arguments": value_case,
        "tables": table_case,
        "journals": journal_case,
    }
    over = {"chat": talk_case, "HTTP": http_case, "MCP": mcp_case, "web": web_case}
    return fixed[face]() if face in fixed else over[face](service)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("face", SHARES)
def test_every_case_ends_well(face: str, shop: Path, service: Service, pytestconfig: pytest.Config) -> None:
    wanted = pytestconfig.getoption("--fuzz")
    if face == "web" and not wanted:
        pytest.skip(
            "a page that is served in a fork of a process of many threads may wait for ever: make fuzz tries it"
        )
    count = max(2, (wanted or FEW) * SHARES[face] // 100)
    made: list[tuple[Case, Outcome]] = []

    @settings(
        max_examples=count,
        derandomize=not wanted,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(face, service))
    def each(case: Case) -> None:
        found = tried(case, shop)
        made.append((case, found))
        if wanted and len(made) % SHOWN == 0:
            print(f"{face}: {len(made)} of {count}", flush=True)
        if found.verdict in BAD and wanted:
            print(f"\n{found.verdict}: {face}, {case.kind}: {case.what}\n{found.detail}", flush=True)

    each()
    if wanted:
        keep(face, made, wanted)
    bad = [
        f"{found.verdict}: {case.kind}: {case.what}: {found.detail[-600:]}"
        for case, found in made
        if found.verdict in BAD
    ]
    assert not bad, "\n".join(bad)


def keep(face: str, made: list[tuple[Case, Outcome]], wanted: int) -> None:
    """Write the counts of a face into docs, beside those of the others."""
    held = json.loads(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    verdicts = Counter("refused" if found.verdict == "fine" and found.refused else found.verdict for _, found in made)
    held |= {"command": "make fuzz", "skucast": __version__, "cases asked for": wanted}
    held["bounds"] = {"seconds": SECONDS, "GB of memory": MEMORY >> 30}
    held.setdefault("faces", {})[face] = {
        "cases": len(made),
        "kinds": dict(sorted(Counter(case.kind for case, _ in made).items())),
        "answered": verdicts["fine"],
        "refused": verdicts["refused"],
        "tracebacks": verdicts["traceback"],
        "hangs": verdicts["hang"],
        "over memory": verdicts["memory"],
        "silent wrong": verdicts["wrong"],
        "slowest, seconds": round(max(found.seconds for _, found in made), 1),
        "most memory, MB": max(found.memory for _, found in made) >> 20,
    }
    PAGE.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
