"""The two locks: what skucast stands on, once for its own environment and once for vLLM's CPU build."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
APART = {"torch"}  # installed before the lock is


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if "==" in line and not line.startswith("#")]
    return {canonical(package): version.strip() for package, version in pairs}


def canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package.strip()).lower()


def test_what_skucast_depends_on_is_in_the_lock_of_vllms_cpu_build() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {canonical(re.split(r"[\s<>=!;\[]", one)[0]) for one in project["dependencies"]}
    assert not sorted(needed - APART - set(locked("docs/deploy/vllm-cpu.txt")))


def test_fluent_and_what_it_pulls_are_of_the_same_versions_in_both() -> None:
    ours, theirs = locked("constraints.txt"), locked("docs/deploy/vllm-cpu.txt")
    assert {name: theirs[name] for name in ("fluent-runtime", "fluent-syntax", "babel", "pytz")} == {
        name: ours[name] for name in ("fluent-runtime", "fluent-syntax", "babel", "pytz")
    }
