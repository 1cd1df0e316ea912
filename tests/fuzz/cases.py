"""Cases: what is drawn for each face, and how it is put to skucast in a child process."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

from hypothesis import strategies as st
from skucast.agent.engines.base import EngineError
from skucast.agent.faces.http import api
from skucast.agent.faces.mcp import PRODUCTS, REPORT, mcp_server
from skucast.agent.faces.service import Service
from skucast.agent.faces.session import Quit, Session
from skucast.agent.faces.web import web
from skucast.tools.errors import InputError
from skucast.tools.files import reading

from ..test_command import run
from .bounds import Ended, Outcome, bounded
from .odd_files import ARCHIVES, BOMBS, CONTENTS, DEVICES, NO_TABLE, PATHS, Maker
from .odd_words import JSON, SECRET, odd_address, odd_sql, odd_text, request
from .places import READ, VALUE, WRITE, Place
from .shop import QUICK

FILES: dict[str, dict[str, Maker]] = {
    "paths": PATHS,
    "devices": DEVICES,
    "archives": ARCHIVES,
    "bombs": BOMBS,
    "contents": CONTENTS,
}
SCRIPT = "<script>alert(1)"
HOST = "http://127.0.0.1"
PARTS = ("A1", "B2", "f.jsonl")


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        face: what it is put to.
        kind: of oddity, for the counts.
        what: in one line, to be found again by.
        put: does it, in the child, in the folder.
        lay: puts odd files into the folder before.
        may_change: files of the folder that it may change.
        refuse: an answer would be wrong.
    """

    face: str
    kind: str
    what: str
    put: Callable[[], Ended] = field(repr=False)
    lay: Callable[[Path], None] = field(default=lambda folder: None, repr=False)
    may_change: tuple[str, ...] = ()
    refuse: bool = False


def tried(case: Case, shop: Path) -> Outcome:
    """What becomes of a case over a copy of the shop's files."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name) / "shop"
        shutil.copytree(shop, folder)
        case.lay(folder)
        own = {"HOME": str(folder.parent), "SKUCAST_CACHE": f"{name}/cache", "SKUCAST_MODELS": f"{name}/models"}
        with mock.patch.dict(os.environ, own):
            found = bounded(case.put, folder, may_change=case.may_change)
    if case.refuse and found.verdict == "fine" and not found.refused:
        return replace(found, verdict="wrong", detail="answered what cannot be used")
    return found


def command(words: tuple[str, ...], stdin: str = "") -> Ended:
    """Run `skucast WORDS` as its entry point does, and judge what it said."""
    made = run(*words, stdin=stdin)
    said = made.stdout + made.stderr
    if made.returncode not in (0, 2) or "Traceback (most recent" in said or '"kind": "fault"' in said:
        return Ended(fault=f"exit {made.returncode}: {said[-3000:]}")
    pages = [path.read_text(errors="replace") for path in Path().glob("*.htm*") if path.is_file()]
    wrong = "a secret is shown" if SECRET in said else ""
    wrong = wrong or ("a script stands in a page" if any(SCRIPT in page for page in pages) else "")
    wrong = wrong or ("exit 2 without a word" if made.returncode and not made.stderr.strip() else "")
    return Ended(refused=made.returncode == 2, wrong=wrong)


def filled(place: Place, odd: str) -> tuple[str, ...]:
    """The words of a command with something odd in them."""
    return tuple(word.replace("{odd}", odd) for word in place.words)


@st.composite
def read_case(draw: st.DrawFn) -> Case:
    """An odd file where one is read."""
    return _file_case(draw, draw(st.sampled_from(READ)), "files read")


@st.composite
def write_case(draw: st.DrawFn) -> Case:
    """An odd path where a file is written, the person's own files among them."""
    return _file_case(draw, draw(st.sampled_from(WRITE)), "files written")


def _file_case(draw: st.DrawFn, place: Place, face: str) -> Case:
    writes = place in WRITE
    sort = draw(st.sampled_from(["paths", "devices", "contents", "own"] if writes else list(FILES)))
    suffix = draw(st.sampled_from(place.suffixes))
    if sort == "own":
        name = draw(st.sampled_from(["sales.csv", "mine.csv", "mine.txt", "stock.csv", "sales.toml", "f.jsonl"]))
        ours = tuple(f"{name}{more}" for more in ("", ".run.json", ".manifest.json")) if name == "f.jsonl" else ()
        return Case(face, "own files", f"{place.name}: {name}", lambda: command(filled(place, name)), may_change=ours)
    kind = draw(st.sampled_from(sorted(FILES[sort])))
    named: list[str] = []

    def lay(folder: Path) -> None:
        named.append(FILES[sort][kind](folder, suffix))

    unusable = kind in NO_TABLE or sort == "bombs" or kind in ("gz truncated", "gz corrupt", "gz with a wrong sum")
    return Case(
        face,
        sort,
        f"{place.name}: {kind} {suffix}",
        lambda: command(filled(place, named[-1])),
        lay,
        place.may_change,
        refuse=place.table and unusable and (suffix in (".csv", ".tsv") or sort in ("bombs", "archives")),
    )


@st.composite
def value_case(draw: st.DrawFn) -> Case:
    """An odd value where a number, a name or an address is expected."""
    place = draw(st.sampled_from(VALUE))
    engine = place.name in ("--engine", "--model", "address", "address to write", "--to")
    sql = "sql" in place.name.lower()
    odd = draw(odd_address if engine else odd_sql if sql else odd_text)
    kind = "addresses" if engine else "SQL" if sql else "values"
    changes = ("ledger.duckdb", "audit.jsonl")
    return Case(
        "arguments", kind, f"{place.name}: {odd[:80]!r}", lambda: command(filled(place, odd)), may_change=changes
    )


CELLS = st.sampled_from(
    [
        "A1",
        "",
        "2024-01-07",
        "2024-01-14",
        "5",
        "-5",
        "1e308",
        "nan",
        "inf",
        "1,5",
        "1.234,5",
        "0",
        "x",
        "\ufeff",
        '"',
        "=1+1",
    ]
) | st.text(max_size=8)


@st.composite
def table_case(draw: st.DrawFn) -> Case:
    """A table of odd cells, forecast."""
    head = draw(st.sampled_from([["unique_id", "ds", "y"], ["ds", "A", "B"]]) | st.lists(CELLS, min_size=1, max_size=6))
    rows = draw(st.lists(st.lists(CELLS, max_size=6), max_size=12))
    sign = draw(st.sampled_from(",;\t|"))
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(sign.join(row) for row in [head, *rows])
    charset = draw(st.sampled_from(["utf-8", "utf-16", "latin-1", "gb18030"]))
    return Case(
        "tables",
        charset,
        text[:80].__repr__(),
        lambda: command(("forecast", "odd.csv", *QUICK, "--horizon", "2")),
        lambda folder: (folder / "odd.csv").write_bytes(text.encode(charset, "replace")) and None,
    )


RESUMED = {
    "f.jsonl": ("forecast", "sales.csv", *QUICK, "--horizon", "2", "--all", "--out", "f.jsonl"),
    "f.jsonl.run.json": ("forecast", "sales.csv", *QUICK, "--horizon", "2", "--all", "--out", "f.jsonl"),
    "f.jsonl.manifest.json": ("forecast", "sales.csv", *QUICK, "--horizon", "2", "--all", "--out", "f.jsonl"),
    "session.jsonl": ("chat", "sales.csv", *QUICK, "--router", "rules", "--json", "--session", "session.jsonl"),
    "audit.jsonl": ("publish", "f.jsonl", "--ledger", "ledger.duckdb"),
    "ledger.duckdb": ("track", "sales.csv", "--ledger", "ledger.duckdb"),
}


@st.composite
def journal_case(draw: st.DrawFn) -> Case:
    """A journal, a session, a log or a ledger that was cut or damaged, and the command that goes on with it."""
    name = draw(st.sampled_from(sorted(RESUMED)))
    how = draw(st.sampled_from(["cut", "flipped", "doubled", "line out", "another's", "zeros"]))
    at, bit = draw(st.floats(0, 1, exclude_max=True)), draw(st.integers(0, 7))
    other = draw(st.sampled_from([b"[]\n", b"null\n", b'"x"\n', b"{}\n", b'{"unique_id": "A1"}\n', b"\xff\n", b"1"]))

    def lay(folder: Path) -> None:
        path = folder / name
        was = path.read_bytes()
        place, lines = int(at * len(was)), was.splitlines(keepends=True)
        line = int(at * len(lines))
        made = {
            "cut": was[:place],
            "flipped": was[:place] + bytes([was[place] ^ (1 << bit)]) + was[place + 1 :],
            "doubled": b"".join([*lines[: line + 1], *lines[line:]]),
            "line out": b"".join([*lines[:line], *lines[line + 1 :]]),
            "another's": other,
            "zeros": was[:place] + b"\0" * 600,
        }
        path.write_bytes(made[how])

    def put() -> Ended:
        ended = command(RESUMED[name], "top sellers\n")
        if name != "f.jsonl" or ended.refused or ended.fault:
            return ended
        ids = [json.loads(line).get("unique_id") for line in Path(name).read_text().splitlines()]
        return ended if how == "flipped" or sorted(ids) == ["A1", "B2"] else replace(ended, wrong=f"series {ids}")

    return Case("journals", how, f"{name} at {at:.3f}", put, lay, tuple(PARTS[2:]) + tuple(RESUMED))


def talk_case(service: Service) -> st.SearchStrategy[Case]:
    """A few turns of a conversation."""

    def made(turns: list[str]) -> Case:
        def put() -> Ended:
            session = Session(service.desk.fresh(), service.caller, reads=reading(Path("sales.csv"), Path("stock.csv")))
            refused = False
            for turn in turns:
                try:
                    session.answer(turn)
                except Quit:
                    break
                except (InputError, EngineError) as error:
                    refused |= bool(str(error))
            return Ended(refused=refused)

        return Case("chat", f"{len(turns)} turns", " / ".join(turn[:60] for turn in turns).__repr__(), put)

    return st.lists(request(), min_size=1, max_size=3).map(made)


@st.composite
def _arguments(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a tool: each of its fields left out, usual or odd."""
    usual = st.sampled_from(["A1", "B2", "2w", "2024-07-28", 5, 95, True, ["A1"], "category"])
    fields = draw(st.lists(st.sampled_from(sorted(schema.get("properties", {"x": 0}))), unique=True, max_size=5))
    return {name: draw(usual | odd_text | JSON) for name in fields}


def _tool(service: Service) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    known = service.tools()
    return st.sampled_from(sorted(known)).flatmap(
        lambda name: st.tuples(st.just(name), _arguments(known[name]["inputSchema"]))
    )


def http_case(service: Service) -> st.SearchStrategy[Case]:
    """A request to the HTTP API: right and wrong paths, bodies and headers."""
    texts = st.sampled_from(
        [
            *(
                b"",
                b"{",
                b"null",
                b"[]",
                b'{"request": "forecast A1 \\ud800"}',
                b"\xff\xfe",
                b"[" * 50_000,
                b'{"a":' * 50_000,
            ),
            *(b'{"request": ' + b"9" * 5000 + b"}", b'{"unique_ids": [' + b'"A1",' * 2000 + b'"A1"]}', b"NaN"),
            b'{"request": "' + b"9" * 100_000 + b'"}',
        ]
    )
    bodies: st.SearchStrategy[tuple[str, Any]] = st.one_of(
        st.tuples(
            st.just("/v1/forecast"),
            st.fixed_dictionaries(
                {"unique_ids": st.lists(st.just("A1") | odd_text)}, optional={"horizon": odd_text | JSON}
            ),
        ),
        st.tuples(
            st.just("/v1/ask"),
            st.fixed_dictionaries({"request": request()}, optional={"lang": odd_text, "conversation": odd_text}),
        ),
        _tool(service).map(lambda call: (f"/v1/tools/{call[0]}", {"arguments": call[1]})),
        st.tuples(
            st.sampled_from(["/v1/forecast", "/v1/ask", "/v1/tools/forecast", "/v1/jobs", "/none", "/v1/tools/%00"]),
            JSON | texts,
        ),
    )

    def made(sent: tuple[str, Any]) -> Case:
        path, body = sent

        def put() -> Ended:
            from starlette.testclient import TestClient

            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            got = TestClient(api(service)).post(path, content=content, headers={"content-type": "application/json"})
            steps = got.json().get("exchange", {}).get("steps", []) if path == "/v1/ask" else []
            fault = "".join(step["text"] for step in steps if step["kind"] == "fault")
            return Ended(refused=got.status_code >= 400, fault=fault or (got.text if got.status_code == 500 else ""))

        return Case("HTTP", path.split("/")[2] if path.count("/") > 1 else "none", f"{path} {body!r}"[:160], put)

    return bodies.map(made)


def web_case(service: Service) -> st.SearchStrategy[Case]:
    """A page of the web with odd words in its address or form."""
    pages = sorted(
        (route.path, sorted(route.methods)[0]) for route in web(service).routes if getattr(route, "methods", None)
    )
    names = ("q", "lang", "page", "sort", "by", "product", "horizon", "cutoff", "price", "request", "quantity", "next")

    def made(page: tuple[str, str], odd: str, fields: dict[str, str]) -> Case:
        path, method = page

        def put() -> Ended:
            from starlette.testclient import TestClient

            at = "/".join(
                quote(odd, safe="", errors="replace") if part.startswith("{") else part for part in path.split("/")
            )
            clean = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
            with TestClient(web(service, hosts=("127.0.0.1",)), base_url=HOST) as client:  # one loop for all its work
                got = client.get(at, params=clean) if method != "POST" else client.post(at, data=clean)
            return Ended(
                refused=got.status_code >= 400,
                fault=got.text[:2000] if got.status_code == 500 else "",
                wrong="a script stands in a page" if SCRIPT in got.text else "",
            )

        return Case("web", path, f"{method} {path} {odd[:40]!r} {fields!r}"[:160], put)

    odd = odd_text.filter(lambda text: text not in (".", "..") and len(text) < 3000)
    return st.builds(made, st.sampled_from(pages), odd, st.dictionaries(st.sampled_from(names), odd, max_size=3))


def mcp_case(service: Service) -> st.SearchStrategy[Case]:
    """A call of a tool, or a resource asked for, over MCP."""
    uris = (odd_text | st.sampled_from(["", "A1", "%00", "../x"])).map(
        lambda text: REPORT + quote(text, errors="replace")
    )

    def made(call: tuple[str, dict[str, Any]] | str) -> Case:
        def put() -> Ended:
            from mcp import Client
            from mcp.shared.exceptions import MCPError

            async def ask() -> Ended:
                async with Client(mcp_server(service)) as client:
                    try:
                        if isinstance(call, str):
                            await client.read_resource(call)
                            return Ended()
                        got = await client.call_tool(call[0], json.loads(json.dumps(call[1])))
                    except MCPError as error:
                        return Ended(refused=True, fault=str(error) if error.error.code == -32603 else "")
                    return Ended(refused=bool(got.is_error))

            return asyncio.run(ask())

        what = call if isinstance(call, str) else f"{call[0]} {call[1]!r}"
        return Case("MCP", "resource" if isinstance(call, str) else "tool", what[:160], put)

    return (_tool(service) | uris | st.just(PRODUCTS)).map(made)
