"""docs/commands/: a page a command, made from the commands themselves: python docs/scripts/commands.py."""

from pathlib import Path

import typer
from skucast.__main__ import app
from skucast.tools.files import write_whole
from typer.cli import get_docs_for_click
from typer.core import MARKUP_MODE_KEY, TyperGroup
from typer.main import get_command

FOLDER = Path(__file__).parents[1] / "commands"


def pages() -> dict[Path, str]:
    """The text of each page by its file: one a command, and `index.md` that lists them."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    context = typer.Context(root, info_name="skucast", obj={MARKUP_MODE_KEY: "rich"})
    made: dict[Path, str] = {}
    lines = [
        "# Commands",
        "",
        "Made by `make docs` from the commands; `skucast COMMAND --help` says the same.",
        "",
        "| command | what it does |",
        "|---|---|",
    ]
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        made[FOLDER / f"{name}.md"] = (
            get_docs_for_click(obj=command, ctx=context, name=f"skucast {name}").strip() + "\n"
        )
        lines.append(f"| [`skucast {name}`]({name}.md) | {first(command.help)} |")
    return {FOLDER / "index.md": "\n".join(lines) + "\n", **made}


def first(text: str | None) -> str:
    """The first paragraph of a help text, in one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


if __name__ == "__main__":
    for path, text in pages().items():
        write_whole(path, text)
