"""Templates are files: Jinja2 with no undefined names, and one digest over them all that goes into every result."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import BaseLoader, Environment, StrictUndefined, Template

_FOLDER = files(__package__).joinpath("templates")
TEMPLATES = Path(str(_FOLDER))  # for programs that want a file


@cache
def _environment() -> Environment:
    return Environment(
        loader=BaseLoader(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )


@cache
def _template(name: str) -> Template:
    """Compiled once: that takes longer than to fill it a hundred times."""
    return _environment().from_string(_FOLDER.joinpath(f"{name}.j2").read_text(encoding="utf-8"))


def render(name: str, **values: object) -> str:
    """Fill the template `templates/NAME.j2`. A name that the template uses and nobody gave is an error."""
    return _template(name).render(**values).strip("\n")


@cache
def prompt_digest() -> str:
    """First 12 hex digits of the SHA-256 over every template, in order of name: which words made this forecast."""
    digest = hashlib.sha256()
    for file in sorted(_FOLDER.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".j2"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
