"""The index of notes: nothing later than the as-of date comes back or weighs in; filters, tiers, one note once."""

import logging
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.errors import InputError
from skucast.tools.text.index import NoteIndex, Vectors, embed_texts, open_notes
from skucast.tools.text.notes import Note
from skucast.tools.text.words import terms

DAY = pd.Timestamp("2017-05-01")
WORDS = ["cheese", "coupon", "mailer", "recall", "price", "heat", "酸奶", "促销"]


def note(text: str, day: int = 0, **about: str) -> Note:
    return Note(ds=DAY + pd.Timedelta(days=day), text=text, **about)


def letters(texts: Sequence[str]) -> Vectors:
    """Vectors of how often each character is in the text: quick, and nothing else moves them."""
    found = np.zeros((len(texts), 256), dtype=np.float32)
    for row, text in enumerate(texts):
        for character in text:
            found[row, ord(character) % 256] += 1
    return found


def index(notes: Sequence[Note]) -> NoteIndex:
    made = NoteIndex(open_notes().store, letters)
    made.add(notes)
    return made


def texts(found: Sequence[object]) -> list[str]:
    return [hit.note.text for hit in found]  # type: ignore[attr-defined]


notes_of = st.lists(
    st.builds(
        note,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
        st.integers(-5, 5),
        product=st.sampled_from(["", "1", "2"]),
        category=st.sampled_from(["", "dairy", "tea"]),
        region=st.sampled_from(["", "north", "south"]),
        id=st.sampled_from(["", "", "a", "b"]),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    notes=notes_of,
    query=st.sampled_from(WORDS),
    product=st.sampled_from([None, "1"]),
    category=st.sampled_from([None, "Dairy"]),
    region=st.sampled_from([None, "north"]),
)
def test_later_notes_neither_come_back_nor_weigh_in(
    notes: list[Note], query: str, product: str | None, category: str | None, region: str | None
) -> None:
    asked = {"as_of": DAY, "product": product, "category": category, "region": region, "k": 20}
    known = [one for one in notes if one.ds <= DAY]
    all_of_them, only_known = index(notes), index(known)
    found = all_of_them.search(query, **asked)  # type: ignore[arg-type]
    assert found == only_known.search(query, **asked)  # type: ignore[arg-type]
    assert all_of_them.latest(**asked) == only_known.latest(**asked)  # type: ignore[arg-type]
    assert {hit.note.digest for hit in found} <= {one.digest for one in known}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(early=notes_of, late=notes_of)
def test_adding_later_notes_changes_nothing(early: list[Note], late: list[Note]) -> None:
    made = index([one for one in early if one.ds <= DAY])
    before = made.search("cheese coupon", as_of=DAY, k=20)
    made.add([one for one in late if one.ds > DAY])
    assert made.search("cheese coupon", as_of=DAY, k=20) == before


def test_as_of_is_mandatory_and_to_the_moment() -> None:
    made = index([Note(ds=DAY + pd.Timedelta("15h"), text="price cut"), note("price rise")])
    with pytest.raises(TypeError):
        made.search("price")  # type: ignore[call-arg]
    with pytest.raises(InputError, match="as_of 'None'"):
        made.search("price", as_of=None)  # type: ignore[arg-type]
    assert texts(made.search("price", as_of="2017-05-01")) == ["price rise"]
    assert texts(made.search("price", as_of="2017-05-01 14:59")) == ["price rise"]
    assert set(texts(made.search("price", as_of="2017-05-01 15:00"))) == {"price rise", "price cut"}
    assert made.search("price", as_of="2017-04-30") == []


def test_keywords_are_bm25_as_of_the_date() -> None:
    """Lucene's BM25 (k1 1.5, b 0.75) by hand; a later note with the word would lower its weight."""
    said = ["cheese coupon", "mailer cheese price heat", "recall"]
    made = index([*(note(text) for text in said), *(note(f"coupon {i}", day=1) for i in range(5))])
    found = {hit.note.text: hit.keyword for hit in made.search("coupons of cheese", as_of=DAY)}
    corpus = [Counter(terms(text)) for text in said]
    mean = sum(map(Counter.total, corpus)) / 3
    for text, counts in zip(said[:2], corpus, strict=False):
        expected = 0.0
        for term in ("coupon", "cheese"):
            n = sum(term in other for other in corpus)
            idf = math.log(1 + (3 - n + 0.5) / (n + 0.5))
            expected += idf * counts[term] / (counts[term] + 1.5 * (0.25 + 0.75 * counts.total() / mean))
        assert found[text] == pytest.approx(expected, rel=1e-5)


def test_ranks_are_fused() -> None:
    made = index([note("cheese"), note("coupon cheese", day=-1), note("zzz")])
    first, second = made.search("cheese", as_of=DAY)
    assert (first.note.text, first.likeness) == ("cheese", 1.0)
    assert first.score == pytest.approx(2.5 / 61)  # first by keyword, by likeness and by date, which weighs half
    assert second.score == pytest.approx(2.5 / 62)


def test_a_product_brings_its_own_then_its_category_then_the_market() -> None:
    made = index(
        [
            note("coupon for one", product="1", category="Dairy"),
            note("coupon of another", product="2", category="dairy"),
            note("coupon for dairy", category="dairy"),
            note("coupon for tea", category="tea"),
            note("coupon coupon coupon"),
            note("coupon bare", product="3"),
        ]
    )
    own = ["coupon for one", "coupon for dairy", "coupon coupon coupon"]
    found = made.search("coupon", as_of=DAY, product="1")
    assert (texts(found), [hit.tier for hit in found]) == (own, [0, 1, 2])
    assert texts(made.search("coupon", as_of=DAY, product="9", category="DAIRY")) == own[1:]
    assert texts(made.search("coupon", as_of=DAY, product="3")) == ["coupon bare", own[2]]
    found = made.search("coupon", as_of=DAY, category="dairy", k=9)
    assert [hit.tier for hit in found] == [0, 1, 1, 2]
    assert texts(found)[::3] == ["coupon for dairy", "coupon coupon coupon"]
    assert len(made.search("coupon", as_of=DAY, k=9)) == 6


def test_a_category_learned_later_is_not_known_before() -> None:
    made = index([note("price", product="1"), note("price", category="tea"), note("x", 1, product="1", category="tea")])
    assert len(made.search("price", as_of=DAY, product="1")) == 1
    assert len(made.search("price", as_of="2017-05-02", product="1")) == 2


def test_regions() -> None:
    made = index([note("heat", region="North"), note("heat heat", region="south"), note("heat everywhere")])
    assert set(texts(made.search("heat", as_of=DAY, region="north"))) == {"heat", "heat everywhere"}


def test_a_later_version_takes_the_place_of_an_earlier_one_from_its_day_on() -> None:
    made = index([note("recall of spinach", id="7"), note("recall lifted", day=2, id="7")])
    assert texts(made.search("recall", as_of=DAY)) == ["recall of spinach"]
    assert texts(made.search("recall", as_of="2017-05-03")) == ["recall lifted"]


def test_newest_first_without_a_query() -> None:
    made = index([note("a", product="1"), note("b", 1, product="1"), note("c", 2, product="1"), note("d", 2)])
    assert texts(made.latest(as_of="2017-05-02", product="1", k=2)) == ["b", "a"]
    assert texts(made.latest(as_of="2017-05-09", product="1")) == ["c", "b", "a", "d"]


def test_the_latest_of_a_product_leaves_out_what_does_not_name_it() -> None:
    made = index([note("Oat milks recalled", -3), note("Milk is dear", -2), note("mine", -9, product="7"), note("tea")])
    names = ["oat milk", "7", ""]
    assert texts(made.latest(as_of=DAY, product="7", names=names)) == ["mine", "Oat milks recalled"]
    assert texts(made.latest(as_of=DAY, product="7")) == ["mine", "tea", "Milk is dear", "Oat milks recalled"]


def test_bad_requests_in_one_line(tmp_path: Path) -> None:
    made = index([note("a")])
    with pytest.raises(InputError, match="query: expected words"):
        made.search(" ", as_of=DAY)
    for k in (0, 101):
        with pytest.raises(InputError, match=f"k {k}: expected 1 to 100"):
            made.search("a", as_of=DAY, k=k)
    with pytest.raises(InputError, match="no folder"):
        open_notes(tmp_path / "no" / "n.duckdb")
    (tmp_path / "text.duckdb").write_text("this is no database at all")
    with pytest.raises(InputError, match="not an index of notes") as error:
        open_notes(tmp_path / "text.duckdb")
    assert "\n" not in str(error.value)


def test_nothing_known_and_nothing_that_answers() -> None:
    assert index([]).search("cheese", as_of=DAY) == []
    assert index([note("!!!")]).search("cheese", as_of=DAY) == []
    assert index([note("cheese")]).search("???", as_of=DAY) == []


@pytest.mark.slow
def test_the_same_note_twice_is_one_note_in_a_file_that_lasts(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    made = NoteIndex(open_notes(path).store, letters)
    assert made.search("cheese", as_of=DAY) == []
    assert not path.exists()
    assert made.add([]) == 0
    assert made.add([note("cheese"), note("cheese"), note("tea", category="tea")]) == 2
    assert made.add([note("cheese"), note("coupon")]) == 1
    again = NoteIndex(open_notes(path).store, letters)
    assert again.add([note("coupon")]) == 0
    assert again.store.version() == 3
    assert again.search("cheese tea", as_of=DAY) == made.search("cheese tea", as_of=DAY) != []


@pytest.mark.slow
def test_a_file_in_use_by_another_process_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    made = NoteIndex(open_notes(path).store, letters)
    made.add([note("cheese")])
    hold = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(InputError, match="in use by another process"):
            made.add([note("tea")])
        other.communicate("")
    assert made.add([note("tea")]) == 1


class ListStore:
    """The smallest store: what the protocol asks, in a list."""

    def __init__(self) -> None:
        self.rows: list[tuple[Note, Vectors]] = []

    def version(self) -> int:
        return len(self.rows)

    def has(self, digests: Sequence[str]) -> set[str]:
        return {one.digest for one, _ in self.rows} & set(digests)

    def add(self, notes: Sequence[Note], vectors: Vectors) -> None:
        self.rows += zip(notes, vectors, strict=True)

    def known(self, as_of: pd.Timestamp) -> list[Note]:
        return sorted((one for one, _ in self.rows if one.ds <= as_of), key=lambda one: one.ds)

    def likeness(self, vector: Vectors, as_of: pd.Timestamp) -> dict[str, float]:
        def cosine(other: Vectors) -> float:
            return float(vector @ other / np.linalg.norm(vector) / np.linalg.norm(other))

        return {one.digest: cosine(other) for one, other in self.rows if one.ds <= as_of}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(notes=notes_of, query=st.sampled_from(WORDS))
def test_another_store_finds_the_same(notes: list[Note], query: str) -> None:
    other = NoteIndex(ListStore(), letters)
    other.add(notes)
    expected = [(hit.note, hit.tier, hit.keyword) for hit in index(notes).search(query, as_of=DAY, product="1", k=9)]
    assert [(hit.note, hit.tier, hit.keyword) for hit in other.search(query, as_of=DAY, product="1", k=9)] == expected


def test_chinese_is_found_by_its_characters() -> None:
    made = open_notes()
    made.add([note("竞争对手大幅降价"), note("气温升高，冰淇淋热销"), note("菠菜因李斯特菌召回")])
    assert texts(made.search("对手降价了吗", as_of=DAY))[0] == "竞争对手大幅降价"
    assert texts(made.search("冰淇淋", as_of=DAY, k=1)) == ["气温升高，冰淇淋热销"]


def test_real_vectors_find_what_has_no_word_in_common_and_leave_logging_alone() -> None:
    before = (logging.getLogger().level, list(logging.getLogger().handlers))
    made = open_notes()
    made.add([note("A heat wave is expected, ice cream sells out"), note("New manager of the store in Leeds")])
    assert texts(made.search("hot weather", as_of=DAY)) == ["A heat wave is expected, ice cream sells out"]
    assert (logging.getLogger().level, logging.getLogger().handlers) == before
    vectors = embed_texts(["hot weather", "", "x " * 3000])
    assert vectors.shape == (3, 256)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-5)


@pytest.mark.slow
def test_no_network_is_asked_for() -> None:
    code = (
        "import socket\nfrom skucast.tools.text.index import embed_texts\n"
        "def no(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = no; socket.getaddrinfo = no\nprint(embed_texts(['tea']).shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(1, 256)\n"
    assert done.stderr == ""


def test_without_vectors_the_keywords_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("skucast.tools.text.index._wordllama", lambda: missing("wordllama"))
    assert not embed_texts(["hot weather"]).any()
    made = open_notes()
    made.add([note("A heat wave is expected, ice cream sells out"), note("New manager of the store in Leeds")])
    assert texts(made.search("manager", as_of=DAY)) == ["New manager of the store in Leeds"]
    assert not made.search("hot weather", as_of=DAY)
