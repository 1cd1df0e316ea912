"""Groupings: the columns of the data by which a request wants totals, such as `by store`."""

import re
from collections.abc import Iterator, Sequence

from .words import EN, ZH, en, zh

NAMED: dict[str, list[str]] = EN["columns"]["names"]  # what people call columns, by the name that they most often have
NAMED_ZH: dict[str, list[str]] = ZH["columns"]["names"]


def groupings(text: str, columns: Sequence[str] = ()) -> list[str]:
    """The columns that a text in lower case asks totals by, as the data calls them.

    A column that the data lacks, of those that people most often have, is given by its usual name: it is to be refused
    and not to be passed over.

    Args:
        text: the request.
        columns: the static columns of the data.
    """
    return list(dict.fromkeys(name for _, name in _found(text, columns)))


def ranked(text: str, columns: Sequence[str] = ()) -> list[str]:
    """The columns of which a text in lower case asks which group leads: `which category`, `the 3 best stores`."""
    names = {spelling: column for column, spelling in _spellings(columns)}
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    before, between = en("columns.ranking"), en("columns.ranked")
    behind = r"(?! (?:is|are|does|do) (?!\w+ing\b|the\b|our\b|up\b|down\b))"  # "what category is it in?" ranks none
    patterns = (
        rf"\b(?:{before})(?: \d{{1,2}})?(?:[ -](?:{between}))* ({either})\b{behind}",
        rf"(?:{zh('columns.ranking')})({either})",
    )
    return list(dict.fromkeys(names[match[1]] for pattern in patterns for match in re.finditer(pattern, text)))


def unspoken(text: str, columns: Sequence[str] = ()) -> str:
    """The text without the words that ask for totals by a column: what is left may name products."""
    for words, _ in _found(text.lower(), columns):
        text = re.sub(re.escape(words), ",", text, flags=re.IGNORECASE)
    return text


def _found(text: str, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words of each, and the column."""
    names = {spelling: column for column, spelling in _spellings(columns)}
    some = sorted(names, key=len, reverse=True)
    either = "|".join(map(re.escape, some))
    for pattern in (rf"\b(?:{en('columns.before')}) ({either})\b", rf"(?:{zh('columns.before')})({either})"):
        for match in re.finditer(pattern, text):
            yield match[0], names[match[1]]


def _spellings(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each column, or usual name, with each of the ways to write it; the data's own come last, for they count."""
    own = {column.lower(): column for column in columns}
    usual = {name: [name, *others, *NAMED_ZH.get(name, [])] for name, others in NAMED.items()}
    for name, ways in usual.items():
        meant = next((own[one] for one in ways if one in own), name)
        for one in ways:
            yield from _counted(meant, one)
    for lower, column in own.items():
        yield from _counted(column, lower.replace("_", " "))
        yield column, lower


def _counted(column: str, words: str) -> Iterator[tuple[str, str]]:
    """As one, and in English as several."""
    yield column, words
    if words.isascii():
        yield column, f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"
