"""The house: which room may import which, and what lies at the root."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "tools": set(),
    "prompts": {"tools"},
    "agent": {"tools", "prompts"},
    "finetune": {"tools", "prompts", "agent"},
    "evals": {"tools", "prompts", "agent"},
}
HEAVY = {"torch", "transformers", "openai", "xgrammar", "langchain"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[tuple[str, ...]]:
    """Absolute dotted paths of what a module imports, relative ones resolved to `skucast`."""
    package = ("skucast", *path.relative_to(ROOT).parts[:-1])
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = (*base, *(node.module.split(".") if node.module else ()))
            found |= {stem} | {(*stem, alias.name) for alias in node.names}
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_only_along_the_arrows(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    for path in modules(room):
        used = {name[1] for name in imports(path) if name[0] == "skucast" and len(name) > 1}
        assert used & set(MAY_IMPORT) <= allowed, f"{path.relative_to(ROOT)} imports {used - allowed}"


@pytest.mark.parametrize("room", ["tools", "prompts"])
def test_numbers_and_words_need_no_llm(room: str) -> None:
    for path in modules(room):
        assert not {name[0] for name in imports(path)} & HEAVY, path.relative_to(ROOT)


def test_imports_between_rooms_are_relative() -> None:
    for room in MAY_IMPORT:
        for path in modules(room):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and not node.level:
                    assert not (node.module or "").startswith("skucast"), path.relative_to(ROOT)


def test_packages_are_the_folders() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {"skucast"} | {
        ".".join(("skucast", *init.parent.relative_to(ROOT).parts))
        for room in MAY_IMPORT
        for init in (ROOT / room).rglob("__init__.py")
    }
    assert set(listed) == folders


def test_the_root_holds_only_the_face_and_the_command() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_every_module_opens_with_a_caption() -> None:
    for path in [*ROOT.glob("*.py"), *(p for room in MAY_IMPORT for p in modules(room))]:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.relative_to(ROOT)
