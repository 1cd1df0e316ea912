"""docs/PYTHON.md: the public names of the package, made from their docstrings: python docs/scripts/python_names.py."""

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import skucast
from skucast.tools.files import write_whole

PAGE = Path(__file__).parents[1] / "PYTHON.md"
SECTION = re.compile(r"(Args|Attributes|Returns|Raises|Yields):")
ENTRY = re.compile(r" {4}(\w[\w*, ]*): (.+)")


def page() -> str:
    """The page: each public name with its signature and docstring, and of a class each public method."""
    lines = ["# From Python", "", "Made by `make docs` from `skucast.__all__`.", ""]
    for name in sorted(skucast.__all__):
        found = getattr(skucast, name)
        if not callable(found):
            continue
        lines += [f"## {name}", "", *told(found)]
        for method, value in vars(found).items() if inspect.isclass(found) else ():
            function = getattr(value, "__func__", value)
            ours = inspect.isfunction(function) and function.__module__.startswith("skucast.")
            if ours and not method.startswith("_"):
                lines += [f"### {name}.{method}", "", *told(function)]
    return "\n".join(lines).strip() + "\n"


def told(found: Any) -> list[str]:
    """Signature, as the source has it, and docstring as Markdown; what a class is made of stands in its docstring."""
    lines = []
    if inspect.isfunction(found):
        source = textwrap.dedent(inspect.getsource(found))
        source = source[source.index("def ") :]
        lines = ["```python", source[: source.index(":\n") + 1] + " ...", "```", ""]
    for line in inspect.cleandoc(found.__doc__ or "").splitlines():
        if section := SECTION.fullmatch(line):
            lines += [f"**{section[1]}**", ""]
        elif entry := ENTRY.fullmatch(line):
            lines.append(f"- `{entry[1]}`: {entry[2]}")
        else:
            lines.append(f"  {line.strip()}" if line.startswith("     ") else line.strip())
    return [*lines, ""]


if __name__ == "__main__":
    write_whole(PAGE, page())
