"""What the docs say to type: every command is one that there is, and those of the quickstarts run."""

import ast
import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pandas as pd
import pytest
import skucast
import typer
from skucast.__main__ import app
from typer.core import TyperGroup
from typer.main import get_command

from .test_command import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "finetune/README.md", *sorted(ROOT.glob("docs/*.md"))]
QUICKSTARTS = ("PLANNER", "SCIENTIST", "ENGINEER")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LONG = {"web", "api", "mcp", "serve", "chat", "finetune"}  # serve until they are stopped, talk, or learn for minutes
ELSEWHERE = ("postgresql://", "Slot@")  # need a server, or a model that was trained before
DAYS = pd.date_range("2023-01-01", "2024-06-30", freq="W")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands(text: str, fences: tuple[str, ...] = ("", "sh")) -> Iterator[list[str]]:
    """The words of each `skucast …` line in fenced blocks of these kinds and, with them, in indented ones."""
    blocks = [body for kind, body in BLOCK.findall(text) if kind in fences]
    if "" in fences:
        blocks.append("\n".join(re.findall(r"^ {4}(skucast .+)$", BLOCK.sub("", text), flags=re.MULTILINE)))
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        line = line.removeprefix("$ ").strip()
        if line.startswith("skucast "):
            yield shlex.split(line.partition(" < ")[0], comments=True)[1:]


def parsed(words: list[str]) -> None:
    """Parse a command as typer does, without running it."""
    command, context = get_command(app), None
    while isinstance(command, TyperGroup):
        context = typer.Context(command, parent=context, info_name="skucast")
        name, *words = words
        if name in ("--version", "--install-completion"):
            return
        found = command.get_command(context, name)
        assert found is not None, f"no command {name}"
        command = found
    command.make_context(command.name, words, parent=context)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_is_one_that_there_is(path: Path) -> None:
    for words in commands(read(path)):
        try:
            parsed(words)
        except typer.Exit as end:
            assert end.exit_code == 0, words
        except Exception as error:
            pytest.fail(f"{path.name}: skucast {shlex.join(words)}: {error}")


def test_what_is_no_command_or_no_option_is_noticed() -> None:
    found = list(
        commands("```sh\nskucast forecast sales.csv --skew A17  # no such option\n```\n\n    skucast forcast\n")
    )
    assert found == [["forecast", "sales.csv", "--skew", "A17"], ["forcast"]]
    for words in found:
        with pytest.raises(Exception, match=r"(?i)no such option|no command"):
            parsed(words)


def test_every_block_of_json_python_and_toml_is_well_formed() -> None:
    held = [(path.name, *block) for path in PAGES for block in BLOCK.findall(read(path))]
    kinds = {"json": json.loads, "python": ast.parse, "toml": tomllib.loads}
    tried = [kinds[kind](body) for _, kind, body in held if kind in kinds]
    assert len(tried) > 10


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    """A folder with the files that the quickstarts speak of; what is learned and recorded there stays in it."""
    sold = {"A17": (40, "Tea"), "B2": (15, "Tea"), "C9": (6, "Cups")}
    rows = [
        (sku, f"{day:%Y-%m-%d}", usual + number % 4, category)
        for sku, (usual, category) in sold.items()
        for number, day in enumerate(DAYS)
    ]
    table = pd.DataFrame(rows, columns=["sku", "date", "units", "category"])
    table.to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "sales.toml").write_text('static = ["category"]\n')
    (tmp_path / "stock.csv").write_text("sku,on_hand,unit_cost,case_pack\nA17,30,2.50,6\nB2,200,4.00,1\n")
    with chdir(tmp_path):
        yield tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICKSTARTS)
def test_the_quickstart_runs_as_it_is_written(name: str, shop: Path) -> None:
    done = 0
    for words in commands(read(ROOT / f"docs/{name}.md"), ("sh",)):
        if words[0] in LONG or any(sign in word for word in words for sign in ELSEWHERE):
            continue
        result = run(*words)
        assert result.returncode == 0, f"skucast {shlex.join(words)}: {result.stderr}"
        done += 1
    assert done >= 3
    for kind, body in BLOCK.findall(read(ROOT / f"docs/{name}.md")):
        if kind == "python":
            exec(compile(body, name, "exec"), {})


def made_by(script: str) -> dict[str, object]:
    return runpy.run_path(str(ROOT / "docs/scripts" / script))


def test_the_pages_of_the_commands_are_made_from_them() -> None:
    pages = made_by("commands.py")["pages"]()  # type: ignore[operator]
    assert {path.name: read(path) for path in sorted((ROOT / "docs/commands").iterdir())} == {
        path.name: text for path, text in pages.items()
    }, "run make docs"


def test_the_page_of_the_public_names_is_made_from_them() -> None:
    made = made_by("python_names.py")["page"]()  # type: ignore[operator]
    assert made == read(ROOT / "docs/PYTHON.md"), "run make docs"
    assert all(f"## {name}" in made for name in skucast.__all__ if name != "__version__")
