"""The index of notes: keyword and embedding search over what was known as of a date, filtered by product and place.

Nothing published later can come back or weigh in: the store gives only what was known as of the date, and the counts
behind a keyword's weight are of those notes alone. Notes and vectors lie in one DuckDB file: it is here already, its
`array_cosine_similarity` over ten thousand notes takes milliseconds, and a vector database such as LanceDB would be a
wheel of 75 MB more for an index that only millions of notes need. Another store needs the six methods of `NoteStore`.
"""

import importlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import InputError
from .notes import Moment, Note, moment
from .words import terms

Vectors = npt.NDArray[np.float32]
Embedder = Callable[[Sequence[str]], Vectors]

SIZE = 256  # of a vector
EMBEDDED = 2000  # characters of a note that its vector is made of: a mean over more says little
LIKE = 0.25  # cosine from which a note without a word of the query is an answer; below, static vectors are noise
RANK = 60  # of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)
FRESH = 0.5  # weight of being new, where keywords and likeness have 1: of two campaigns the running one is meant
KEPT = 4  # dates whose word counts are kept
MOST = 100
COLUMNS = "ds, title, text, product, category, region, source, id"
TABLE = f"""
create table if not exists notes (
    digest varchar primary key, ds timestamp not null, title varchar, text varchar, product varchar, category varchar,
    region varchar, source varchar, id varchar, added bigint, embedding float[{SIZE}]
)
"""


class NoteStore(Protocol):
    """Where notes and their vectors lie. Every question but `has` and `version` says as of when."""

    def version(self) -> int:
        """A number that changes when notes are added."""

    def has(self, digests: Sequence[str]) -> set[str]:
        """Those of these notes that are there."""

    def add(self, notes: Sequence[Note], vectors: Vectors) -> None:
        """Keep notes that are not there yet, and their vectors, `[N, 256]`."""

    def known(self, as_of: pd.Timestamp) -> list[Note]:
        """Notes published up to then, the oldest first; of one moment, in the order they were added."""

    def likeness(self, vector: Vectors, as_of: pd.Timestamp) -> dict[str, float]:
        """Cosine with this vector, `[256]`, by digest, of the notes published up to then."""


@dataclass(frozen=True)
class Found:
    """A note that answers a query.

    Attributes:
        note: the note.
        score: of reciprocal rank fusion; comparable within one search and tier only.
        tier: 0 is of the product asked for, 1 of its category, 2 of none in particular. With a category alone, 0 is of
            it, 1 of its products, 2 of none; with neither, all are 0.
        likeness: cosine of its vector with the query's; 0 where it has none.
        keyword: BM25 score; 0 where no word of the query is in it.
    """

    note: Note
    score: float
    tier: int
    likeness: float
    keyword: float


class NoteIndex:
    """Search over a store of notes. Made by `open_notes`."""

    def __init__(self, store: NoteStore, embed: Embedder | None = None) -> None:
        self.store = store
        self._embed = embed or embed_texts
        self._keywords: OrderedDict[tuple[int, pd.Timestamp], _Keywords] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, notes: Sequence[Note]) -> int:
        """Add notes, and say how many are new: a note that is there already is not added again."""
        once = {note.digest: note for note in notes}
        there = self.store.has(list(once))
        new = [note for digest, note in once.items() if digest not in there]
        if new:
            self.store.add(new, self._embed([_text_of(note)[:EMBEDDED] for note in new]))
        return len(new)

    def search(
        self,
        query: str,
        *,
        as_of: Moment,
        product: str | None = None,
        category: str | None = None,
        region: str | None = None,
        k: int = 5,
    ) -> list[Found]:
        """The notes that answer a query best, of those published up to `as_of`.

        With a product: its own notes first, then those of its category, then those of no product and category at all
        (never those of other products). Its category is that given, or that of its newest note. With a category alone:
        its notes, then its products', then those of none. With a region: its notes and those of no region. Of several
        versions under one id, only the newest known counts. An answer shares a word with the query or is like it.

        Args:
            query: words, in English or Chinese.
            as_of: a date (its midnight) or a time; what was published later is not looked at.
            product: unique_id.
            category: as the notes name it, in any case.
            region: likewise.
            k: at most how many.

        Raises:
            InputError: no words, no date, or k is not 1 to 100.
        """
        if not query.strip():
            raise InputError("query: expected words to look for, got none")
        words, tiers = self._candidates(as_of, product, category, region, k)
        keyword = words.scores(query)
        likeness = self.store.likeness(self._embed([query[:EMBEDDED]])[0], words.as_of)
        scores = dict.fromkeys(tiers, 0.0)
        alike = {i: round(likeness.get(words.notes[i].digest, 0.0), 6) for i in tiers}
        matching = {i: keyword[i] for i in tiers if keyword[i] > 0}
        similar = {i: like for i, like in alike.items() if like >= LIKE or i in matching}
        age = {i: float(words.notes[i].ds.value) for i in matching | similar}
        for measure, weight in ((matching, 1.0), (similar, 1.0), (age, FRESH)):
            for rank, i in enumerate(sorted(measure, key=lambda i: (-measure[i], *words.newest(i))), 1):
                scores[i] += weight / (RANK + rank)
        best = sorted((i for i in tiers if scores[i] > 0), key=lambda i: (tiers[i], -scores[i], *words.newest(i)))
        return [Found(words.notes[i], scores[i], tiers[i], alike[i], keyword[i]) for i in best[:k]]

    def latest(
        self,
        *,
        as_of: Moment,
        product: str | None = None,
        category: str | None = None,
        region: str | None = None,
        names: Sequence[str] = (),
        k: int = 5,
    ) -> list[Found]:
        """The newest notes as of then, without a query; candidates and their order of tiers are those of `search`.

        With names of the product, notes of no product and category count where they say all the words of one of them.
        """
        words, tiers = self._candidates(as_of, product, category, region, k)
        if called := [name for name in ({term for term in terms(name) if len(term) > 1} for name in names) if name]:
            own_terms = {i: {*terms(_text_of(words.notes[i]))} for i, tier in tiers.items() if tier == 2}
            tiers = {i: tier for i, tier in tiers.items() if tier < 2 or any(name <= own_terms[i] for name in called)}
        best = sorted(tiers, key=lambda i: (tiers[i], *words.newest(i)))
        return [Found(words.notes[i], 0.0, tiers[i], 0.0, 0.0) for i in best[:k]]

    def _candidates(
        self, as_of: Moment, product: str | None, category: str | None, region: str | None, k: int
    ) -> tuple["_Keywords", dict[int, int]]:
        """The word counts as of then, and the tier of each note, by its place there, that may be an answer."""
        if not 1 <= k <= MOST:
            raise InputError(f"k {k}: expected 1 to {MOST}")
        at = moment(as_of, "as_of")
        words = self._as_of(at)
        wanted, place = _folded(category), _folded(region)
        if product is not None and not wanted:
            own = (_folded(note.category) for note in reversed(words.notes) if note.product == product)
            wanted = next((name for name in own if name), "")
        tiers = {}
        for i, note in enumerate(words.notes):
            if place and note.region and _folded(note.region) != place:
                continue
            tier = _tier(note, product, wanted)
            if tier is not None:
                tiers[i] = tier
        return words, tiers

    def _as_of(self, at: pd.Timestamp) -> "_Keywords":
        key = (self.store.version(), at)
        with self._lock:
            if key not in self._keywords:
                self._keywords[key] = _Keywords(at, self.store.known(at))
            self._keywords.move_to_end(key)
            while len(self._keywords) > KEPT:
                self._keywords.popitem(last=False)
            return self._keywords[key]


def open_notes(path: str | Path | None = None) -> NoteIndex:
    """The index in a DuckDB file, which is made with the first notes; in memory where there is no path.

    Raises:
        InputError: the folder is not there, or the file is something else or in use by another process.
    """
    return NoteIndex(DuckDBStore(path))


class DuckDBStore:
    """Notes in a DuckDB file, opened for each question only, so that several processes can share it; or in memory."""

    _files = threading.RLock()  # one process may not open a file for reading and for writing at once

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = None if path is None else Path(path).expanduser()
        self._memory = duckdb.connect() if path is None else None
        if self._memory is not None:
            self._memory.execute(TABLE)
        elif self._path is not None and self._path.exists():
            self.version()
        elif self._path is not None and not self._path.parent.is_dir():
            raise InputError(f"{self._path}: no folder {self._path.parent}")

    def version(self) -> int:
        """How many notes there are: none is ever taken away."""
        return int(self._rows("select count(*) from notes", [])[0][0]) if self._there() else 0

    def has(self, digests: Sequence[str]) -> set[str]:
        """Those of these notes that are there."""
        rows = self._rows("select digest from notes where list_contains($1, digest)", [list(digests)])
        return {str(row[0]) for row in rows}

    def add(self, notes: Sequence[Note], vectors: Vectors) -> None:
        """Keep notes, all or none; one that another process has added meanwhile stays as it is."""
        rows = [
            [n.digest, n.ds.to_pydatetime(), n.title, n.text, n.product, n.category, n.region, n.source, n.id]
            for n in notes
        ]
        names = ["digest", *COLUMNS.split(", ")]
        frame = pd.DataFrame(rows, columns=names).astype({name: object for name in names if name != "ds"})
        frame["place"] = np.arange(len(notes))
        frame["embedding"] = list(vectors.astype(np.float32))
        with self._open(write=True) as con:
            con.register("coming", frame)
            con.execute(
                f"insert or ignore into notes select digest, {COLUMNS}, place + (select count(*) from notes), "
                f"embedding::float[{SIZE}] from coming order by place"
            )
            con.unregister("coming")

    def known(self, as_of: pd.Timestamp) -> list[Note]:
        """Notes published up to then, the oldest first."""
        rows = self._rows(f"select {COLUMNS} from notes where ds <= $1 order by ds, added, digest", [as_of])
        names = COLUMNS.split(", ")
        return [Note(**dict(zip(names, row, strict=True))) for row in rows]

    def likeness(self, vector: Vectors, as_of: pd.Timestamp) -> dict[str, float]:
        """Cosine of each note published up to then."""
        if not vector.any():
            return {}
        measure = f"array_cosine_similarity(embedding, $1::float[{SIZE}])"
        rows = self._rows(f"select digest, {measure} from notes where ds <= $2", [vector.tolist(), as_of])
        return {str(digest): float(like) for digest, like in rows if like is not None and np.isfinite(like)}

    def _there(self) -> bool:
        return self._path is None or self._path.exists()

    def _rows(self, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        if not self._there():
            return []
        given = [value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in values]
        with self._open(write=False) as con:
            return list(con.execute(sql, given).fetchall())

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._files:
            if self._memory is not None:
                yield self._memory
                return
            try:
                con = duckdb.connect(str(self._path), read_only=not write)
                try:
                    if write:
                        con.execute(TABLE)
                    yield con
                finally:
                    con.close()
            except duckdb.Error as error:
                first = next(iter(str(error).splitlines()), "")[:200]
                busy = "lock" in first.lower()
                raise InputError(
                    f"{self._path}: {'in use by another process' if busy else f'not an index of notes: {first}'}"
                ) from None


class _Keywords:
    """BM25 over the notes of one date. Its counts are of these notes only."""

    def __init__(self, as_of: pd.Timestamp, notes: Sequence[Note]) -> None:
        newest = {note.id: i for i, note in enumerate(notes)}  # a later version takes the place of an earlier one
        self.as_of = as_of
        self.notes = [note for i, note in enumerate(notes) if newest[note.id] == i]
        self._model: Any = None

    def newest(self, i: int) -> tuple[int, str]:
        """A key that puts the newest first; of one moment, whatever order they were added in, always the same."""
        return -self.notes[i].ds.value, self.notes[i].digest

    def scores(self, query: str) -> list[float]:
        """BM25 of each note, `[N]`."""
        if self._model is None:
            self._model = _bm25([terms(f"{_text_of(note)}\n{note.product or ''}") for note in self.notes])
        asked = [term for term in dict.fromkeys(terms(query)) if term in self._model.vocab_dict] if self._model else []
        return [float(score) for score in self._model.get_scores(asked)] if asked else [0.0] * len(self.notes)


def _bm25(corpus: list[list[str]]) -> Any:
    if not any(corpus):
        return False
    bm25s = _quietly("bm25s")
    model = bm25s.BM25(method="lucene", backend="numpy")
    model.index(corpus, show_progress=False)
    return model


def embed_texts(texts: Sequence[str]) -> Vectors:
    """WordLlama's static vectors of texts, unit length or zero, `[N, 256]`; weights from the wheel, no network.

    Without the package (`pip install 'skucast[notes]'`; NOTICE says why it is apart) all are zero, and like nothing:
    the keywords alone search.

    They were trained on English. Chinese characters that the vocabulary holds count, the rest is noise: for Chinese
    the keywords carry the search.
    """
    try:
        found: Vectors = np.asarray(_wordllama().embed(list(texts)), dtype=np.float32)
    except ImportError:
        return np.zeros((len(texts), SIZE), dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(lengths, 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def _wordllama() -> Any:
    package = _quietly("wordllama")
    # The wheel keeps the tokenizer where only a cache is looked for: the package's own folder is named as the cache.
    return package.WordLlama.load(cache_dir=Path(package.__file__).parent, disable_download=True)


def _quietly(name: str) -> Any:
    """Import a package that sets up logging for the whole process, and undo that."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        package = importlib.import_module(name)
        logging.getLogger(name).setLevel(logging.WARNING)
        return package
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers


def _text_of(note: Note) -> str:
    return "\n".join(part for part in (note.title, note.text, note.category) if part)


def _folded(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def _tier(note: Note, product: str | None, category: str) -> int | None:
    """How near a note is to what was asked for; None where it is about something else."""
    of_none = note.product is None and note.category is None
    of_category = bool(category) and _folded(note.category) == category
    if product is not None:
        if note.product == product:
            return 0
        return 1 if of_category and note.product is None else 2 if of_none else None
    if category:
        return int(note.product is not None) if of_category else 2 if of_none else None
    return 0
