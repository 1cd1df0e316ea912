"""People in what is put out: pseudonyms for ids, the least size of a group, and a person taken out of a file."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import duckdb
import platformdirs

from ..errors import InputError
from ..files import replacing, write_whole
from .address import is_address
from .event_table import match_events, opened, user_id_of
from .events import pseudonym
from .files import kind_of, plain
from .schema import PanelSchema
from .sql import literal

LEAST = 10  # people of a group that is shown
SALT = "SKUCAST_SALT"


def salt() -> str:
    """What pseudonyms are made with: of the environment (`SKUCAST_SALT`), else a random one kept on this machine.

    Raises:
        InputError: it cannot be kept.
    """
    if given := os.environ.get(SALT):
        return given
    path = Path(os.environ.get("SKUCAST_CACHE") or platformdirs.user_cache_dir("skucast")) / "customers" / "salt"
    if not path.is_file():
        write_whole(path, secrets.token_hex(16))
        path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def pseudonyms(user_ids: Iterable[str], made_with: str) -> list[str]:
    """The pseudonym of each user, in order."""
    return [pseudonym(one, made_with) for one in user_ids]


def forget(source: str | Path, user: str, to: Path, made_with: str) -> tuple[int, int]:
    """Write a table of events again without one person; the table itself stays as it is.

    Args:
        source: CSV, workbook, Parquet or DuckDB, as `read_events` takes it.
        user: the id as it stands there, or its pseudonym.
        to: a .csv or .parquet file, which is replaced.
        made_with: the salt of pseudonyms.

    Returns:
        Rows left out, and rows written.

    Raises:
        InputError: no such file or column, nobody of that name, or it cannot be written.
    """
    if is_address(str(source)):
        raise InputError(f"{source}: a database's rows are for its owner to delete; expected a file")
    if kind_of(to) not in ("csv", "parquet"):
        raise InputError(f"{to}: expected a file that ends in .csv or .parquet")
    try:
        with opened(source, None, PanelSchema()) as (con, _, _, _):
            column = match_events([str(row[0]) for row in con.execute("describe held").fetchall()])["user_id"]
            ids = [str(row[0]) for row in con.execute(f"select distinct {user_id_of(column)} from held").fetchall()]
            meant = [one for one in ids if user in (one, pseudonym(one, made_with))]
            if not meant:
                raise InputError(f"nobody is called {user!r}: expected an id of {column}, or its pseudonym")
            is_them = f"{user_id_of(column)} = {literal(meant[0])}"
            gone, left = con.execute(
                f"select count(*) filter ({is_them}), count(*) filter (not {is_them}) from held"
            ).fetchall()[0]
            rest = con.sql(f"select * from held where not {is_them}")
            with replacing(to) as beside:
                _write(rest, beside)
    except (duckdb.Error, InputError) as error:
        raise InputError(f"{source}: {plain(error)}") from None
    return int(gone), int(left)


def _write(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Rows to a file, batch by batch: the connection itself may write nothing."""
    import pyarrow.csv
    import pyarrow.parquet

    batches = rows.to_arrow_reader(100_000)
    if kind_of(path) == "csv":
        writer = pyarrow.csv.CSVWriter(path, batches.schema)
    else:
        writer = pyarrow.parquet.ParquetWriter(path, batches.schema)
    with writer as open_file:
        for batch in batches:
            open_file.write_batch(batch)
