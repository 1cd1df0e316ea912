"""Files that can and cannot be written, asked before: nothing is left behind by asking."""

from pathlib import Path

import pytest
from skucast.tools.errors import InputError
from skucast.tools.files import check_writable


def test_files_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").write_text("x")
    monkeypatch.chdir(tmp_path)
    check_writable(tmp_path / "deep" / "down" / "new")
    check_writable(Path("new"), folder_too=False)
    check_writable(Path("there"))
    assert [path.name for path in tmp_path.iterdir()] == ["there"] and (tmp_path / "there").read_text() == "x"


def test_files_that_cannot(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"cannot be written \(it is a folder\)"):
        check_writable(tmp_path)
    with pytest.raises(InputError, match=r"^plot p: cannot be written \(No such file or directory\)"):
        check_writable(tmp_path / "no" / "p.png", "plot p", folder_too=False)
    with pytest.raises(InputError, match=r"cannot be written \(Not a directory\)"):
        check_writable(tmp_path / "file" / "deep" / "f.jsonl")
