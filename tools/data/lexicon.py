"""A catalogue's words: which products bear those of a request, misspelt, or in Chinese of an English catalogue.

`words_zh.toml` holds the Chinese of the shop. A catalogue's own words go before it.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, product, takewhile

from rapidfuzz import fuzz, process

from .groups import value_of
from .panel import Panel

SPELT = 80.0  # likeness of a word, of 100, from which it is the catalogue's own, misspelt
SURE = 87.0  # likeness of words, of 100, from which a product is meant
TRIES = 64  # readings of a run of Chinese that are tried
KEPT = 10_000  # spellings that are kept: a served chat hears words without end
GROUPS = ("region", "channel", "store", "brand", "department", "type", "category")  # of products; the last one wins
FILLING = {"the", "a", "an", "our", "of", "product", "products", "item", "items", "sku", "any", "all", "for"}
SIGNS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAN = re.compile(rf"[{SIGNS}]+")
WORD = re.compile(rf"[{SIGNS}]+|(?:[^\W{SIGNS}]|[%.])+")
NAMING = re.compile(r"^(sku|item|product|article|no|number|code)?[\s.:#-]*", re.IGNORECASE)


def plain(text: str) -> str:
    """Words in lower case, without signs, filling words and plural s; Chinese stands apart from what it touches."""
    return " ".join(_words(text))


def short_for(short: str, word: str) -> bool:
    """Whether a catalogue's word is the other, or short for it: `dz` of dozen, `drnk` of drink."""
    if short == word:
        return True
    letters = iter(word)
    return 2 <= len(short) < len(word) and short[0] == word[0] and short.isalpha() and all(x in letters for x in short)


def _words(text: str) -> Iterator[str]:
    for found in WORD.finditer(text.lower()):
        if (word := found[0]) not in FILLING:
            yield _one(word)


def _one(word: str) -> str:
    """One of several: `berry` of berries, `potato` of potatoes."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith("oes"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


@cache
def table() -> dict[str, tuple[str, ...]]:
    """Chinese words and the English that a catalogue may have for each, likeliest first; none for filling words."""
    lexicon = tomllib.loads(files(__package__).joinpath("words_zh.toml").read_text(encoding="utf-8"))
    words = {
        name: (meaning,) if isinstance(meaning, str) else tuple(meaning) for name, meaning in lexicon["words"].items()
    }
    return dict.fromkeys(lexicon["filling"], ()) | words


@cache
def _sizes() -> dict[str, list[int]]:
    """The lengths of the table's entries, longest first, by the sign that they begin with."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in table():
        found[name[0]].add(len(name))
    return {sign: sorted(lengths, reverse=True) for sign, lengths in found.items()}


def pieces(run: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A run of Chinese cut by the table, the longest entry first: each piece with its English, none where it has none.

    Filling words are left out.
    """
    known, sizes = table(), _sizes()
    start = at = 0
    while at < len(run):
        part = next((run[at : at + size] for size in sizes.get(run[at], ()) if run[at : at + size] in known), "")
        if part:
            if start < at:
                yield run[start:at], ()
            if known[part]:
                yield part, known[part]
            start = at + len(part)
        at += len(part) or 1
    if start < len(run):
        yield run[start:], ()


def english(words: str) -> list[str]:
    """What words with Chinese among them may say in English, likeliest first; nothing where some of it is unknown."""
    parts: list[tuple[str, ...]] = []
    for word in plain(words).split():
        parts += [choices for _, choices in pieces(word)] if HAN.match(word) else [(word,)]
    return [" ".join(chosen) for chosen in islice(product(*parts), TRIES)] if parts and HAN.search(words) else []


def chinese(words: str) -> str:
    """The Chinese of some words, without filling words."""
    return "".join(part for run in HAN.findall(words) for part, _ in pieces(run))


class Lexicon:
    """The words of a panel's products, indexed once.

    Attributes:
        texts: the words of every product, plain, by SKU, in the panel's order.
        columns: the static columns.
        known: the last day that the data knows.
    """

    def __init__(self, panel: Panel) -> None:
        self.texts = {uid: plain(" ".join(panel.static_of(uid).values())) for uid in panel.unique_ids}
        described = panel.static.get("description", ())
        self._own = [set(plain(value_of(cell)).split()) for cell in described]
        self._names = {*map(str, panel.static.index), *self.texts}
        self._chinese = {uid: text for uid, text in self.texts.items() if HAN.search(text)}
        bearers: defaultdict[str, set[str]] = defaultdict(set)
        grams: defaultdict[str, set[str]] = defaultdict(set)
        for uid, text in self.texts.items():
            for word in text.split():
                bearers[word].add(uid)
        for uid, text in self._chinese.items():
            for run in HAN.findall(text):
                for gram in (*run, *_pairs(run)):
                    grams[gram].add(uid)
        self._bearers, self._grams = dict(bearers), dict(grams)
        self._known = sorted(self._bearers)
        self.columns = tuple(map(str, panel.static))
        self.known = panel.cutoff.date()
        self._verbatim: dict[str, tuple[str, str]] = {}
        self._groups: dict[str, tuple[str, str]] = {}  # by the value alone, and found by words like it
        self._exactly: dict[str, tuple[str, str]] = {}  # by column and value: store 12
        for column in sorted(self.columns, key=lambda name: GROUPS.index(name) if name in GROUPS else -1):
            values = [value_of(cell) for cell in panel.static[column]]
            several = set(filter(None, values))
            shared = column != "description" and len(several) < len(list(filter(None, values)))
            grouping = column in GROUPS or shared  # a text of each product is no group
            for value in sorted(several, key=values.count) if grouping else ():  # of cheese and cheeses the bigger wins
                self._exactly[plain(f"{column.replace('_', ' ')} {value}")] = (column, value)
                digits = all if column in GROUPS else any
                if not digits(sign.isdigit() or sign == "." for sign in value):  # 12 and 16 oz are no names
                    self._groups[plain(value)] = (column, value)
                    self._verbatim[value.lower()] = (column, value)
        self._spelt: dict[str, str] = {}
        self._phrases: dict[str, set[str]] = {}
        self._named: dict[str, tuple[str, str] | None] = {}

    @classmethod
    def of(cls, panel: Panel) -> "Lexicon":
        """The lexicon of a panel, made at the first call and kept on it, as what the panel itself works out once is."""
        kept: Lexicon | None = vars(panel).get("_lexicon")
        if kept is None:
            vars(panel)["_lexicon"] = kept = cls(panel)
        return kept

    def matches(self, words: str) -> list[str]:
        """SKUs that the words mean: the SKU itself, or those that bear all of the words, or nearly; likest first.

        Words count as the catalogue spells them where one of its own is near. Chinese that stands in no product's words
        is read by the table; where some of it is not in there, nothing matches.
        """
        if (name := self._sku(words)) is not None:
            return [name]
        asked = list(_asked(words))
        return self._ordered(self._bearing(asked), words) or (self._alike(asked) if asked else [])

    def near(self, words: str) -> list[str]:
        """SKUs that bear the rarest of the words that any bears, those that it comes first in before others."""
        borne = {word: of for word in _asked(words) if (of := self._bearing([word]))}
        if not borne:
            return []
        word, found = min(borne.items(), key=lambda one: len(one[1]))
        spelling = self._spelt.get(word) or word
        return sorted(
            (uid for uid in self.texts if uid in found), key=lambda uid: f" {self.texts[uid]} ".find(f" {spelling} ")
        )

    def has(self, name: str) -> bool:
        """Whether it is a SKU."""
        return name in self._names

    def bears(self, run: str) -> bool:
        """Whether a run of words is a SKU, or some product bears all of it: quick, so without likeness as a whole."""
        return self._sku(run) is not None or bool(self._bearing(_asked(run)))

    def says(self, run: str) -> bool:
        """Whether a run of words is a SKU, a group's name, or borne by a product, spelt as the catalogue spells it."""
        if self._sku(run) is not None or run.strip().lower() in self._verbatim or plain(run) in self._exactly:
            return True
        asked = list(_asked(run))
        spelt = all(HAN.match(word) or word in self._bearers for word in asked)
        return spelt and bool(asked) and bool(self._bearing(asked))

    def group(self, words: str) -> str | None:
        """What kind of group goes by the words, or nearly: category, department, type or brand."""
        found = self.members(words)
        return found and found[0]

    def of_groups_alone(self, words: str) -> bool:
        """Whether the words name a group, and no product's own description bears them: all products of it are meant."""
        if plain(words) not in self._groups and plain(words) not in self._exactly:
            return False
        asked = set(_asked(words))
        return not any(asked <= own for own in self._own)

    def members(self, words: str) -> tuple[str, str] | None:
        """The column and the value that the words name, or nearly; Chinese within the panel's own, else in English."""
        exactly = self._verbatim.get(words.strip().lower()) or self._exactly.get(plain(words))
        if exactly is not None:
            return exactly
        if words not in self._named:
            own = chinese(words)
            within = (name for name in self._groups if own and own in name)
            name = self._near(words) or next(within, None) or next(filter(None, map(self._near, english(words))), None)
            if len(self._named) >= KEPT:
                self._named.clear()
            self._named[words] = self._groups[name] if name else None
        return self._named[words]

    def exactly(self, words: str) -> tuple[str, str] | None:
        """The column and the value that go by just these words, in English too where they are Chinese."""
        found = self._verbatim.get(words.strip().lower()) or self._exactly.get(plain(words))
        names = (plain(words), *map(plain, english(words)))
        return found or next((self._groups[name] for name in names if name in self._groups), None)

    def ending(self, words: str) -> tuple[str, str] | None:
        """The one group whose name ends with these words, as `frozen pizza` with pizza; None where several do."""
        for name in filter(None, (plain(words), *map(plain, english(words)))):
            found = [group for group in self._groups if group.endswith(f" {name}")]
            if len(found) == 1:
                return self._groups[found[0]]
        return None

    def _near(self, words: str) -> str | None:
        """The likest name of a group; of names that hold all of the words, that with the fewest others."""
        wanted = plain(words)
        hits = process.extract(wanted, list(self._groups), scorer=fuzz.token_set_ratio, score_cutoff=SURE, limit=None)
        likest = max(hits, key=lambda hit: (hit[1], fuzz.ratio(wanted, hit[0])), default=None)
        return likest and str(likest[0])

    def _sku(self, words: str) -> str | None:
        text = words.strip()
        return next((name for name in (text, NAMING.sub("", text)) if name in self._names), None)

    def _ordered(self, found: set[str], words: str) -> list[str]:
        """Those with the fewest words besides first, else in the panel's order."""
        some = [uid for uid in self.texts if uid in found] if found else []
        return sorted(some, key=lambda uid: -fuzz.token_sort_ratio(plain(words), self.texts[uid]))

    def _bearing(self, asked: Iterable[str]) -> set[str]:
        """SKUs that bear all of the words."""
        found: set[str] = set()
        for at, word in enumerate(asked):
            of = self._reading(word) if HAN.match(word) else self._spelling(word)
            found = found & of if at else of
            if not found:
                break
        return found

    def _spelling(self, word: str) -> set[str]:
        """SKUs that bear the word, as the catalogue spells it."""
        if word in self._bearers or len(word) < 4 or not word.isalpha():
            return self._bearers.get(word, set())
        if word not in self._spelt:
            if len(self._spelt) >= KEPT:
                self._spelt.clear()
            hit = process.extractOne(word, self._known, scorer=fuzz.ratio, score_cutoff=SPELT)
            self._spelt[word] = str(hit[0]) if hit else ""
        return self._bearers.get(self._spelt[word], set())

    def _reading(self, run: str) -> set[str]:
        """SKUs that bear a run of Chinese, in their own words or by the table."""
        own = self._holding(run, alone=True) or (self._chinese and self._holding(chinese(run), alone=True))
        if own:
            return own
        readings: list[list[set[str]]] = []
        for part, choices in pieces(run):
            sets = [self._holding(part, alone=not choices), *map(self._saying, choices)]
            readings.append([of for of in sets if of])
            if not readings[-1]:
                return set()
        meant = (set.intersection(*chosen) for chosen in islice(product(*readings), TRIES))
        return next((of for of in meant if of), set())

    def _holding(self, run: str, alone: bool) -> set[str]:
        """SKUs whose own Chinese has the run in it; a lone sign that is no word of the table must be one of theirs."""
        if alone and len(run) == 1:
            return self._bearers.get(run, set())
        grams = self._grams
        held = [grams[pair] for pair in takewhile(grams.__contains__, _pairs(run))]
        if not held or len(held) < len(run) - 1:
            return set()
        return {uid for uid in set.intersection(*held) if run in self._chinese[uid]}

    def _saying(self, phrase: str) -> set[str]:
        """SKUs that bear all words of an English phrase, spelt so."""
        if phrase not in self._phrases:  # no more than the table has
            self._phrases[phrase] = set.intersection(*(self._bearers.get(word, set()) for word in _words(phrase)))
        return self._phrases[phrase]

    def _alike(self, asked: list[str]) -> list[str]:
        """SKUs whose words are nearly those asked for, the likest first: slow. Chinese is like Chinese alone."""
        if spelt := set.intersection(*map(self._spelling, asked)):
            return self._ordered(spelt, " ".join(asked))
        wanted = " ".join(asked)
        texts = self._chinese if HAN.search(wanted) else self.texts
        scored = process.extract(wanted, texts, scorer=fuzz.token_set_ratio, score_cutoff=SURE, limit=None)
        return [uid for _, _, uid in scored]


def _asked(words: str) -> Iterator[str]:
    """The plain words of a request, without Chinese that is filling words alone."""
    return (word for word in _words(words) if not HAN.match(word) or next(pieces(word), None))


def _pairs(run: str) -> Iterator[str]:
    """Every two signs that stand together, or the only one."""
    return (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
