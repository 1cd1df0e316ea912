"""Odd files, one maker a kind: what stands where a file is expected, in a folder of a case."""

import bz2
import gzip
import io
import os
import socket
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROWS = "unique_id,ds,y\n" + "".join(f"A,2024-{month:02d}-01,{month}\n" for month in range(1, 13))
DEEP = 10_000

Maker = Callable[[Path, str], str]
TEXTS: dict[str, bytes] = {
    "empty file": b"",
    "one newline": b"\n",
    "zero bytes": b"\0" * 5000,
    "all bytes": bytes(range(256)) * 40,
    "only a mark": b"\xef\xbb\xbf",
    "half a mark": b"\xff\xfe\x00",
    "CR alone": ROWS.replace("\n", "\r").encode(),
    "UTF-7": b"unique_id,ds,y\n+AEE-,2024-01-01,5\n+AMQ-,2024-01-08,5\n",
    "Latin-1 header": "unique_id,ds,y,gr\xf6\xdfe\nA,2024-01-07,5,1\n".encode("latin-1"),
    "UTF-16": ROWS.encode("utf-16"),
    "UTF-32": ROWS.encode("utf-32"),
    "one long line": b"x" * 3_000_000,
    "many columns": (",".join(f"c{at}" for at in range(5000)) + "\n").encode(),
    "quote left open": b'unique_id,ds,y\n"A,2024-01-01,5\n' * 200,
    "deep JSON lists": b"[" * DEEP + b"]" * DEEP,
    "deep JSON objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "JSON list": b"[1, 2, 3]\n",
    "JSON text": b'"text"\n',
    "JSON null": b"null\n",
    "JSON number": b"1e999\n",
    "JSON of many digits": b'{"a": ' + b"9" * 5000 + b"}\n",
    "deep TOML": b"a = " + b"[" * DEEP + b"]" * DEEP,
    "deep TOML key": b"a" + b".a" * DEEP + b" = 1\n",
    "TOML of many digits": b"horizon = " + b"9" * 5000 + b"\n",
    "YAML that expands": b"---\na: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (at + 1, at + 1, b",".join([b"*%c" % at] * 9)) for at in range(97, 106))
    + b"date: *j\n---\ntext\n",
    "deep YAML": b"---\na: " + b"[" * 3000 + b"]" * 3000 + b"\n---\ntext\n",
    "open tags": b"<html><body hidden>" + b"<div>" * 100_000 + b"words",
    "closed tags": b"<p hidden>" + b"<div>" * 20_000 + b"</span>" * 20_000 + b"</p>words",
    "open comment": b"<!--" * 50_000,
    "formulas": b"unique_id,ds,y\n=cmd|' /C calc'!A0,2024-01-01,5\n",
    "values beyond": b"unique_id,ds,y\nA,0000-01-01,1e308\nA,9999-12-31,1e999\nA,2024-01-07,-1e308\n",
    "two dates ages apart": b"unique_id,ds,y\nA,1700-01-01,5\nA,2200-01-02,5\nA,2200-01-03,5\n",
}
NO_TABLE = {  # of which no forecast can be made: an answer is wrong
    *("empty file", "one newline", "zero bytes", "all bytes", "only a mark", "half a mark", "one long line"),
    *("UTF-7", "deep JSON lists", "deep JSON objects", "deep TOML", "open tags", "open comment", "values beyond"),
}


def _as(content: bytes) -> Maker:
    def make(folder: Path, suffix: str) -> str:
        (folder / f"odd{suffix}").write_bytes(content)
        return f"odd{suffix}"

    return make


def _link(to: str) -> Maker:
    def make(folder: Path, suffix: str) -> str:
        (folder / f"odd{suffix}").symlink_to(to.format(suffix=suffix))
        return f"odd{suffix}"

    return make


def _path(text: str) -> Maker:
    return lambda folder, suffix: text.format(suffix=suffix)


def fifo(folder: Path, suffix: str) -> str:
    """A pipe that nobody writes to."""
    os.mkfifo(folder / f"odd{suffix}")
    return f"odd{suffix}"


def its_socket(folder: Path, suffix: str) -> str:
    """A socket in a file's place."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / f"odd{suffix}"))
    return f"odd{suffix}"


def its_folder(folder: Path, suffix: str) -> str:
    """A folder of the name of a file, with nothing in it."""
    (folder / f"odd{suffix}").mkdir()
    return f"odd{suffix}"


def full_folder(folder: Path, suffix: str) -> str:
    """A folder of the name of a file, with a file of that kind in it that is none."""
    (folder / f"odd{suffix}").mkdir()
    (folder / f"odd{suffix}" / f"part-0{suffix or '.parquet'}").write_text("none")
    return f"odd{suffix}"


def _name(name: bytes) -> Maker:
    def make(folder: Path, suffix: str) -> str:
        path = os.fsencode(folder) + b"/" + name + suffix.encode()
        with open(path, "wb") as file:  # noqa: PTH123  bytes that are no text
            file.write(ROWS.encode())
        return os.fsdecode(name) + suffix

    return make


def _zipped(content: Callable[[], bytes], ending: str) -> Maker:
    def make(folder: Path, suffix: str) -> str:
        (folder / f"odd{ending or suffix}").write_bytes(content())
        return f"odd{ending or suffix}"

    return make


@cache
def bomb(rows: bool) -> bytes:
    """A few megabytes of gzip that unpack to 3 GB, of zero bytes or of rows."""
    block = b"A,2024-01-07,5\n" * 70_000 if rows else b"\0" * (1 << 20)
    return gzip.compress(b"unique_id,ds,y\n") + gzip.compress(block) * 3000


@cache
def book(size: int) -> bytes:
    """A workbook whose sheet unpacks to so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(
            "xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>"
        )
        packed.writestr("[Content_Types].xml", "<Types/>")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f"<Relationships><Relationship Id='rId1' Type='{kind}' Target='worksheets/sheet1.xml'/></Relationships>",
        )
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            row = b"<row><c t='str'><v>unique_id</v></c><c t='str'><v>ds</v></c><c t='str'><v>y</v></c></row>" * 10_000
            for _ in range(max(1, size // len(row))):
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _zip_of(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sales.csv", text)
    return out.getvalue()


PATHS: dict[str, Maker] = {
    "no name": _path(""),
    "root": _path("/"),
    "here": _path("."),
    "nobody's home": _path("~nosuchuser/x{suffix}"),
    "5,000 characters": _path("x" * 5000 + "{suffix}"),
    "many folders": _path("a/" * 3000 + "x{suffix}"),
    "not there": _path("none{suffix}"),
    "under a file": _path("sales.csv/x{suffix}"),
    "dangling link": _link("nowhere{suffix}"),
    "looping link": _link("odd{suffix}"),
    "folder": its_folder,
    "full folder": full_folder,
    "bytes that are no text": _name(b"odd\xff\xfe"),
    "name of two lines": _name(b"odd\nname"),
    "name with markup": _name(b"[red]odd"),
    "name with escapes": _name(b"odd\x1b[31m"),
    "pattern": _path("*{suffix}"),
    "bracket": _path("[{suffix}"),
    "options": _path("--{suffix}"),
}
DEVICES: dict[str, Maker] = {
    "fifo": fifo,
    "socket": its_socket,
    **{f"link to {device}": _link(f"/dev/{device}") for device in ("zero", "full", "null", "urandom")},
    **{f"/dev/{device}": _path(f"/dev/{device}") for device in ("zero", "full", "null")},
    "/proc/self/mem": _path("/proc/self/mem"),
    "/proc/kmsg": _link("/proc/kmsg"),
}
ARCHIVES: dict[str, Maker] = {
    "gz truncated": _zipped(lambda: gzip.compress(ROWS.encode() * 500)[:-300], ".csv.gz"),
    "gz corrupt": _zipped(lambda: gzip.compress(ROWS.encode())[:20] + b"corrupt" * 20, ".csv.gz"),
    "gz with a wrong sum": _zipped(lambda: gzip.compress(ROWS.encode())[:-8] + b"\0" * 8, ".csv.gz"),
    "gz that is plain": _zipped(lambda: b"unique_id,ds\n" * 9, ".csv.gz"),
    "gz that is a zip": _zipped(lambda: _zip_of(ROWS), ".csv.gz"),
    "gz that is a bz2": _zipped(lambda: bz2.compress(ROWS.encode()), ".csv.gz"),
    "gz of nothing": _zipped(lambda: gzip.compress(b""), ".csv.gz"),
    "gz in gz": _zipped(lambda: gzip.compress(gzip.compress(ROWS.encode())), ".csv.gz"),
    "zip named csv": _zipped(lambda: _zip_of(ROWS), ".csv"),
    "book that is text": _zipped(ROWS.encode, ".xlsx"),
    "book truncated": _zipped(lambda: book(1)[:300], ".xlsx"),
    "book that is a zip": _zipped(lambda: _zip_of(ROWS), ".xlsx"),
    "old book that is text": _zipped(ROWS.encode, ".xls"),
    "ods that is a zip": _zipped(lambda: _zip_of(ROWS), ".ods"),
    "parquet that is text": _zipped(ROWS.encode, ".parquet"),
    "parquet truncated": _zipped(lambda: b"PAR1" + b"\0" * 100 + b"\xff\xff\xff\x7fPAR1", ".parquet"),
    "duckdb that is text": _zipped(lambda: ROWS.encode() * 100, ".duckdb"),
    "duckdb truncated": _zipped(lambda: b"\0" * 8 + b"DUCK" + b"\x40" + b"\0" * 5000, ".duckdb"),
}
BOMBS: dict[str, Maker] = {
    "gz bomb of zeros": _zipped(lambda: bomb(rows=False), ".csv.gz"),
    "gz bomb of rows": _zipped(lambda: bomb(rows=True), ".csv.gz"),
    "book bomb": _zipped(lambda: book(700 << 20), ".xlsx"),
}
CONTENTS: dict[str, Maker] = {name: _as(content) for name, content in TEXTS.items()}
