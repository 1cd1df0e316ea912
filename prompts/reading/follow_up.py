"""Follow-ups: requests that lean on what was asked or listed before, read by their words alone."""

import re
from collections.abc import Collection, Sequence

from ...tools.toolset.fields import Kind
from . import counts, lengths, months, prices
from .numbers import in_digits
from .words import EN, ZH, en, words, zh

SIGNS = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_]+(?:['’][a-z]+)?|\d[\d.,]*[a-z]*")
ROWS = "follow_up.rows"
PLACES = EN["follow_up"]["rows"]["places"] | ZH["follow_up"]["rows"]["places"]
FILLING = {*EN["follow_up"]["filling"].split(), *ZH["follow_up"]["filling"], *ZH["numbers"]}
QUANTITY = tuple(EN["follow_up"]["quantity"].split()) + tuple(ZH["follow_up"]["quantity"])
FIELDS = {
    kind: {*EN["follow_up"]["fields"].get(kind, "").split(), *ZH["follow_up"]["fields"].get(kind, "")}
    for kind in EN["follow_up"]["fields"]
}
TIMED: frozenset[Kind] = frozenset(  # kinds of fields that lengths of time fill
    {"ahead", "surely ahead", "may be ahead", "back", "counted back", "month", "weeks", "lead time", "late"}
)
THERE, YEAR, SAME, ALSO = (
    re.compile(words(f"follow_up.{key}").pattern, re.IGNORECASE) for key in ("there", "year", "same", "also")
)
READ: dict[str, tuple[re.Pattern[str], ...]] = {  # what a reader reads, by the kind of field that holds it
    "month": (months.ENGLISH, months.CHINESE, months.LAST_YEAR),
    "weeks": (lengths.WEEKS, lengths.WEEKS_CHINESE),
    "count": (counts.SHOWN,),
    "windows": (counts.WINDOWS,),
    "late": (counts.LATE,),
    "threshold": tuple(counts.THRESHOLDS.values()),
    "products": (ALSO,),
    "measure": tuple(counts.MEASURES.values()),
    "share": (prices.PER_CENT,),
    "change": (
        prices.PER_CENT,
        prices.PART,
        *(pattern for _, pattern in prices.PHRASES),
        prices.CHEAPER,
        prices.DEARER,
    ),
    "promotion": (prices.WITHOUT, prices.PROMOTION),
}
NO_TIME = rf"(?!\s*(?:{en('units')}|{zh('units')}|[个]?[天日周月季年]))"
PLACE = re.compile(
    rf"(?:\b(?:{en(f'{ROWS}.place_before')})\s*)?\b({en(f'{ROWS}.places')})\s+(?:{en(f'{ROWS}.one')})\b{NO_TIME}"
    rf"|\bthe\s+({en(f'{ROWS}.places')})(?=\s*[?!.,]|\s*$|\s+(?:for|please)\b)"
    rf"|({zh(f'{ROWS}.places')})(?:{zh(f'{ROWS}.one')}){NO_TIME}",
    re.IGNORECASE,
)
OTHER, BOTH, NOT = (
    re.compile(words(key).pattern, re.IGNORECASE) for key in (f"{ROWS}.other", f"{ROWS}.both", f"{ROWS}.not")
)
OF_THEM = re.compile(rf"\b\d+ (?:{en(f'{ROWS}.of_them')})\b")
DROPPED = re.compile(rf"\b(?:{en('follow_up.without')})\b(?: \w+){{1,3}}|(?:{zh('follow_up.without')})\w{{1,4}}")


def dropped(request: str) -> set[str]:
    """Kinds of fields that it wants gone: the change of "no price cut", the stock of "forget the stock"."""
    found = DROPPED.search(in_digits(request.lower()))
    return {kind for kind, said in FIELDS.items() if found and said & set(WORD.findall(found[0]))} - {"time"}


def leans(request: str, named: Collection[str], kinds: Collection[str] = ()) -> bool:
    """Whether a request has no words of its own beside names, numbers, and what a field of the last call's tool holds.

    "make that 3 weeks and 98 % service" leans on a plan of orders, "and lemons?" on anything; "stock of lemons" leans
    only where there is a field of stock, and "why?" never.

    Args:
        request: the person's words.
        named: names of products or groups in it.
        kinds: of the fields that the last call's tool has.
    """
    text = in_digits(request.lower().replace("’", "'"))
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(in_digits(name.lower()), " ")
    for pattern in (one for kind in kinds for one in READ.get(kind, ())):
        text = pattern.sub(" ", text)
    if "stock" in kinds:
        text = counts.STOCK.sub(lambda match: match[0] if match["ordering"] else " ", text)
    allowed = set(FILLING)
    for kind in {"ahead" if one.endswith("ahead") else "back" if one.endswith("back") else one for one in kinds}:
        allowed |= FIELDS.get(kind, set()) | (FIELDS["time"] if kind in TIMED else set())
    return all(word[0].isdigit() or word in allowed for word in WORD.findall(text))


def says(kind: str, text: str) -> bool:
    """Whether it has a word that says which field is meant, by its kind."""
    return bool(FIELDS[kind] & set(WORD.findall(text.lower())))


def how_many(text: str) -> bool:
    """Whether a number in it says how many to show: `show me 10`, `10 of them`."""
    return says("count", text) or OF_THEM.search(text.lower()) is not None


def filling(name: str) -> bool:
    """Whether a run of words is but filling, or says which field changes."""
    known = FILLING.union(*FIELDS.values())
    return all(word[0].isdigit() or word in known for word in WORD.findall(name.lower()))


def pointing(request: str, listed: Sequence[str], spoken: str | None = None) -> str:
    """The request with the SKUs of a list in place of "the first one", "the other one" and "both".

    Args:
        request: the person's words.
        listed: SKUs shown before, in order.
        spoken: the one of them that was spoken of last.
    """
    if not listed:
        return request

    def sku(match: re.Match[str]) -> str:
        place = PLACES[next(filter(None, match.groups())).lower()]
        at = place - 1 if place > 0 else len(listed) - 1
        return listed[at] if at < len(listed) else match[0]

    if len(listed) > 1:
        last = listed[-2:]
        request = BOTH.sub(f"{last[0]} and {last[1]}", request)
        others = [uid for uid in last if uid != spoken]
        if len(others) == 1:
            request = OTHER.sub(others[0], request)
    return PLACE.sub(sku, request)


def also(request: str) -> bool:
    """Whether what it says comes beside what was said before: "week 3 as well"."""
    return ALSO.search(request) is not None


def there(request: str) -> bool:
    """Whether it speaks of the group of products spoken of before: "the decliners there"."""
    return THERE.search(request) is not None


def of_a_year(request: str) -> bool:
    """Whether it speaks of a year."""
    return YEAR.search(request) is not None


def same(request: str) -> bool:
    """Whether it wants the same time once more: "the same weeks last year"."""
    return SAME.search(request) is not None


def wanted(request: str) -> str:
    """What it says before what it does not want: "the large dozen" of "the large dozen, not the 18 pack"."""
    found = NOT.search(request)
    return request[: found.start()] if found else request
