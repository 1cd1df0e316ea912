"""Retelling: the facts behind a forecast in other words, by patterns; a grammar of all that it may say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol, TypeVar

from ..tools.data.panel import PERIOD_NAME
from ..tools.errors import InputError
from ..tools.messages import Message

FOLDER = "retellings"
ASKED = "asked"  # the files of questions, a section a focus
SLOT = re.compile(r"\{(\w+)\}")
PERIODS = {f"period-{freq}": name for freq, name in PERIOD_NAME.items()}
FACT = re.compile(r"(?:driver|evidence)-(.+)")  # the keys of the messages that are told in other words
PROMOTED = ("display", "mailer", "discount", "promo")
FOCUS: dict[str, tuple[str, ...]] = {  # what a question is after, and the kinds of fact that answer it
    "price": ("price", "response.discount"),
    "promotion": (*PROMOTED, "coupon", "deals", "response"),
    "last_year": ("last_year",),
    "season": ("season", "last_year"),
    "stock": ("stockout",),
    "recent": ("level", "outlook"),
    "llm": ("validation",),
    "up": (
        *("level.up", "outlook.up", "last_year.up", "price.down", "coupon", "deals", "season"),
        *("level.times", "outlook.times", "last_year.times"),
        *(f"{one}.up" for one in PROMOTED),
    ),
    "down": (
        *("level.down", "outlook.down", "last_year.down", "price.up", "stockout", "intermittent"),
        *("deals", "season"),
        *(f"{one}.down" for one in PROMOTED),
    ),
}
SPOKEN = {  # words by which a question says what it is after
    "price": r"pric\w+|cheap\w*|dear\w*|expensive|costs?",
    "promotion": r"promo\w*|discount\w*|coupons?|mailers?|flyers?|leaflets?|displays?|deals?|offers?|campaigns?",
    "last_year": r"(?:last|previous|prior) (?:year|yr)\w*|yoy|year (?:on|over) year|(?:year|yr) (?:ago|earlier)",
    "season": r"season\w*|(?:time|part) of (?:the )?year|every (?:year|spring|summer|autumn|fall|winter)",
    "stock": r"stock\w*|sold out|oos|(?:empty|bare) shel\w+|availab\w+|r[au]n out|shortages?",
    "llm": r"llms?|ai|models?|machine|algorithms?",
    "recent": r"recent\w*|lately|of late|(?:last|past) (?:few )?(?:weeks|days|months)|trend\w*|run rate|momentum",
}
WAY = {  # and those that ask for a direction alone
    "up": r"up|high\w*|ris\w+|rose|grow\w*|grew|increas\w*|climb\w*|jump\w*|surg\w*|much|big\w*|large\w*|spik\w*",
    "down": r"down|low\w*|fall\w*|fell|drop\w*|declin\w*|decreas\w*|less|little|small\w*|slid\w*|slump\w*|dip\w*",
}
CHINESE = {  # the same words in Chinese, where none has an edge
    "price": "价格|涨价|提价|便宜|贵",
    "promotion": "促销|折扣|优惠|活动|降价",
    "last_year": "去年|同比",
    "season": "季节|每年",
    "stock": "缺货|断货|库存",
    "llm": "模型|算法",
    "recent": "最近|近期|趋势|走势",
    "up": "高|涨|上升|增",
    "down": "低|跌|下降|下滑|减|少",
}
Patterns = Mapping[str, Sequence[str]]


class Fact(Protocol):
    """What a tool computed: its sentence, and the figures in it by name, as they are written there."""

    @property
    def tool(self) -> str:
        """Who computed it, such as `drivers.level`."""

    @property
    def text(self) -> str:
        """The sentence."""

    @property
    def facts(self) -> Mapping[str, float | str]:
        """The figures."""

    @property
    def message(self) -> Message | None:
        """What the sentence says, in no language yet; without it the fact is given in the tool's words alone."""


def kind_of(fact: Fact) -> str:
    """What kind of fact it is, with its direction: `level.up`, `price.none`, `stockout`."""
    found = FACT.fullmatch(fact.message.key) if fact.message else None
    if fact.message is None or found is None:
        return fact.tool.removeprefix("drivers.")
    way = fact.message.facts.get("way", "none")
    return found[1].replace("-", ".") + ("" if way == "none" else f".{way}")


@cache
def retellings() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Patterns by kind of fact (`level.up`) or pair of kinds (`level.up + outlook.down`), and questions by focus.

    Raises:
        InputError: a line stands under no section.
    """
    facts: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    for path in sorted(Path(str(resources.files(__package__) / FOLDER)).glob("*.txt")):
        into = asked if path.name.startswith(ASKED) else facts
        for section, line in sections(path):
            into.setdefault(section, []).append(line)
    return facts, asked


def sections(path: Path) -> list[tuple[str, str]]:
    """Each line of a file with the section that it stands under.

    Raises:
        InputError: it stands under none, or leaves a bracket open.
    """
    section, made = "", []
    for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif not section or line.count("(") != line.count(")"):
            raise InputError(f"{path.name}: {line!r}: under no section, or a bracket is left open")
        else:
            made.append((section, line))
    return made


def expansions(pattern: str) -> list[str]:
    """Every text that a pattern with alternations `(a|b|)` stands for."""
    found = re.search(r"\(([^()]*)\)", pattern)
    if found is None:
        return [re.sub(r"\s+([,.;:?!])", r"\1", " ".join(pattern.split()))]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return list(
        dict.fromkeys(text for choice in found[1].split("|") for text in expansions(f"{before}{choice}{after}"))
    )


F = TypeVar("F", bound=Fact)


def foci_of(asked: str) -> tuple[str, ...]:
    """What a question says in so many words that it is after; nothing where it says nothing of the kind.

    What it names comes before the way that it asks about: "why did the promotion do so little" is after promotions.
    """
    for words in (SPOKEN, WAY):
        found = [focus for focus, some in words.items() if _asks(asked, some, CHINESE[focus])]
        if found:
            return tuple(found)
    return ()


def _asks(asked: str, english: str, chinese: str) -> bool:
    return re.search(rf"\b(?:{english})\b|{chinese}", asked, re.IGNORECASE) is not None


def focus_of(asked: str) -> str:
    """What a question says in so many words that it is after; "" where it says nothing, or several things."""
    found = foci_of(asked)
    return found[0] if len(found) == 1 else ""


def answering(facts: Sequence[F], *foci: str) -> list[F]:
    """The forecast, and the facts that answer a question; all where none does, or it is after nothing in particular.

    Asked why it is high or low, it also gets which of the two it is: the outlook.
    """
    kinds = [kind for focus in foci for kind in (*FOCUS.get(focus, ()), *(("outlook",) if focus in WAY else ()))]
    if not any(_is_of(fact, [kind for focus in foci for kind in FOCUS.get(focus, ())]) for fact in facts[1:]):
        return list(facts)
    return [facts[0], *(fact for fact in facts[1:] if _is_of(fact, kinds))]


def _is_of(fact: Fact, kinds: Sequence[str]) -> bool:
    return any(f"{kind_of(fact)}.".startswith(f"{kind}.") for kind in kinds)


def wordings(some: Sequence[Fact], patterns: Patterns) -> list[str]:
    """Every way to tell one fact, or two in one sentence; none where no pattern is of their kind, or none is known.

    The slot `{text}` is the tool's own sentence, of kinds that have many forms.
    In a pair the slots of the second fact end in `2`: `{change_percent2}`.

    Raises:
        InputError: a pattern has a slot that the facts do not fill.
    """
    if not all(fact.message for fact in some):
        return []
    values: dict[str, str] = {"text": some[0].text}
    for place, fact in enumerate(some):
        values |= {name.replace(".", "_") + "2" * place: _written(value) for name, value in fact.facts.items()}
        if fact.message and isinstance(period := fact.message.facts.get("period"), Message):
            values["period"] = PERIODS[period.key]
    kind = " + ".join(kind_of(fact) for fact in some)
    return [_filled(text, values) for pattern in patterns.get(kind, ()) for text in expansions(pattern)]


def _filled(text: str, values: Mapping[str, str]) -> str:
    unknown = set(SLOT.findall(text)) - set(values)
    if unknown:
        raise InputError(f"{text!r}: {sorted(unknown)} are not among {sorted(values)}")
    text = SLOT.sub(lambda match: values[match[1]], text)
    text = re.sub(r"\b(1 (?:day|week|month))s\b", r"\1", text)
    return text[:1].upper() + text[1:]


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def retelling_grammar(facts: Sequence[Fact], *, whole: bool = False) -> str:
    """A grammar (EBNF) of every retelling: the first fact, then any of the others in their order, some two at a time.

    A fact without a pattern may stand in the words of the tool.

    Args:
        facts: at least one, the forecast first.
        whole: all of them are given.
    """
    patterns = retellings()[0]
    rules = [f"root ::= {_one(0)}"]
    for place, fact in enumerate(facts):
        ways = [f"({_choice(wordings([fact], patterns) or [fact.text])}) {_rest(place + 1)}"]
        if pair := wordings(facts[place : place + 2], patterns) if place + 1 < len(facts) else []:
            ways.append(f"({_choice(pair)}) {_rest(place + 2)}")
        rules.append(f"{_one(place)} ::= {' | '.join(ways)}")
    for place in range(1, len(facts) + 2):
        more = " | ".join(_one(later) for later in range(place, len(facts))[: 1 if whole else None])
        end = "" if whole and more else '"" | '
        rules.append(f'{_rest(place)} ::= {end}" " ({more})' if more else f'{_rest(place)} ::= ""')
    return "\n".join(rules) + "\n"


def _one(place: int) -> str:
    return f"fact{place}"


def _rest(place: int) -> str:
    return f"rest{place}"


def _choice(texts: Sequence[str]) -> str:
    return " | ".join(_literal(text) for text in dict.fromkeys(texts))


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def facts_used(text: str, facts: Sequence[Fact]) -> Iterator[int]:
    """Places of the facts that a retelling tells, by the sentences that only they have."""
    patterns = retellings()[0]
    at, place = 0, 0
    while at < len(text) and place < len(facts):
        for some in (facts[place : place + 2], facts[place : place + 1]):
            ways = wordings(some, patterns) or ([some[0].text] if len(some) == 1 else [])
            longest = max((way for way in ways if text.startswith(way, at)), key=len, default="")
            if longest:
                yield from range(place, place + len(some))
                at, place = at + len(longest) + 1, place + len(some)
                break
        else:
            place += 1
