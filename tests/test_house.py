"""The house: which room and which wing may import which, no circles, and what lies at the root."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {
    "tools": set(),
    "prompts": {"tools"},
    "agent": {"tools", "prompts"},
    "finetune": {"tools", "prompts", "agent"},
    "evals": {"tools", "prompts", "agent"},
}
# Within a room, modules beside the wings come first, unless they stand here; then the wings, each on those before it.
# Wings in one set do not know each other.
WINGS: dict[str, list[set[str]]] = {
    "tools": [{"data"}, {"forecast"}, {"insight", "text"}, {"decide", "monitor"}, {"toolset"}],
    "prompts": [{"reading", "messages"}],
    "agent": [{"models"}, {"engines"}, {"forecast"}, {"chat", "batch"}, {"faces"}],
    "finetune": [{"retailer"}, {"examples"}, {"training"}],
    "evals": [{"tasks"}, {"scoring"}, {"leaderboard", "bench", "agent"}],
}
ABOVE_THE_WINGS = {
    *("prompts.routing", "prompts.beyond", "prompts.retelling", "finetune.learning"),
    *(f"agent.{name}" for name in ("workbench", "customers", "decisions", "forecasting", "grouped", "learning")),
    *(f"agent.{name}" for name in ("pricing", "recommending", "serving", "talking")),
    *(f"{room}.commands" for room in ROOMS),
}
HEAVY = {"torch", "transformers", "openai", "xgrammar", "langchain"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def dotted(path: Path) -> str:
    """A module as `tools.data.panel`; a package as its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed once for all that ask about it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[tuple[str, ...]]:
    """Absolute dotted paths of what a module imports, lazily and for types too; relative ones resolved to `skucast`."""
    package = ("skucast", *path.relative_to(ROOT).parts[:-1])
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = (*base, *(node.module.split(".") if node.module else ()))
            found |= {stem} | {(*stem, alias.name) for alias in node.names}
    return frozenset(found)


def graph() -> dict[str, set[str]]:
    """Each module of the rooms with those that it imports."""
    paths = {dotted(path): path for room in ROOMS for path in modules(room)}
    return {
        name: {".".join(used[1:]) for used in imports(path) if used[0] == "skucast"} & set(paths) - {name}
        for name, path in paths.items()
    }


def wing_of(name: str) -> str:
    room, *rest = name.split(".")
    return rest[0] if rest and (ROOT / room / rest[0]).is_dir() else ""


def height(name: str) -> int:
    """Where a module stands in its room: 0 beside the wings, from 1 within them, last above them."""
    levels = WINGS[name.split(".")[0]]
    if name in ABOVE_THE_WINGS:
        return len(levels) + 1
    wing = wing_of(name)
    return next((place for place, some in enumerate(levels, 1) if wing in some), 0)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_along_the_arrows(room: str) -> None:
    allowed = ROOMS[room] | {room}
    for path in modules(room):
        used = {name[1] for name in imports(path) if name[0] == "skucast" and len(name) > 1}
        assert used & set(ROOMS) <= allowed, f"{path.relative_to(ROOT)} imports {used - allowed}"


def test_wings_import_only_along_the_arrows() -> None:
    up = [
        f"{name} imports {other}"
        for name, used in graph().items()
        for other in used
        if other.split(".")[0] == name.split(".")[0]
        and wing_of(name) != wing_of(other)
        and height(other) >= height(name)
        and other.count(".")
    ]
    assert not up


def test_every_wing_has_its_place() -> None:
    for room, levels in WINGS.items():
        folders = {init.parent.name for init in (ROOT / room).glob("*/__init__.py")}
        assert folders <= set().union(*levels), room


def test_no_circles() -> None:
    left = graph()
    while free := [name for name, used in left.items() if not used & set(left)]:
        for name in free:
            del left[name]
    assert not left, {name: used & set(left) for name, used in left.items()}


@pytest.mark.parametrize("room", ["tools", "prompts"])
def test_numbers_and_words_need_no_llm(room: str) -> None:
    for path in modules(room):
        assert not {name[0] for name in imports(path)} & HEAVY, path.relative_to(ROOT)


def test_imports_between_rooms_are_relative() -> None:
    for room in ROOMS:
        for path in modules(room):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ImportFrom) and not node.level:
                    assert not (node.module or "").startswith("skucast"), path.relative_to(ROOT)


def test_packages_are_the_folders() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {"skucast"} | {
        ".".join(("skucast", *init.parent.relative_to(ROOT).parts))
        for room in ROOMS
        for init in (ROOT / room).rglob("__init__.py")
    }
    assert set(listed) == folders


def test_the_root_holds_only_the_face_and_the_command() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_the_command_only_mounts() -> None:
    """Every command is in its room; the root holds the order of the help, `--version` and what becomes of errors."""
    text = (ROOT / "__main__.py").read_text(encoding="utf-8")
    command = tree(ROOT / "__main__.py")
    assert len(text.splitlines()) < 120
    assert [node.name for node in command.body if isinstance(node, ast.FunctionDef)] == ["_skucast", "main"]
    modules = {
        node.module for node in ast.walk(command) if isinstance(node, ast.ImportFrom) and node.level and node.module
    }
    assert modules - {"tools.console", "tools.errors", "tools.inputs", "prompts.messages.say"} == {
        f"{room}.commands" for room in ROOMS if (ROOT / room / "commands.py").exists()
    }


def test_every_module_opens_with_a_caption() -> None:
    for path in [*ROOT.glob("*.py"), *(p for room in ROOMS for p in modules(room))]:
        assert ast.get_docstring(tree(path)), path.relative_to(ROOT)


def test_the_chat_names_no_tool() -> None:
    """It finds a tool by what is said of it in its module, so that a new one needs no change there."""
    names = {path.stem for path in (ROOT / "tools" / "toolset").glob("*.py") if "TOOL = " in path.read_text("utf-8")}
    assert "forecast" in names
    for path in (ROOT / "agent" / "chat").glob("*.py"):
        said = {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)}
        assert not names & said, path.relative_to(ROOT)
