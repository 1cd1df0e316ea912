"""Addresses: taken apart as written, and no password in anything that a person or a file gets to see."""

import json
import sys
from unittest import mock
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.agent.batch.export import check_target
from skucast.agent.workbench import Workbench
from skucast.evals.commands import _typed
from skucast.tools.data.address import is_address, parse, shown
from skucast.tools.data.databases import read_frame, upsert
from skucast.tools.data.read import open_source
from skucast.tools.errors import InputError

SECRET = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12).map(
    lambda inside: f"Zq7{inside}Xw9"
)
RAW = (  # where a person may write it, encoded or not
    "postgresql://me:{}@127.0.0.1:1/shop::sales",
    "POSTGRESQL://me:{}@127.0.0.1:1/shop::sales",
    "postgres://:{}@127.0.0.1:1/shop",
    " postgresql://me:{}@127.0.0.1:1/shop",
    "postgresql://127.0.0.1:1/shop?user=me&password={}",
    "postgresql://me@127.0.0.1:1/shop?password={}&connect_timeout=1",
    "postgresql://me:{}",  # the host forgotten
    "postgresql://me:{}/shop::sales",
    "postgresql://me:pa%zz{}@127.0.0.1:1/shop",
    "postgresql://me:a@b{}@127.0.0.1:1/shop",
    "postgresql:/me:{}@127.0.0.1:1/shop",
    "mysql://me:{}@127.0.0.1:1/shop",
    "postgresql+psycopg://me:{}@127.0.0.1:1/shop",
    "jdbc:postgresql://127.0.0.1:1/shop?password={}",
)


def leaks(text: str) -> bool:
    return "Zq7" in text or "Xw9" in text


@pytest.mark.parametrize("form", RAW)
@pytest.mark.parametrize("encoded", [True, False])
@settings(max_examples=60, deadline=None)
@given(secret=SECRET)
def test_no_password_is_shown(form: str, encoded: bool, secret: str) -> None:
    if not encoded and "::" in secret:  # that begins a table
        secret = secret.replace("::", ":")
    if not encoded and "@" not in form:  # behind that stands a host
        secret = secret.replace("@", "")
    address = form.format(quote(secret, safe="") if encoded else secret)
    assert not leaks(shown(address)) and shown(shown(address)) == shown(address)
    try:
        assert not leaks(repr(parse(address)))
    except InputError as error:
        assert not leaks(str(error))


@pytest.mark.parametrize("form", RAW)
@pytest.mark.parametrize("secret", [f"Zq7{inside}Xw9" for inside in ("", *"@/?%&# :")])
def test_no_error_holds_the_password(form: str, secret: str) -> None:
    address = form.format(secret if "@" in form or "?" in form else secret.replace("@", ""))

    def said(run: object) -> str:
        with pytest.raises(InputError) as error:
            run()  # type: ignore[operator]
        assert "\n" not in str(error.value)
        return str(error.value)

    assert not leaks(said(lambda: open_source(address)))
    assert not leaks(said(lambda: read_frame(address, "select 1")))
    assert not leaks(said(lambda: upsert(address, pd.DataFrame({"a": [1]}), ["a"])))
    if "::" not in address or not is_address(address):
        assert not leaks(said(lambda: check_target(address)))


def test_no_repr_or_command_holds_the_password() -> None:
    address = "postgresql://me:Zq7@h/shop::sales"
    bench = Workbench(address, engine="none", model="none")
    with mock.patch.object(sys, "argv", ["skucast", "forecast", address, "--all"]):
        assert _typed() == "skucast forecast postgresql://me@h/shop::sales --all"
    assert not leaks(repr(bench))
    with pytest.raises(InputError, match="not both") as error:
        Workbench(address, demo=True).source()
    assert not leaks(str(error.value))


@settings(max_examples=200, deadline=None)
@given(secret=SECRET, user=st.sampled_from(["me", "a b", "ü"]))
def test_what_is_encoded_is_read_as_it_was(secret: str, user: str) -> None:
    at = parse(f"postgres://{quote(user)}:{quote(secret, safe='')}@h:5/d?sslmode=require&sslpassword=x%20y::t")
    assert at.secrets == {"password": secret, "sslpassword": "x y"}
    assert (at.kind, at.url, at.table) == ("postgresql", f"postgresql://{quote(user)}@h:5/d?sslmode=require", "t")
    assert at.shown == f"postgresql://{quote(user)}@h:5/d" and not leaks(json.dumps(at.shown))


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("postgresql://me:pw@h:5432/shop::sales", "postgresql://me@h:5432/shop::sales"),
        ("postgresql://me:p@w@h/shop", "postgresql://me@h/shop"),
        ("postgresql://me@[::1]:5/shop::s.t", "postgresql://me@[::1]:5/shop::s.t"),
        ("postgresql://me@[::1]/shop", "postgresql://me@[::1]/shop"),
        ("postgresql:///shop?host=/tmp", "postgresql:///shop"),
        ("postgresql://h/d?password=p@w", "postgresql://…"),
        ("postgresql://me:p/w@h/d::t", "postgresql://…::t"),
        ("duckdb:///home/me@work/a.duckdb::t", "duckdb:///home/me@work/a.duckdb::t"),
        ("sales.csv", "sales.csv"),
        ("a folder/me:x@y.csv", "a folder/me:x@y.csv"),
    ],
)
def test_what_is_shown(text: str, as_shown: str) -> None:
    assert shown(text) == as_shown


def test_a_password_with_an_at_sign_is_still_one() -> None:
    at = parse("postgresql://me:p@w@h/shop?password=q@r")
    assert at.url == "postgresql://me@h/shop" and at.secrets == {"password": "q@r"}
    assert parse("POSTGRES://me:p@w@h/shop").secrets == {"password": "p@w"}
    assert parse("duckdb://rel/a%20b.duckdb::t").url == "rel/a%20b.duckdb"


def test_a_connection_string_in_words_shows_no_password() -> None:
    assert shown("host=h user=me password=Zq7 dbname=shop") == "host=h user=me password=… dbname=shop"
    assert shown("host=h PASSWORD='Z q7'") == "host=h PASSWORD=…"
