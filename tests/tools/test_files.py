"""Files: whole or not at all, held by one process, never in the place of a person's own; errors in one line."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from skucast.tools.errors import InputError
from skucast.tools.files import (
    PART,
    check_ours,
    check_writable,
    has_lines,
    locked,
    reading,
    replacing,
    replacing_folder,
    write_whole,
)

NOBODY = 65534


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def as_nobody(folder: Path, run: Callable[[], object]) -> str:
    """What another user is told who runs this: root may write everything."""
    told, tell = os.pipe()
    folder.chmod(0o755)
    child = os.fork()
    if not child:
        said = ""
        try:
            os.chdir(folder)  # the folders above may be closed to others
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            run()
        except InputError as error:
            said = str(error)
        finally:
            os.write(tell, said.encode())
            os._exit(0)
    os.waitpid(child, 0)
    os.close(tell)
    with os.fdopen(told) as said_there:
        return said_there.read()


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


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "a.txt"
    write_whole(path, "Käse\n")
    write_whole(path, b"\xff")
    assert path.read_bytes() == b"\xff" and names(path.parent) == ["a.txt"]
    with replacing(path) as beside:
        assert beside.suffix == ".txt" and beside.parent == path.parent
        beside.write_text("new")
        assert path.read_bytes() == b"\xff"
    assert path.read_text() == "new"


def test_an_error_or_ctrl_c_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), replacing(path) as beside:
            beside.write_text("half")
            raise error
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_a_kill_half_way_leaves_the_old_file_and_the_next_clears_up(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.txt", tmp_path / "model"
    path.write_text("old")
    for made, inside in (("replacing", "beside"), ("replacing_folder", "beside / 'weights'")):
        where = path if made == "replacing" else folder
        code = (
            "import os, pathlib, signal\n"
            f"from skucast.tools.files import {made}\n"
            f"with {made}(pathlib.Path({str(where)!r})) as beside:\n"
            f"    ({inside}).write_text('half')\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert path.read_text() == "old" and not folder.exists() and len(names(tmp_path)) == 3
    write_whole(path, "new")
    with replacing_folder(folder) as ready:
        (ready / "weights").write_text("whole")
    assert names(tmp_path) == ["a.txt", "model"]
    assert path.read_text() == "new" and (folder / "weights").read_text() == "whole"


def test_what_another_process_is_writing_is_left(tmp_path: Path) -> None:
    other = tmp_path / PART.format(process=os.getppid(), name="a.txt")
    other.write_text("half")
    write_whole(tmp_path / "a.txt", "whole")
    assert other.read_text() == "half"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    (tmp_path / PART.format(process=os.getpid(), name="a.txt")).symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"^it: cannot be written \(No space left on device\); go on$"):
        write_whole(path, "new", "it", then="; go on")
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]
    with pytest.raises(InputError, match="No space left"):
        write_whole(Path("/dev/full"), "x")


def test_no_place_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, why in ((tmp_path / "file" / "a", "Not a directory|File exists"), (tmp_path, "it is a folder")):
        with pytest.raises(InputError, match=rf"cannot be written \(({why})\)"):
            write_whole(path, "x")
    with pytest.raises(InputError, match="cannot be written"), replacing_folder(tmp_path / "file" / "a"):
        pass
    with pytest.raises(InputError, match="cannot be written"), locked(tmp_path / "file" / "a"):
        pass


def test_no_right_to_write(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    mine.chmod(0o444)
    told = [
        as_nobody(tmp_path, lambda: write_whole(Path("mine"), "x")),
        as_nobody(tmp_path, lambda: write_whole(Path("new"), "x")),
        as_nobody(tmp_path, lambda: write_whole(Path("deep/new"), "x")),
        as_nobody(tmp_path, lambda: check_writable(Path("mine"))),
        as_nobody(tmp_path, lambda: locked(Path("mine")).__enter__()),
        as_nobody(tmp_path, lambda: replacing_folder(Path("model")).__enter__()),
    ]
    places = ("mine", "new", "deep/new", "mine", "mine", "model")
    if os.getuid() == 0:  # else the folder is ours, and some of it may be written
        assert told == [f"{place}: cannot be written (Permission denied)" for place in places]
    tmp_path.chmod(0o777)  # a rename would go through
    assert as_nobody(tmp_path, lambda: write_whole(Path("mine"), "x")).endswith("(Permission denied)")
    assert mine.read_text() == "mine"


def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_whole(tmp_path / "link.txt", "new")
    assert (tmp_path / "real.txt").read_text() == "new" and (tmp_path / "link.txt").is_symlink()
    write_whole(Path("/dev/null"), "gone")
    assert not Path("/dev/null").is_file()


def test_a_folder_takes_its_place_whole(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    with replacing_folder(folder) as ready:
        (ready / "one").write_text("1")
        assert not folder.exists()
    with pytest.raises(InputError, match="Directory not empty"), replacing_folder(folder) as ready:
        (ready / "two").write_text("2")
    with pytest.raises(KeyError), replacing_folder(folder, replace=True) as ready:
        raise KeyError
    assert names(folder) == ["one"]
    with replacing_folder(folder, replace=True) as ready:
        (ready / "two").write_text("2")
    assert names(folder) == ["two"]
    with replacing_folder(folder, replace=True, stands=(folder / "two").exists) as ready:
        (ready / "three").write_text("3")
    assert names(folder) == ["two"] and names(tmp_path) == ["model"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "f.jsonl"
    with locked(path, "it") as handle:
        os.write(handle, b"a\n")
        with pytest.raises(InputError, match=r"^it: another run is writing this file$"), locked(path, "it"):
            pass
    with locked(path, keep=False) as handle:
        os.write(handle, b"b\n")
        assert path.read_bytes() == b"a\nb\n"
    assert not path.exists()


def test_what_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    theirs, ours, empty = tmp_path / "theirs", tmp_path / "ours", tmp_path / "empty"
    theirs.write_bytes(b"\xff their sales")
    ours.write_text("made by us")
    empty.write_text("")

    def is_ours(path: Path) -> bool:
        return "us" in path.read_text(encoding="utf-8")  # raises of bytes that are no text

    for path in (ours, empty, tmp_path / "new", tmp_path, Path("/dev/null")):
        assert not check_ours(path, is_ours)
    with pytest.raises(InputError, match=r"^file-not-ours .*plot theirs"):
        check_ours(theirs, is_ours, "plot theirs")
    assert check_ours(theirs, is_ours, overwrite=True) and not check_ours(ours, is_ours, overwrite=True)


def test_what_is_read_is_never_replaced(tmp_path: Path) -> None:
    data = tmp_path / "sales.csv"
    data.write_text("sales")
    (tmp_path / "link.csv").symlink_to(data)
    os.link(data, tmp_path / "hard.csv")
    for path in (data, tmp_path / "link.csv", tmp_path / "hard.csv", tmp_path / "." / "x" / ".." / "sales.csv"):
        with pytest.raises(InputError, match="file-is-input"):
            check_ours(path, lambda _: True, overwrite=True, reads=reading(tmp_path / "other", None, data))


def test_lines_of_one_kind(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"

    def told(content: str) -> bool:
        path.write_text(content)
        return has_lines(path, int, "1")

    assert told("1\n12\n") and told("1\n1") and told("1")
    path.write_bytes(b"1\n1\xe4")  # half a letter
    assert has_lines(path, int, "1")
    assert not told("2") and not told("1\nx")
    with pytest.raises(ValueError, match="invalid literal"):
        told("1\nx\n1\n")
    assert has_lines(path, int, "1", most=1)
