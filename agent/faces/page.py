"""Pages from templates: every value is escaped, and a name that nobody gave is an error."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).with_name("templates")


@cache
def templates() -> Environment:
    """The templates of `agent/faces/templates`."""
    loader = FileSystemLoader(FOLDER)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(name: str, **values: object) -> str:
    """Fill `agent/faces/templates/NAME`."""
    return templates().get_template(name).render(**values)
