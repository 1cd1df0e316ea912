"""Databases: a real PostgreSQL and DuckDB, read as sales, written by key, wrong in one line without the password."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.batch.run import run_batch
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.address import is_address, shown
from skucast.tools.data.databases import read_frame, upsert
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
    for _ in range(300):  # it answers some time after it listens
        with suppress(InputError):
            read_frame(url, "select 1 as one")
            break
        time.sleep(0.1)
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


@pytest.mark.slow
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


@pytest.mark.parametrize(
    "sql",
    [
        "delete from {}",
        "delete from {} returning *",
        "with gone as (delete from {} returning *) select * from gone",
        "update {} set y = 0 returning *",
        "drop table {}",
        "create table more as select 1 as a",
        "insert into {} (unique_id, ds) values ('c', '2024-01-07')",
        "select 1; delete from {}",
        "select 1; commit; begin; delete from {}",
        "select * from {}; set transaction read write; delete from {}",
        "copy (select 1) to '{file}'",
        "copy {} to program 'touch {file}'",
        "export database '{file}'",
        "attach '{file}' as other",
        "select * into more from {}",
        "with c as (select set_config('transaction_read_only', 'off', false)) select * from c",
        "select nextval('counter')",
        "set default_transaction_read_only = off",
        "begin; delete from {}; commit",
        "",
    ],
)
def test_sql_changes_nothing(database: str, tmp_path: Path, sql: str) -> None:
    table, made = f"safe_{os.getpid()}", tmp_path / "made"
    upsert(f"{database}::{table}", sales(), KEY)
    with pytest.raises(InputError) as error:
        open_source(database, sql=sql.format(table, table, file=made))
    assert "\n" not in str(error.value) and "secret" not in str(error.value)
    assert len(read_frame(f"{database}::{table}")) == 24 and not made.exists()
    with pytest.raises(InputError, match="no table 'more'"):
        read_frame(f"{database}::more")


def test_a_path_to_duckdb_is_as_safe(tmp_path: Path) -> None:
    file = tmp_path / "shop.duckdb"
    upsert(f"duckdb://{file}::data", sales(), KEY)
    before = file.read_bytes()
    for sql in ("delete from data", "with x as (delete from data returning *) select * from x", "select 1; select 2"):
        for source in (str(file), f"{file}::data", f"duckdb://{file}", f"DuckDB://{file}"):
            with pytest.raises(InputError):
                open_source(source, sql=sql)
    assert file.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["shop.duckdb"]
    assert len(open_source(f"duckdb://{file}", sql="select * from data").panel().past) == 24


def test_reading_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.duckdb"):
        read_frame(f"duckdb://{tmp_path}/none.duckdb", "select 1 as a")
    assert not list(tmp_path.iterdir())


def test_sql_sees_no_other_file(tmp_path: Path) -> None:
    upsert(f"duckdb://{tmp_path}/shop.duckdb::data", sales(), KEY)
    for sql in ("select * from read_text('/etc/hostname')", "select * from '/etc/hostname'"):
        with pytest.raises(InputError, match=r"disabled|does not exist"):
            read_frame(f"duckdb://{tmp_path}/shop.duckdb", sql)


def test_postgres_reads_sql_that_duckdb_does_not_know(postgres: str) -> None:
    found = read_frame(postgres, "select relname from pg_class where oid operator(pg_catalog.<) 2000 limit 3 -- three")
    assert len(found) == 3
    many = read_frame(postgres, "select i from generate_series(1, 25000) as t(i);  ")
    assert many["i"].tolist() == list(range(1, 25001))


def test_a_table_of_other_columns_is_refused(database: str) -> None:
    address = f"{database}::other_{os.getpid()}"
    upsert(address, pd.DataFrame({"a": [1], "b": [2]}), ["a"])
    with pytest.raises(InputError, match="unique_id"):
        upsert(address, sales(), KEY)
    same = f"{database}::keyless_{os.getpid()}"
    upsert(same, sales(), ["unique_id", "ds", "name"])  # the columns, but another key: its rows could double
    with pytest.raises(InputError):
        upsert(same, sales(), KEY)
    assert len(read_frame(address)) == 1 and len(read_frame(same)) == 24


def test_what_a_batch_leaves_holds_no_password(postgres: str, tmp_path: Path) -> None:
    address = f"{postgres}::batch_{os.getpid()}"
    upsert(address, sales(), KEY)
    url, _, table = address.replace("://skucast:secret@", "://skucast@").partition("::")
    source = open_source(f"{url}?password=secret::{table}")
    run_batch(Forecaster(None), source, source.unique_ids(), 2, tmp_path / "f.jsonl")
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 3 and "postgresql://skucast@" in written
    assert "secret" not in written + repr(source)
    assert source.reads(address) and not source.reads(f"{postgres}::forecasts")


def test_the_scheme_may_be_written_large(postgres: str) -> None:
    address = f"{postgres}::large_{os.getpid()}"
    upsert(address.replace("postgresql", "POSTGRES", 1), sales(), KEY)
    large = address.replace("postgresql", "PostgreSQL", 1)
    assert open_source(large).name == shown(large) and "secret" not in shown(large)


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
