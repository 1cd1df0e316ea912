"""A real session on the demo data, put into the README: python -m skucast.evals.transcript."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
COMMAND = "skucast chat --demo"
ASKED = (
    "find cheddar",
    "forecast next month for SKU 1082185",
    "why?",
    "what if we take 10% off in week 2",
    "what fell most?",
    "how good were you on it?",
    "forecast next month for SKU 99999999",
    "what will the weather be tomorrow?",
)
BEGIN, END = f"<!-- {COMMAND}, by python -m skucast.evals.transcript -->\n", "<!-- end -->"
COLUMNS = 100


def transcript(asked: tuple[str, ...] = ASKED) -> str:
    """What the terminal shows of a session, requests piped in."""
    done = subprocess.run(
        [sys.executable, "-m", *COMMAND.split()],
        input="".join(f"{request}\n" for request in asked),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(COLUMNS), "TQDM_DISABLE": "1"},
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(lines).strip() + "\n"


def put(readme: str, said: str) -> str:
    """The README with this session between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("the README has no marks of a transcript")
    return f"{before}{BEGIN}```\n{said}```\n{END}{after}"


def held(readme: str) -> str:
    """The session that the README shows."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip().removeprefix("```\n").removesuffix("```")


def shape(said: str) -> str:
    """A session without what another processor's arithmetic may change: numbers, and what is drawn from them."""
    return re.sub(r"[ \t]+", " ", re.sub(r"[▁▂▃▄▅▆▇█━●╭╮╰╯│─]+|[-+]?\d[\d,.]*", "#", said))


if __name__ == "__main__":
    README.write_text(put(README.read_text(encoding="utf-8"), transcript()), encoding="utf-8")
