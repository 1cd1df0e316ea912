"""Whether two runs of a command came to the same: what differs by nature is taken out, the rest byte for byte."""

import difflib
import fnmatch
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Parts = Mapping[str, str]
"""What came of a command, by name: `exit`, `stdout`, `stderr`, and a part a file that it wrote."""

NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
BY_NATURE = (  # pattern, what stands in its place
    (rf'("(?:\w*seconds\w*|first_call|longest\w*|peak_mb|tokens_per_second)": ?){NUMBER}', r"\g<1>0"),
    (rf'(?<="seconds": {{)\n(?:    "[^"]+": {NUMBER},?\n)+', "\n"),  # of a batch, by part
    (r'("(?:at|made|date|began|ended)": ?")\d{4}-\d\d-\d\d(?:T[^"]*)?"', r'\1#"'),
    (rf'("timings": ?\{{"base": ?){NUMBER}(, ?"llm": ?){NUMBER}(, ?"rest": ?){NUMBER}', r"\g<1>0\g<2>0\g<3>0"),
    (r'("skucast(?:_version)?": ?")[^"]*"', r'\1#"'),
    (r"\bskucast \d+\.\d+\.\d+", "skucast #"),
    (r"\d+(?:\.\d+)? (?:tokens/s|tok/s|it/s|s/it)", "# a second"),
)
BAR = re.compile(r"[━╸╺█▏▎▍▌▋▊▉]{3,}|\d+%\|")


@dataclass(frozen=True)
class Intended:
    """A change that is meant to be.

    Attributes:
        command: names of commands, `*` stands for anything.
        lines: a pattern that each line that may differ holds, before as after.
        reason: why.
    """

    command: str
    lines: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What the comparison of one command came to.

    Attributes:
        result: `same`; `intended`: every line that differs may; `changed`: one may not.
        reasons: of the intended changes.
        diff: what differs, each part as a unified diff.
    """

    result: Literal["same", "intended", "changed"]
    reasons: tuple[str, ...] = ()
    diff: str = ""


def placed(text: str, paths: Mapping[str, str]) -> str:
    """A text with names for places on this machine; a place comes before those that hold it."""
    for path, name in paths.items():
        text = text.replace(path, name)
    return text


def clean(text: str, scrub: Sequence[tuple[str, str]] = ()) -> str:
    """A text without what differs by nature: times and versions of skucast.

    Args:
        text: what was printed or written.
        scrub: further patterns and what stands in their place.
    """
    for pattern, instead in (*BY_NATURE, *scrub):
        text = re.sub(pattern, instead, text)
    return text


def without_bars(text: str) -> str:
    """What was written on standard error, without progress bars and the empty lines that they leave."""
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text))]
    return "".join(f"{line}\n" for line in lines if line and not BAR.search(line))


def spread(text: str) -> list[str]:
    """Lines to compare; a line that is a JSON object is spread over many, so that a diff shows the field."""
    lines = []
    for line in text.splitlines():
        try:
            whole = json.loads(line) if line.startswith("{") else None
        except ValueError:  # times were taken out, or it is prose
            whole = None
        lines += [line] if whole is None else json.dumps(whole, ensure_ascii=False, indent=1).splitlines()
    return lines


def differing(before: str, after: str) -> list[str]:
    """The lines that differ, as in a unified diff without context; none where both are the same byte for byte."""
    if before == after:
        return []
    for old, new in ((spread(before), spread(after)), (before.splitlines(), after.splitlines())):
        found = [
            line for line in difflib.unified_diff(old, new, n=0, lineterm="") if not line.startswith(("---", "+++"))
        ]
        if found:
            return found
    return ["@@ line ends @@", f"-{before[-40:]!r}", f"+{after[-40:]!r}"]


def compare(name: str, before: Parts, after: Parts, intended: Sequence[Intended] = ()) -> Verdict:
    """Compare what came of a command before and after, and say whether each change is meant to be."""
    mine = [one for one in intended if fnmatch.fnmatchcase(name, one.command)]
    diff: list[str] = []
    reasons: list[str] = []
    meant = True
    for part in dict.fromkeys([*before, *after]):
        if part not in before or part not in after:
            found = [f"{'-' if part in before else '+'}the file {part}"]
        else:
            found = differing(before[part], after[part])
        for line in found:
            if line.startswith("@@"):
                continue
            why = next((one.reason for one in mine if re.search(one.lines, line[1:])), None)
            meant = meant and why is not None
            if why is not None and why not in reasons:
                reasons.append(why)
        diff += [f"{part}:", *found] if found else []
    if not diff:
        return Verdict("same")
    return Verdict("intended" if meant else "changed", tuple(reasons), "\n".join(diff))


def short(diff: str, lines: int = 40, wide: int = 240) -> str:
    """The beginning of a diff, for the terminal."""
    every = [line if len(line) <= wide else f"{line[: wide - 1]}…" for line in diff.splitlines()]
    more = len(every) - lines
    return "\n".join([*every[:lines], *([f"… {more} lines more"] if more > 0 else [])])
