"""Notes: dated documents on the market (news, reviews, campaigns, memos), read from CSV, JSONL, Markdown and HTML."""

import csv
import datetime
import hashlib
import importlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InputError
from ..inputs import TEXT, check_file, home_of, read_bytes

MAX_TEXT = 100_000  # characters of one note: a book is no note, and one vector cannot say what is in it
SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".md", ".markdown", ".html", ".htm")
EXPECTED_DATE = "expected YYYY-MM-DD, with or without a time"
# What other people call the fields; the first one that is filled in is taken.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "note_id", "doc_id"),
    "ds": ("ds", "date", "published", "published_at", "timestamp", "日期", "发布日期"),
    "title": ("title", "headline", "subject", "标题"),
    "text": ("text", "body", "content", "note", "review", "description", "summary", "正文", "内容"),
    "product": ("product", "unique_id", "sku", "product_id", "item_id", "商品", "产品"),
    "category": ("category", "product_category", "品类", "类别"),
    "region": ("region", "area", "地区", "区域"),
    "source": ("source", "publisher", "url", "来源"),
}
# Year first only: 03/04/2017 is a day in March to some and in April to others.
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(.*)")
ZONE = re.compile(r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?")
UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|^ {0,3}\[//\]: *#[^\n]*|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.S | re.M | re.I
)
DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]?(.*)")

Moment = str | datetime.date | pd.Timestamp


def moment(value: Moment, what: str = "date") -> pd.Timestamp:
    """A date or time as a Timestamp without a zone: a date is its midnight, a time with a zone is taken as it stands.

    Args:
        value: text with the year first (2017-03-01, 2017/3/1, 2017年3月1日, each with or without a time), or a date.
        what: what it is, for the message.

    Raises:
        InputError: it is no such date.
    """
    wrong = InputError(f"{what} {str(value)[:40]!r}: {EXPECTED_DATE}")
    text = value.strip() if isinstance(value, str) else value.isoformat() if isinstance(value, datetime.date) else ""
    found = DATE.fullmatch(text)
    if found is None or ZONE.fullmatch(found[5]) is None:
        raise wrong
    try:
        day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
        time = datetime.time.fromisoformat((found[4] or "00:00").zfill(5))
        return pd.Timestamp(datetime.datetime.combine(day, time)).as_unit("us")
    except ValueError:
        raise wrong from None


@dataclass(frozen=True, kw_only=True)
class Note:
    """One document, and what it is about.

    Attributes:
        ds: when it became known to the public: nothing before that may see it.
        title: one line; may be empty.
        text: what it says; title or text must be there.
        product: the unique_id it is about; None is of no product in particular.
        category: the category it is about; None is of none in particular.
        region: where it holds; None is everywhere.
        source: where it came from.
        id: the source's own id, under which a later version replaces an earlier one; left out, the digest's start.

    Raises:
        InputError: it says nothing, is too long, or has no date.
    """

    ds: pd.Timestamp
    title: str = ""
    text: str = ""
    product: str | None = None
    category: str | None = None
    region: str | None = None
    source: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ds", moment(self.ds))
        for name in ("title", "text", "source", "id"):
            object.__setattr__(self, name, _encodable(getattr(self, name)))
        object.__setattr__(self, "title", " ".join(self.title.split()))
        for name in ("product", "category", "region"):
            object.__setattr__(self, name, _encodable(getattr(self, name) or "") or None)
        if not self.title and not self.text:
            raise InputError("a note without title and text; expected either")
        if len(self.title) + len(self.text) > MAX_TEXT:
            raise InputError(f"a note of {len(self.title) + len(self.text)} characters; expected at most {MAX_TEXT}")
        if not self.id:
            object.__setattr__(self, "id", self._hash()[:16])

    @cached_property
    def digest(self) -> str:
        """sha256 of all that it says: two notes of one digest are one note."""
        return self._hash()

    def _hash(self) -> str:
        fields = [self.ds.isoformat(), self.title, self.text, self.product, self.category, self.region, self.source]
        return hashlib.sha256(json.dumps([*fields, self.id]).encode()).hexdigest()


def read_notes(path: str | Path) -> list[Note]:
    """The notes of a file or of a folder of files, by name.

    CSV and JSONL hold a note a row, in the columns of `FIELDS`; others are ignored. Markdown and HTML hold one note:
    Markdown's fields stand in a YAML front matter, HTML's in `<title>`, `<meta>` and `<time>`; without a date there, a
    file name such as `2017-03-01-recall.md` gives it. A file's own date is never taken: copying changes it.

    Raises:
        InputError: no such file, an unknown kind, or the first thing wrong, with its line.
    """
    path = home_of(path)
    if path.is_dir():
        inside = (file.relative_to(path) for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
        files = sorted(file for file in inside if not any(part.startswith(".") for part in file.parts))
        if not files:
            raise InputError(f"{path}: no notes in this folder; expected files of {', '.join(SUFFIXES)}")
        return [note for file in files for note in read_notes(path / file)]
    if not path.exists():
        raise InputError(f"{path}: no such file")
    check_file(path, most=TEXT)
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(f"{path}: unknown kind of file {kind!r}; expected a folder or one of {', '.join(SUFFIXES)}")
    text = _decoded(path)
    if kind in (".csv", ".tsv"):
        rows = _csv_rows(text)
    elif kind in (".jsonl", ".ndjson"):
        rows = _json_rows(text)
    else:
        rows = _page_rows(text, path, html=kind in (".html", ".htm"))
    notes, where = [], ""
    try:
        for where, fields in rows:  # noqa: B007
            notes.append(_note(fields, path.name))
    except InputError as error:
        raise InputError(f"{path}{where and ' '}{where}: {error}") from None
    except _LineError as error:
        raise InputError(f"{path} {error}") from None
    if not notes:
        raise InputError(f"{path}: no notes in it")
    return notes


class _LineError(Exception):
    """What is wrong with a file, and in which line, before there are fields."""


def _encodable(text: str) -> str:
    """Without lone surrogates, which JSON can spell and no file can hold, and without NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()


def _decoded(path: Path) -> str:
    content = read_bytes(path, most=TEXT)
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: not text; expected UTF-8 or GB 18030")


def _note(fields: Mapping[str, Any], source: str) -> Note:
    lower = {str(name).strip().lower(): value for name, value in fields.items()}
    found: dict[str, str] = {}
    for field, names in FIELDS.items():
        for name in names:
            value = lower.get(name)
            if isinstance(value, (list, dict, bool)):
                raise InputError(f"{name} {str(value)[:40]}: expected text")
            if value is not None and str(value).strip():
                found[field] = str(value)
                break
    if "ds" not in found:
        raise InputError(f"no date; expected one of {', '.join(FIELDS['ds'][:5])}")
    ds = moment(found.pop("ds"))
    return Note(ds=ds, **({"source": source} | found))


def _csv_rows(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    header = text.partition("\n")[0]
    delimiter = max(",\t;", key=header.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = {str(name).strip().lower() for name in rows.fieldnames or []}
        for field in ("ds", "text"):
            if not names & {*FIELDS[field], *(FIELDS["title"] if field == "text" else ())}:
                raise _LineError(f"line 1: no column of {field}; expected one of {', '.join(FIELDS[field][:5])}")
        for row in rows:
            if None in row:
                raise _LineError(f"line {rows.line_num}: more fields than the header has")
            yield f"line {rows.line_num}", row
    except csv.Error as error:
        raise _LineError(f"line {rows.reader.line_num}: {error}") from None


def _json_rows(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _LineError(f"line {number}: not JSON: {str(error)[:80]}") from None
        if not isinstance(row, dict):
            raise _LineError(f"line {number}: expected an object of fields, got {type(row).__name__}")
        yield f"line {number}", row


def _page_rows(text: str, path: Path, *, html: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    fields = _html_fields(text) if html else _markdown_fields(text)
    dated = DATED_NAME.match(path.stem)
    if dated and not any(str(fields.get(name, "")).strip() for name in FIELDS["ds"]):
        fields["ds"] = dated[1]
    if not str(fields.get("title", "")).strip():
        fields["title"] = re.sub(r"[-_]+", " ", dated[2] if dated else path.stem)
    yield "", fields


def _markdown_fields(text: str) -> dict[str, Any]:
    front = re.match(r"---[ \t]*\r?\n(.*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    fields: dict[str, Any] = {}
    body = text
    if front:
        yaml: Any = importlib.import_module("yaml")
        try:
            read = yaml.load(front[1], Loader=yaml.BaseLoader)  # text only: SKU 0012 keeps its zeros
        except (yaml.YAMLError, RecursionError) as error:
            raise InputError(f"front matter: not YAML: {str(error)[:120]}") from None
        if read and not isinstance(read, dict):
            raise InputError("front matter: expected lines of `field: value`")
        fields, body = {str(name).lower(): value for name, value in (read or {}).items()}, text[front.end() :]
    heading = re.match(r"\s*#\s+(.+)", body)
    if heading and "title" not in fields:
        fields["title"], body = heading[1], body[heading.end() :]
    fields["text"] = UNSEEN.sub("", body)
    return fields


def _html_fields(text: str) -> dict[str, Any]:
    page = _Page()
    page.feed(text)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.body).split("\n"))
    title = page.meta.get("title") or "".join(page.title)
    return page.meta | {"title": title, "text": "\n".join(line for line in lines if line)}


class _Page(HTMLParser):
    """The words of a page that a person would see; what is hidden from people is not for a model either."""

    SILENT = ("script", "style", "template", "noscript", "svg", "nav", "iframe", "select")
    VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
    LOOSE = ("p", "li", "td", "th", "tr", "dt", "dd", "option")  # may be left open
    INLINE = ("a", "abbr", "b", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "time", "u")
    HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])")
    META = ("article:published_time", "date", "dc.date", "datepublished", "pubdate")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, Any] = {}
        self.title: list[str] = []
        self.body: list[str] = []
        self._open: list[str] = []  # elements around, from the outermost that is silent
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("content"):
            name = (given.get("name") or given.get("property") or given.get("itemprop") or "").lower()
            self.meta.setdefault("ds" if name in self.META else name, given["content"])
        if tag == "time" and given.get("datetime"):
            self.meta.setdefault("date", given["datetime"])
        self._in_title |= tag == "title" and not self._open
        silent = tag in self.SILENT or "hidden" in given or bool(self.HIDDEN.search(given.get("style", "").lower()))
        if tag not in self.VOID and (self._open or silent):
            self._open.append(tag)
        if not self._open:
            self.body.append("" if tag in self.INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._in_title &= tag != "title"
        if tag in self._open:
            # An element left open inside ends with the one around it; anything else is closed out of turn.
            while self._open[-1] != tag and self._open[-1] in self.LOOSE:
                self._open.pop()
            if self._open[-1] == tag:
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._open:
            self.body.append(data)
