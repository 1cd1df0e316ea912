"""Files read: what is no regular file of a stated size is one line; no error shows a password."""

import os
from pathlib import Path

import pytest
from skucast.tools.errors import InputError, without_secrets
from skucast.tools.inputs import brief, check_file, home_of, parse_json, read_bytes, read_json, read_text, read_toml


def test_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('x = 1\ny = "é"\n', encoding="utf-8")
    assert read_toml(path) == {"x": 1, "y": "é"}
    assert read_text(path) == 'x = 1\ny = "é"\n'
    assert read_bytes(path, most=15) == path.read_bytes()  # 14 letters: the accent takes two bytes
    with pytest.raises(InputError, match="expected at most 0 MB"):
        read_bytes(path, most=14)
    path.write_text("[1, null]")
    assert read_json(path) == [1, None]


def test_what_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name, why in (
        ("fifo", "a device, pipe or socket"),
        ("zero", "a device, pipe or socket"),
        (".", "it is a folder"),
        ("loop", "symbolic links"),
        ("none", "No such file"),
        ("x" * 300, "File name too long"),
    ):
        for read in (check_file, read_text, read_toml, read_json):
            with pytest.raises(InputError, match=why) as found:
                read(tmp_path / name)
            assert "\n" not in str(found.value) and len(str(found.value)) < 200


@pytest.mark.parametrize("text", ["a = " + "[" * 9000 + "]" * 9000, "a = " + "9" * 5000, "a"])
def test_toml_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(InputError, match=r"policy a\.toml: not a TOML file"):
        read_toml(tmp_path / "a.toml", "policy a.toml")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "", "nul", "9" * 5000])
def test_json_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match="not a JSON file"):
        read_json(tmp_path / "a.json")
    with pytest.raises(ValueError):
        parse_json(text)


def test_names() -> None:
    assert home_of("~") == Path.home() and home_of("a/b") == Path("a/b")
    for name in ("~nosuchuser/x", "a\0b", "a\ud800"):
        with pytest.raises(InputError):
            home_of(name)
    assert brief("a" * 80) == "a" * 80 and brief("a" * 40 + "b" * 41) == "a" * 40 + "…" + "b" * 39


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("postgresql://u:pw@h/d", "postgresql://u:…@h/d"),
        ("openai:m@http://u:p@w@[::1", "openai:m@http://u:…@[::1"),
        ("http:/u:pw@[: no file matches", "http:/u:…@[: no file matches"),
        ("x?password=pw&a=1", "x?password=…&a=1"),
        ("host=h PASSWORD = 'p w' x", "host=h PASSWORD = … x"),
        ("sslpassword=pw", "sslpassword=…"),
        ("openai:m@http://127.0.0.1:8000/v1", "openai:m@http://127.0.0.1:8000/v1"),
        ("postgresql://u@h:5432/d::t", "postgresql://u@h:5432/d::t"),
    ],
)
def test_a_password_is_shown_nowhere(typed: str, shown: str) -> None:
    assert without_secrets(typed) == shown
    assert str(InputError(typed)) == shown
