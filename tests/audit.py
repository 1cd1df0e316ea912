"""`make audit`: known vulnerabilities of what is installed, its licences, an SBOM; exit code 1 where one is not good.

The database of vulnerabilities is asked over the network. Where it cannot be reached that is said, the rest is done,
and the exit code is 3: nothing was found is not the same as nothing was asked.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = Path(metadata.distribution("pytest").locate_file(""))
SBOM = ROOT / "dist" / "skucast.cdx.json"
REFUSED = re.compile(r"\bA?GPL|SSPL|BUSL|Commons Clause|Non.?Commercial|UNKNOWN", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser", re.IGNORECASE)  # may be used as a library, and is
KNOWN = ROOT / "tests" / "licences.toml"


def ask(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a program, and give what it printed."""
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)


def vulnerabilities(tools: Path) -> tuple[list[str], str]:
    """Known vulnerabilities, one line each, and why they could not be asked for; empty where they could."""
    done = ask(tools / "pip-audit", "--path", SITE, "--progress-spinner", "off", "--format", "json")
    try:
        held = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["no answer"])[-1][:200]
    asked = [one for one in held if "skip_reason" not in one]
    found = [f"{one['name']} {one['version']}: {fault['id']}" for one in asked for fault in one["vulns"]]
    return found, "" if len(asked) > len(held) / 2 else f"the database knew {len(asked)} of {len(held)} packages"


def licences(tools: Path) -> tuple[Counter[str], list[str], list[str]]:
    """How many packages there are of each licence, what is known of some by hand, and those that may not be used."""
    done = ask(tools / "pip-licenses", f"--python={sys.executable}", "--format=json", "--from=mixed")
    found = {one["Name"]: " ".join(one["License"].split())[:40] for one in json.loads(done.stdout)}
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    told = {name: f"{said} ({kind})" for kind, some in known.items() for name, said in some.items() if name in found}
    odd = [
        f"{name}: {said}" for name, said in found.items() if name not in told and REFUSED.search(LESSER.sub("", said))
    ]
    return Counter(found.values()), [f"{name}: {said}" for name, said in told.items()], odd


def main() -> None:
    """Ask all three, and say what came of each."""
    tools = Path(sys.argv[1])
    SBOM.parent.mkdir(exist_ok=True)
    made = ask(
        *(tools / "cyclonedx-py", "environment", sys.executable, "--pyproject", ROOT / "pyproject.toml"),
        *("--output-reproducible", "--of", "JSON", "-o", SBOM),
    )
    if made.returncode:
        raise SystemExit(f"no SBOM: {made.stderr.strip().splitlines()[-1]}")
    parts = json.loads(SBOM.read_text(encoding="utf-8"))["components"]
    print(f"SBOM: {SBOM.relative_to(ROOT)}, {len(parts)} components")
    found, told, odd = licences(tools)
    print(
        f"licences of {found.total()} packages:",
        *(f"{count:4} {name}" for name, count in found.most_common()),
        sep="\n  ",
    )
    print("known by hand:", *told, sep="\n  ")
    print(f"{len(odd)} that may not be used", *odd, sep="\n  ")
    faults, why = vulnerabilities(tools)
    print(f"vulnerabilities: {why or f'{len(faults)} known'}", *faults, sep="\n  ")
    if why:
        print("the database of vulnerabilities could not be asked: run this again where it can be reached")
    raise SystemExit(1 if odd or faults else 3 if why else 0)


if __name__ == "__main__":
    main()
