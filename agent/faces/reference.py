"""docs/TOOLS.md: every tool and its arguments, made from the tools: python -m skucast.agent.faces.reference."""

from pathlib import Path

from ...prompts.messages.say import say
from ...tools.files import write_whole
from ...tools.messages import Message
from ...tools.toolset.kit import kinds
from ...tools.toolset.registry import tools

PAGE = Path(__file__).parents[2] / "docs" / "TOOLS.md"


def page() -> str:
    """The page as Markdown: what each tool does, an example of asking it, and how each argument is read."""
    lines = [
        "# The tools",
        "",
        "Made by `make docs` from `tools/toolset/`, one module a tool; not by hand.",
        "",
        "| tool | what it does | ask it | arguments, and how each is read |",
        "|---|---|---|---|",
    ]
    for name, tool in tools().items():
        example = "" if tool.outside else say(Message(f"{name.replace('_', '-')}-example"))
        fields = ", ".join(f"`{field}` ({kind})" for field, kind in kinds(tool.arguments).items()) or "none"
        lines.append(f"| `{name}` | {tool.does} | {example} | {fields} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write_whole(PAGE, page())
