"""Asking: how people ask each tool, one file a tool: rules that point to it, and patterns to learn it from.

A file `requests/TOOL.txt` has sections. `[rules]` holds regular expressions over the request in lower case; the longest
match of any tool wins; where one has a part `(?P<named>…)`, a product or group must be named there, and in a part
`(?P<about>…)` one may be. Each other section
is one person's patterns: text with alternations `(a|b|)` and slots `{product}`. Behind ` # ` stand arguments that the
words themselves say: `direction=down`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from .retelling import sections

FOLDER = "requests"
RULES = "rules"
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u4e00-\u9fff]")
SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Line:
    """One line of a tool's file.

    Attributes:
        tool: that it asks.
        text: a rule or a pattern.
        fixed: arguments that its words say.
    """

    tool: str
    text: str
    fixed: dict[str, str]


@cache
def lines(*, rules: bool = False) -> tuple[Line, ...]:
    """The patterns of all tools, or their rules, by file and line.

    Raises:
        InputError: a line stands under no section, or leaves a bracket open.
    """
    folder = Path(str(resources.files(__package__) / FOLDER))
    return tuple(
        line_of(path.stem, line)
        for path in sorted(folder.glob("*.txt"))
        for section, line in sections(path)
        if (section == RULES) == rules
    )


def line_of(tool: str, text: str) -> Line:
    """A line of a tool's file, taken apart."""
    text, _, behind = text.partition(" # ")
    fixed = dict(part.strip().partition("=")[::2] for part in behind.split(", ") if part.strip())
    return Line(tool, text.strip(), fixed)


@cache  # they are more than `re` itself remembers
def _compiled(rule: str) -> re.Pattern[str]:
    return re.compile(rule)


def pointed(request: str) -> Line | None:
    """The rule that a request's words point to: the longest match of any tool's, the first of several."""
    return next(iter(pointing(request)), None)


def pointing(request: str) -> list[Line]:
    """The rules that match a request, the longest match first."""
    words = request.lower()
    found = [(match, line) for line in lines(rules=True) if (match := _compiled(line.text).search(words))]
    return [line for _, line in sorted(found, key=lambda one: -len(one[0][0]))]


def telling(tool: str, field: str, request: str) -> dict[str, str]:
    """The words of a request that say what a field is, by the tool's patterns: `fell` that a direction is down.

    Args:
        tool: by name.
        field: that some of its patterns fix.
        request: the person's words.
    """
    words = _telling(tool, field)
    return {word: words[word] for word in WORD.findall(request.lower()) if word in words}


@cache
def _telling(tool: str, field: str) -> dict[str, str]:
    """Words that mostly stand in patterns of one value, with it: more than in all patterns besides."""
    count: dict[str, Counter[str]] = {}
    for line in lines():
        value = line.fixed.get(field, "") if line.tool == tool else ""
        for word in {*WORD.findall(SLOT.sub(" ", line.text.lower()))}:
            count.setdefault(word, Counter())[value] += 1
    most = {word: of.most_common(1)[0] for word, of in count.items()}
    return {word: value for word, (value, times) in most.items() if value and 1 < times > count[word].total() / 2}


def name_places(rule: Line, request: str) -> tuple[str, bool]:
    """Where names may stand in a request that a rule matches: in its parts for names, and around what it matched.

    Returns:
        That text, and whether the rule has a `named` part that matched: it holds only where a name stands there.
    """
    match = _compiled(rule.text).search(request.lower())
    if match is None:
        return request, False
    held = match.groupdict()
    inside = [request[match.start(part) : match.end(part)] for part in ("named", "about") if held.get(part)]
    return ", ".join([request[: match.start()], *inside, request[match.end() :]]), bool(held.get("named"))
