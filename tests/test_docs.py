"""The docs: short where they must be, links and paths in them lead somewhere, and what is derived is up to date."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import skucast
from skucast.agent.faces.reference import PAGE, page
from skucast.evals.scoring.contestants import CONTESTANTS
from skucast.evals.tasks.task import shipped_tasks

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "finetune/README.md", *sorted(ROOT.glob("docs/*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"NAME|LANG")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def paths_in(text: str) -> list[str]:
    """What stands in backticks and is a path of the repository: it has a folder in it, or a suffix of ours."""
    spans = CODE.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [one for one in spans if re.fullmatch(r"[\w.{},/-]+/[\w./-]*|[\w.]+\.(py|md|toml)", one)]


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def files_of_a_new_tool() -> set[str]:
    """Those that the test of a new tool writes, by its name in capitals."""
    tree = ast.parse(read(ROOT / "tests/test_new_tool.py"))
    made = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "FILES"
    )
    assert isinstance(made, ast.Dict)
    return {str(ast.literal_eval(key)).replace("markdown", "NAME") for key in made.keys if key is not None}


def test_the_readme_is_short_and_says_at_once_who_should_read_what() -> None:
    lines = read(ROOT / "README.md").splitlines()
    assert len(lines) < 200
    assert any("who should read what" in line.lower() for line in lines[:20])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(read(path)):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), f"{path.name}: {link}"
        assert not anchor or anchor in anchors(read(target)), f"{path.name}: {link}"


@pytest.mark.parametrize("name", ["docs/ARCHITECTURE.md", "CONTRIBUTING.md", "docs/AGENT.md"])
def test_every_path_that_is_named_is_there(name: str) -> None:
    paths = paths_in(read(ROOT / name))
    assert len(paths) > 10
    for path in paths:
        if place := PLACE.search(path):  # of something to be added: its folder is there, or a new tool makes it
            folder = path[: place.start()].rpartition("/")[0]
            there = (ROOT / folder).is_dir() or path in files_of_a_new_tool() or path.startswith("tests/tools/toolset/")
        else:
            there = (ROOT / path).exists() or path == "commands.py"
        assert there, f"{name}: {path}"


def test_every_name_of_a_module_that_is_named_is_in_it() -> None:
    """`READERS` of `prompts/reading/fields.py`: the name stands in the module."""
    text = " ".join(read(ROOT / "CONTRIBUTING.md").split())
    pairs = re.findall(r"`(\w+)` (?:of|in) `([\w/]+\.py)`", text)
    assert len(pairs) >= 3
    for word, module in pairs:
        assert re.search(rf"\b{word}\b", read(ROOT / module)), (word, module)


def test_the_files_of_a_new_tool_are_those_that_the_test_adds() -> None:
    text = read(ROOT / "CONTRIBUTING.md")
    section = text.partition("## Add a tool")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE)
    assert set(rows) == {*files_of_a_new_tool(), "tests/tools/toolset/test_NAME.py"} and len(rows) == 6


def test_the_tests_that_a_fault_is_tried_by_are_there() -> None:
    tests = re.findall(r"`([\w/]+\.py)::(\w+)`", read(ROOT / "docs/FAULTS.md"))
    assert len(tests) > 15
    for file, test in tests:
        assert f"def {test}(" in read(ROOT / "tests/agent" / file), f"{file}::{test}"


def test_the_page_of_the_tools_is_made_from_them() -> None:
    assert read(PAGE) == page(), "run make docs"


def test_every_contestant_and_task_is_in_the_page_of_the_evals() -> None:
    spans = set(CODE.findall(read(ROOT / "docs/EVALS.md")))
    assert {*CONTESTANTS, *shipped_tasks()} <= spans


def test_the_index_links_every_page() -> None:
    links = set(LINK.findall(read(ROOT / "docs/index.md")))
    assert {path.name for path in ROOT.glob("docs/*.md")} - {"index.md"} <= links


def test_the_changelog_is_by_release() -> None:
    heads = re.findall(r"^## (.+)$", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert project["version"] == skucast.__version__
    assert heads == ["Unreleased", skucast.__version__, "0.1.0"]
