"""Databases: a real PostgreSQL and DuckDB, read as sales, written by key, wrong in one line without the password."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.databases import is_address, read_frame, shown, upsert
from skucast.tools.data.read import open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

KEY = ["unique_id", "ds"]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, gone afterwards."""
    program = shutil.which("postgres")
    if program is None or (os.getuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True).returncode):
        pytest.skip("NOT CHECKED: no PostgreSQL on this machine")
    as_whom = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}  # it refuses to run as root
    tools = Path(program).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="skucast-pg-"))
    if as_whom:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    init = shutil.which("initdb") or str(tools / "initdb")
    command = [init, "-D", str(folder / "data"), "-U", "skucast", "-A", "trust", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, cwd="/", **as_whom)  # type: ignore[call-overload]
    options = ["-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    server = subprocess.Popen(  # type: ignore[call-overload]
        [program, *options, "-c", "fsync=off"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_whom,
    )
    url = f"postgresql://skucast:secret@127.0.0.1:{port}/postgres"
    for _ in range(200):
        with socket.socket() as one:
            one.settimeout(0.1)
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield url
    server.terminate()
    server.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["duckdb", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "duckdb":
        return f"duckdb://{tmp_path}/shop.duckdb"
    return str(request.getfixturevalue("postgres"))


def sales(weeks: int = 12) -> pd.DataFrame:
    ds = pd.date_range("2024-01-07", periods=weeks, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": np.arange(weeks) + at, "price": 2.5, "name": f'"{uid}" tea'})
        for at, uid in enumerate(["a", "b"])
    ]
    return pd.concat(parts, ignore_index=True)


def test_sales_go_in_by_key_and_come_out_as_a_panel(database: str) -> None:
    address = f"{database}::sales_{os.getpid()}"
    frame = sales()
    assert upsert(address, frame, KEY) == 24
    assert upsert(address, frame.assign(y=frame["y"] * 2), KEY) == 24  # again, and other units: in their place
    assert upsert(address, frame.tail(3).assign(y=99.0), KEY) == 3
    schema = PanelSchema(known_future=["price"], static=["name"])
    source = open_source(address, schema=schema)
    panel = source.panel()
    assert source.name == shown(address) and panel.unique_ids == ["a", "b"]
    assert panel.past_of("a")["y"].tolist() == [2.0 * k for k in range(12)]
    assert panel.past_of("b")["y"].tolist()[-4:] == [2.0 * 9, 99.0, 99.0, 99.0]
    assert panel.static_of("a") == {"name": '"a" tea'}


def test_a_query_is_read(database: str) -> None:
    table = f"rows_{os.getpid()}"
    upsert(f"{database}::{table}", sales(), KEY)
    found = read_frame(database, f"select unique_id, ds, y from {table} where unique_id = 'b';")
    assert set(found["unique_id"]) == {"b"} and len(found) == 12


def test_what_goes_wrong_is_one_line_without_the_password(database: str) -> None:
    table = f"wrong_{os.getpid()}"
    upsert(f"{database}::{table}", sales(), KEY)

    def fails(match: str, run: object) -> None:
        with pytest.raises(InputError, match=match) as error:
            run()  # type: ignore[operator]
        assert "\n" not in str(error.value) and "secret" not in str(error.value)

    fails("no table 'wrnog", lambda: read_frame(f"{database}::wrnog_{os.getpid()}"))
    fails("name a table after ::", lambda: read_frame(database))
    fails("name a table after ::", lambda: upsert(database, sales(), KEY))
    fails("nowhere", lambda: read_frame(database, "select * from nowhere"))
    fails("more", lambda: upsert(f"{database}::{table}", sales().assign(more=1), KEY))
    assert len(read_frame(f"{database}::{table}")) == 24


def test_all_of_it_or_nothing(database: str) -> None:
    address = f"{database}::half_{os.getpid()}"
    upsert(address, sales(), KEY)
    broken = sales().assign(y=-1.0)
    broken.loc[20, "unique_id"] = None  # no key: refused
    with pytest.raises(InputError):
        upsert(address, broken, KEY)
    assert (read_frame(address)["y"] >= 0).all()


def test_a_server_that_is_gone() -> None:
    with pytest.raises(InputError, match=r"postgresql://me@127\.0\.0\.1:1/shop") as error:
        read_frame("postgresql://me:hush@127.0.0.1:1/shop::sales")
    assert "hush" not in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("duckdb:///a.duckdb::t", True), ("postgres://h/d", True), ("sales.csv", False), ("s3://x", False)],
)
def test_addresses(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one
