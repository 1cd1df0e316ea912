"""What is deployed: the container file is well formed and says what the project says; the wheel is of a size."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs/deploy/Containerfile"
MOST = 60_000_000  # bytes of the wheel


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_linter_of_container_files_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(ROOT / ".venv/bin")) or shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run([linter, str(FILE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_file_says_what_the_project_says() -> None:
    text, about = FILE.read_text(encoding="utf-8"), project()["project"]
    assert isinstance(about, dict)
    assert re.findall(r"^FROM \S+ AS (\w+)$", text, flags=re.MULTILINE) == ["wheel", "base", "gpu", "cpu"]
    extras = {name for found in re.findall(r"whl\)\[([\w,]+)\]", text) for name in found.split(",")}
    assert extras == {"customers", "db", "demo", "learning", "server", "vllm"} <= set(about["optional-dependencies"])
    assert set(re.findall(r"torch==[\d.]+", text)) == {one for one in about["dependencies"] if one.startswith("torch")}
    assert [f">={one}" for one in re.findall(r"PYTHON=([\d.]+)", text)] == [about["requires-python"]]


def test_what_goes_into_the_wheel_is_less_than_it_may_be() -> None:
    """The files as they are, uncompressed: the weights among them hardly shrink."""
    made = project()["tool"]["setuptools"]  # type: ignore[index]
    folders = {name: ROOT / name.removeprefix("skucast").lstrip(".").replace(".", "/") for name in made["packages"]}
    code = {path for folder in folders.values() for path in folder.glob("*.py")}
    data = {path for name, globs in made["package-data"].items() for glob in globs for path in folders[name].glob(glob)}
    assert len(code) > 300 and any(path.suffix == ".safetensors" for path in data)
    assert sum(path.stat().st_size for path in code | data if path.is_file()) < MOST
