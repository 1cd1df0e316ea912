"""Mutation testing: change the numbers' code in one place at a time, and count how often the tests notice.

make mutants                                  all groups, into docs/mutants.json and docs/MUTANTS.md
python tests/mutants.py --only decide         one group anew; the figures of the others stay as they are
python tests/mutants.py --module tools/decide/inventory.py    one module: survivors are shown, nothing is written
python tests/mutants.py --module tools/decide/inventory.py --keep    its figures take the place of those before
python tests/mutants.py --module tools/decide/lines.py --tenths 4    four in ten of its mutants, an even sample

mutmut makes the mutants and runs, for each, those tests of the module's own test file that reach the mutated function.
It expects a package under `src/`, and here the root of the repository is the package: so each module is tried in a
copy of the tree that is laid out as mutmut likes it, without tests/conftest.py, which opens the engines. mutmut leaves
constants of a module and decorated functions (properties, caches) as they are.

Mutants that no test can kill stand in tests/equivalent_mutants.toml with the reason. They count as survivors.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("tools", "prompts", "agent")
DECIDE = (  # those that do sums; what tells of them in words is tested with its numbers there
    *("allocate", "base_stock", "budget", "chance", "dynamics", "inventory", "lead_times", "lines"),
    *("newsvendor", "orders", "outlook", "price", "price_lines", "promotion", "run_out"),
)
GROUPS = {  # modules by group; a module's tests stand in its mirror: tools/x/y.py in tests/tools/x/test_y.py
    "quantiles": ["tools/quantiles.py"],
    "forecast": ["tools/forecast/weights.py", "tools/forecast/paths.py", "tools/forecast/conformal.py"],
    "decide": [f"tools/decide/{name}.py" for name in DECIDE],
    "monitor": ["tools/monitor/*.py"],
    "insight": ["tools/insight/*.py"],
}
SEED = 1  # of samples; the tests of insight were mended by those of seed 0, so the figures are of others
TENTHS = {"insight": 2}  # of the mutants of a slow group that are tried
GOAL = 85.0  # per cent of a group's mutants that must die
KILLED = {"killed", "timeout", "segfault"}
CONFIG = """[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/skucast/{module}"]
pytest_add_cli_args = ["--import-mode=importlib", "--hypothesis-seed=0", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["{test}"]
on_dependency_change = "ignore"
"""


def digits_of(tenths: int) -> str:
    """Last digits of the numbers of those mutants that are tried: an even sample; empty for all of them."""
    return "" if tenths == 10 else "".join(sorted(random.Random(SEED).sample("0123456789", tenths)))


@dataclass
class Survivor:
    """A mutant that no test noticed: the lines before and after, and why none can, where that is so."""

    function: str
    was: str
    becomes: str
    equivalent: str | None = None


@dataclass
class Tried:
    """One module: its mutants, how many were tried (by their last digits), those that died, and those that did not."""

    module: str
    test: str
    mutants: int
    tried: int
    killed: int
    seconds: float
    digits: str = ""
    survivors: list[Survivor] = field(default_factory=list)


def mutmut(folder: Path, *arguments: str) -> str:
    """Run mutmut in a folder, gently, and give what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        ["nice", sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env=environment | {"OMP_NUM_THREADS": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"mutmut {' '.join(arguments)} exited {done.returncode}: {done.stdout[-3000:]}")
    return done.stdout


def stage(folder: Path, module: str, test: str) -> None:
    """Lay the tree out under a folder as mutmut likes it, to mutate one module."""
    skucast = folder / "src" / "skucast"
    left_out = shutil.ignore_patterns("weights", "__pycache__")
    for room in ROOMS:
        shutil.copytree(ROOT / room, skucast / room, ignore=left_out)
    for path in ROOT.glob("*.py"):
        shutil.copy(path, skucast)
    shutil.copytree(ROOT / "tests" / "tools", folder / "tests" / "tools", ignore=left_out)
    (folder / "pyproject.toml").write_text(CONFIG.format(module=module, test=test), encoding="utf-8")


def try_module(module: str, digits: str, workers: int) -> Tried | None:
    """Make the mutants of one module and run its tests on each, or on those numbers that end in one of some digits."""
    path = Path(module)
    test = Path("tests") / path.parent / f"test_{path.name}"
    if path.name == "__init__.py":
        return None
    if not (ROOT / test).exists():
        raise SystemExit(f"{module} has no tests of its own: expected {test}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage(folder, module, str(test))
        mutmut(folder, "run", "--max-children", str(workers), *([f"*__mutmut_*[{digits}]"] if digits else []))
        verdicts = dict(re.findall(r"^\s*(\S+): ([\w ]+)$", mutmut(folder, "results", "--all", "true"), re.MULTILINE))
        tried = {mutant: verdict for mutant, verdict in verdicts.items() if verdict != "not checked"}
        alive = [mutant for mutant, verdict in tried.items() if verdict not in KILLED]
        with ThreadPoolExecutor(workers) as pool:
            survivors = list(pool.map(lambda mutant: survivor(folder, mutant), alive))
    seconds = round(time.monotonic() - began, 1)
    return Tried(module, str(test), len(verdicts), len(tried), len(tried) - len(alive), seconds, digits, survivors)


def survivor(folder: Path, mutant: str) -> Survivor:
    """What a mutant changed, from mutmut's diff."""
    lines = mutmut(folder, "show", mutant).splitlines()
    was, becomes = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3))
        for sign in "-+"
    )
    function = mutant.rpartition(".")[2].partition("__mutmut_")[0]
    return Survivor(re.sub(r"^xǁ|^x_", "", function).replace("ǁ", "."), was, becomes)


def explain(tried: list[Tried]) -> Iterator[str]:
    """Give known equivalent mutants their reasons, and those of the list that were not met back, for a warning."""
    known = tomllib.loads((ROOT / "tests" / "equivalent_mutants.toml").read_text(encoding="utf-8"))["mutant"]
    modules = {one.module for one in tried if one.tried == one.mutants}
    for entry in known:
        met = [
            mutant
            for one in tried
            for mutant in one.survivors
            if (one.module, mutant.was, mutant.becomes) == (entry["module"], entry["was"], entry["becomes"])
        ]
        for mutant in met:
            mutant.equivalent = entry["reason"]
        if not met and entry["module"] in modules:
            yield f"not met among the survivors of {entry['module']}: {entry['becomes']}"


def share(tried: list[Tried]) -> float:
    """Per cent killed of those that were tried."""
    return round(100 * sum(one.killed for one in tried) / max(sum(one.tried for one in tried), 1), 1)


def as_markdown(groups: dict[str, list[Tried]]) -> str:
    """The figures and the survivors, as the page in docs."""
    lines = [
        "# Mutants",
        "",
        "How often the tests of the numbers notice a change of one operator, constant, argument or string: made by "
        f"`make mutants` (tests/mutants.py, mutmut {version('mutmut')}), never by hand. Of a sample those are tried "
        f"whose number ends in one of some digits, drawn with seed {SEED}. "
        "Equivalent ones, which no test can kill, count as survivors; each stands below with its reason.",
        "",
        "| group | module | mutants | tried | digits | killed | % | equivalent |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for group, tried in groups.items():
        lines += [row(group, one.module, [one]) for one in tried]
        if len(tried) > 1:
            lines.append(row(group, "**together**", tried))
    for one in (one for tried in groups.values() for one in tried if one.survivors):
        lines += ["", f"## Survivors of {one.module}", "", "| function | was | becomes | why no test can tell |"]
        lines.append("|---|---|---|---|")
        for mutant in one.survivors:
            was, becomes = (" ⏎ ".join(code.splitlines()).replace("|", "¦") for code in (mutant.was, mutant.becomes))
            lines.append(f"| {mutant.function} | `{was}` | `{becomes}` | {mutant.equivalent or ''} |")
    return "\n".join(lines) + "\n"


def row(group: str, module: str, tried: list[Tried]) -> str:
    """One line of the table."""
    mutants, some, killed = (sum(getattr(one, name) for one in tried) for name in ("mutants", "tried", "killed"))
    digits = ", ".join(sorted({one.digits or "all" for one in tried}))
    equivalent = sum(mutant.equivalent is not None for one in tried for mutant in one.survivors)
    return f"| {group} | {module} | {mutants} | {some} | {digits} | {killed} | {share(tried)} | {equivalent} |"


def kept() -> dict[str, list[Tried]]:
    """The figures that were written before."""
    path = ROOT / "docs" / "mutants.json"
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        group: [Tried(**one | {"survivors": [Survivor(**mutant) for mutant in one["survivors"]]}) for one in tried]
        for group, tried in data.items()
    }


def with_others(tried: list[Tried], before: list[Tried]) -> list[Tried]:
    """The modules that were tried, and of those that were tried before the others, by name."""
    names = {one.module for one in tried}
    return sorted([*tried, *(one for one in before if one.module not in names)], key=lambda one: one.module)


def write(groups: dict[str, list[Tried]]) -> None:
    """Put the figures into docs, those of the groups that were not tried as they were."""
    merged = {group: (kept() | groups)[group] for group in GROUPS if group in kept() | groups}
    data = {group: [asdict(one) for one in tried] for group, tried in merged.items()}
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    (ROOT / "docs" / "mutants.json").write_text(text, encoding="utf-8")
    (ROOT / "docs" / "MUTANTS.md").write_text(as_markdown(merged), encoding="utf-8")


def main() -> None:
    """Try the groups, write the figures, and end in exit code 1 where too few mutants died."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=GROUPS, action="append", help="a group, or several")
    parser.add_argument("--module", help="one module of them, such as tools/quantiles.py; nothing is written")
    parser.add_argument("--keep", action="store_true", help="with --module: write its figures, too")
    parser.add_argument("--tenths", type=int, choices=range(1, 11), help="of the mutants that are tried, for a sample")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    chosen = parser.parse_args()
    groups: dict[str, list[Tried]] = {}
    for group in chosen.only or GROUPS:
        paths = sorted({path for pattern in GROUPS[group] for path in ROOT.glob(pattern)})
        for module in (str(path.relative_to(ROOT)) for path in paths):
            if chosen.module not in (None, module):
                continue
            if tried := try_module(module, digits_of(chosen.tenths or TENTHS.get(group, 10)), chosen.workers):
                groups.setdefault(group, []).append(tried)
                print(f"{module}: {tried.killed} of {tried.tried} killed in {tried.seconds:.0f} s", flush=True)
    every = [one for tried in groups.values() for one in tried]
    for warning in explain(every):
        print(warning)
    for one in every:
        for mutant in (mutant for mutant in one.survivors if mutant.equivalent is None):
            print(f"\n{one.module} {mutant.function}\n- {mutant.was}\n+ {mutant.becomes}")
    if not chosen.module:
        write(groups)
    elif chosen.keep:
        write({group: with_others(tried, kept().get(group, [])) for group, tried in groups.items()})
    if low := [group for group, tried in groups.items() if share(tried) < GOAL]:
        raise SystemExit(f"fewer than {GOAL:g} % killed: {', '.join(low)}")


if __name__ == "__main__":
    main()
