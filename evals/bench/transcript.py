"""What the pages show of the command, put there by running it: python -m skucast.evals.bench.transcript."""

import os
import re
import subprocess
import sys
from pathlib import Path

from ...tools.files import write_whole

ROOT = Path(__file__).parents[2]
FORECAST = "skucast forecast --demo --sku 995242 --cutoff 2017-12-03"
CHAT = "skucast chat --demo"
ASKED = {  # of each command, what is piped in
    FORECAST: (),
    CHAT: (
        "find cheddar",
        "forecast next month for SKU 1082185",
        "why?",
        "what if we take 10% off in week 2",
        "what fell most?",
        "how good were you on it?",
        "forecast next month for SKU 99999999",
        "what will the weather be tomorrow?",
    ),
}
PAGES = {FORECAST: ROOT / "README.md", CHAT: ROOT / "docs" / "CHAT.md"}  # where each is shown
COLUMNS = {FORECAST: 84, CHAT: 100}
END = "<!-- end -->"


def begin(command: str) -> str:
    """The mark behind which a page shows a command."""
    return f"<!-- {command}, by python -m skucast.evals.bench.transcript -->\n"


def transcript(command: str) -> str:
    """What the terminal shows of a command, requests piped in."""
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        input="".join(f"{request}\n" for request in ASKED[command]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if ASKED[command] else subprocess.DEVNULL,  # bars, where it is not a session
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(COLUMNS[command]), "TQDM_DISABLE": "1"},
    )
    typed = "" if ASKED[command] else f"$ {command}\n"
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return typed + "\n".join(lines).strip() + "\n"


def put(page: str, command: str, shown: str) -> str:
    """The page with this between the command's marks."""
    before, _, rest = page.partition(begin(command))
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no marks of {command}")
    return f"{before}{begin(command)}```\n{shown}```\n{END}{after}"


def held(page: str, command: str) -> str:
    """What a page shows of a command."""
    return page.partition(begin(command))[2].partition(END)[0].strip().removeprefix("```\n").removesuffix("```")


def shape(shown: str) -> str:
    """It without what another processor's arithmetic may change: numbers, and what is drawn from them."""
    return re.sub(r"[ \t]+", " ", re.sub(r"[▁▂▃▄▅▆▇█━●╭╮╰╯│─]+|[-+]?\d[\d,.]*", "#", shown))


if __name__ == "__main__":
    for command, page in PAGES.items():
        write_whole(page, put(page.read_text(encoding="utf-8"), command, transcript(command)))
