"""Whether a rebuild changed a forecast, score, report or reply: fixed commands, run before and after, compared.

make unchanged                                          about eight minutes on two cores, later about half
python -m skucast.evals.bench.unchanged --before REF    against another commit
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import pandas as pd
import platformdirs

from ...tools.files import write_whole
from .fixed_commands import COMMANDS, Command
from .fixed_inputs import inputs, write_inputs
from .sameness import Intended, Parts, Verdict, clean, compare, placed, short, without_bars

ROOT = Path(__file__).parents[2]
BEFORE = "93b3cb5"  # the commit before the rebuild
RESULTS = "docs/unchanged.json"
LONGEST = 600.0  # seconds of one command
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "2",
    "GOMP_SPINCOUNT": "20000",
    "TQDM_DISABLE": "1",
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}
TEXT = {".json", ".jsonl", ".csv", ".md", ".html", ".svg", ".txt", ".toml"}

INTENDED: tuple[Intended, ...] = (  # changes that are meant to be, each with its reason
    Intended("help-*", "[│╭╰]", "--overwrite, schema --tools and an address in place of a path stand in the help"),
    Intended("forecast-table", '<meta name="generator"', "a chart says who made it, so that no other file is replaced"),
    Intended("forecast-monthly-table", "[\u4e00-\u9fff]", "reasons within a Chinese warning are Chinese, too"),
    Intended("chat-*", '"failed": (true|false)', "whether a tool refused is a field, no longer read from the words"),
)


def git(*words: str) -> str:
    """What git says of this repository."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def environment(packages: Path, models: Path) -> dict[str, str]:
    """The same surroundings for both sides: nothing of the person's own but the cache with the default model.

    Args:
        packages: folder in which `skucast` is the tree to run.
        models: an empty registry.
    """
    theirs = ("SKUCAST_", "OPENAI_", "OTEL_", "LANGCHAIN_", "LANGSMITH_", "PYTHON", "RAY_")
    kept = {k: v for k, v in os.environ.items() if k == "SKUCAST_CACHE" or not k.startswith(theirs)}
    return kept | FIXED | {"PYTHONPATH": str(packages), "SKUCAST_MODELS": str(models)}


def read_file(path: Path) -> str:
    """A file as text to compare: Parquet as its rows and types, what is no text as its digest."""
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        return f"{frame.dtypes.to_string()}\n{frame.to_csv(index=False)}"
    if path.suffix in TEXT:
        return path.read_text(encoding="utf-8")
    return f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def run_one(command: Command, work: Path, env: Mapping[str, str], paths: Mapping[str, str]) -> dict[str, str]:
    """Run one command in a folder of its own, and read what came of it, places on this machine taken out."""
    folder = work / command.name
    folder.mkdir()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "skucast", *command.words],
            cwd=folder,
            env=dict(env),
            input="".join(f"{line}\n" for line in command.typed).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
        code, out, err = str(done.returncode), done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        code, out, err = "none: it did not end", late.stdout or b"", late.stderr or b""
    parts = {"exit": code, "stdout": out.decode(errors="replace"), "stderr": without_bars(err.decode(errors="replace"))}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"):
        parts[str(path.relative_to(folder))] = read_file(path)
    return {name: placed(text, paths) for name, text in parts.items()}


def run_side(
    tree: Path, commands: Sequence[Command], base: Path, tell: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """Run the commands with the package as it stands in a tree; what came of each, by its name.

    Args:
        tree: root of the repository's files.
        commands: to run, in order.
        base: an empty folder to work in.
        tell: called with each command as it begins.

    Raises:
        SystemExit: another `skucast` than the tree's would run.
    """
    packages, work, models = base / "links", base / "work", base / "models"
    for folder in (packages, work, models):
        folder.mkdir(parents=True)
    (packages / "skucast").symlink_to(tree, target_is_directory=True)
    write_inputs(work / "inputs")
    env = environment(packages, models)
    code = "import pathlib, skucast; print(pathlib.Path(skucast.__file__).resolve().parent)"
    found = subprocess.run([sys.executable, "-c", code], cwd=work, env=env, capture_output=True, text=True, check=True)
    if Path(found.stdout.strip()) != tree.resolve():
        raise SystemExit(f"unchanged: {found.stdout.strip()} would run in place of {tree}")
    paths = {
        str(packages / "skucast"): "<skucast>",
        str(work): "<work>",
        str(base): "<base>",
        str(tree.resolve()): "<skucast>",
        str(Path.home()): "<home>",
    }
    made = {}
    for number, command in enumerate(commands, 1):
        tell(f"{number}/{len(commands)} {command.name}")
        made[command.name] = run_one(command, work, env, paths)
    return made


@contextmanager
def tree_of(commit: str, folder: Path) -> Iterator[Path]:
    """The repository's files as of a commit, in a folder, for as long as it takes."""
    git("worktree", "add", "--detach", "--quiet", str(folder), commit)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def kept_path(commit: str) -> Path:
    """Where what came before is kept: by commit, inputs, environment, packages and machine."""
    packages = sorted(f"{one.name} {one.version}" for one in metadata.distributions() if one.name != "skucast")
    whole = repr((inputs(), FIXED, packages, sys.version, processor(), os.cpu_count()))
    digest = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("skucast") / "unchanged" / f"{commit[:12]}-{digest}.json"


def processor() -> str:
    """The processor's name, where the system tells it: another one's arithmetic rounds otherwise."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next((line for line in lines if line.startswith("model name")), platform.processor())


def with_needed(commands: Sequence[Command]) -> list[Command]:
    """The commands and those whose files they read, in order."""
    names = {one.name for one in commands}
    for one in reversed(COMMANDS):
        if one.name in names:
            names |= one.needs
    return [one for one in COMMANDS if one.name in names]


def key_of(command: Command) -> str:
    """What a command and those that it needs ask: by that, what came of it is kept."""
    asked = [*(one for one in with_needed([command]) if one.name != command.name), command]
    whole = repr([(one.name, one.words, one.typed) for one in asked])
    return f"{command.name} {hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def before_of(
    commit: str, commands: Sequence[Command], base: Path, tell: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """What came of the commands at a commit: as it was kept; what was not is run now and kept."""
    path = kept_path(commit)
    kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = with_needed([one for one in commands if key_of(one) not in kept])
    tell(f"before: {len(commands)} commands, {len(missing)} of them to run at {commit[:7]}")
    if missing:
        with tree_of(commit, base / "tree") as tree:
            made = run_side(tree, missing, base / "run", lambda command: tell(f"before {command}"))
        kept |= {key_of(one): made[one.name] for one in missing}
        write_whole(path, json.dumps(kept, ensure_ascii=False))
    return {one.name: kept[key_of(one)] for one in commands}


def verdicts(
    commands: Sequence[Command], before: Mapping[str, Parts], after: Mapping[str, Parts], intended: Sequence[Intended]
) -> dict[str, Verdict]:
    """The comparison of each command, by its name."""
    found = {}
    for one in commands:
        old, new = ({part: clean(text, one.scrub) for part, text in side[one.name].items()} for side in (before, after))
        found[one.name] = compare(one.name, old, new, intended)
    return found


def written(
    commands: Sequence[Command], found: Mapping[str, Verdict], before: str, after: str, changed_files: bool
) -> str:
    """The results as the JSON that is committed."""
    result = {
        "command": "python -m skucast.evals.bench.unchanged --before " + before[:7],
        "before": before,
        "after": after + (" and changes not committed" if changed_files else ""),
        **{kind: Counter(one.result for one in found.values())[kind] for kind in ("same", "intended", "changed")},
        "commands": [
            {
                "name": one.name,
                "command": " ".join(["skucast", *one.words]),
                **({"requests": len(one.typed)} if one.typed else {}),
                "result": found[one.name].result,
                **({"reasons": list(found[one.name].reasons)} if found[one.name].reasons else {}),
            }
            for one in commands
        ],
    }
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Run, compare, print a table and write the results; 1 where something changed that was not meant to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--before", default=BEFORE, help="the commit to compare with")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="some commands alone; writes no results")
    parser.add_argument("--out", type=Path, default=ROOT / RESULTS)
    given = parser.parse_args()
    if unknown := set(given.only) - {one.name for one in COMMANDS}:
        parser.error(f"--only: no such command: {', '.join(sorted(unknown))}")
    commands = with_needed([one for one in COMMANDS if not given.only or one.name in given.only])
    commit = git("rev-parse", "--verify", f"{given.before}^{{commit}}")
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)

    base = Path(tempfile.mkdtemp(prefix="unchanged-"))
    try:
        before = before_of(commit, commands, base / "a", tell)
        after = run_side(ROOT, commands, base / "b" / "run", lambda command: tell(f"after {command}"))
    finally:
        shutil.rmtree(base, ignore_errors=True)
    found = verdicts(commands, before, after, INTENDED)
    for one in commands:
        verdict = found[one.name]
        print(f"{verdict.result:8}  {one.name:24}  {'; '.join(verdict.reasons)}".rstrip())
        if verdict.diff:
            print(short(verdict.diff))
    count = Counter(one.result for one in found.values())
    print(", ".join(f"{count[kind]} {kind}" for kind in ("same", "intended", "changed")))
    if not given.only:
        dirty = bool(git("status", "--porcelain", "--", ".", f":(exclude){RESULTS}"))
        write_whole(given.out, written(commands, found, commit, git("rev-parse", "HEAD"), dirty))
    return 1 if count["changed"] else 0


if __name__ == "__main__":
    sys.exit(main())
