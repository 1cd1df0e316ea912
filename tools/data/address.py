"""Addresses of databases: taken apart, and shown without the password they may hold.

`postgresql://USER:PASSWORD@HOST/DATABASE?OPTION=VALUE::TABLE` or `duckdb:///FOLDER/FILE.duckdb::TABLE`. A driver never
sees the password within the address, so that no error of its own can repeat it.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from ..errors import InputError

POSTGRES = ("postgresql", "postgres")
KINDS = (*POSTGRES, "duckdb")
EXPECTED = "expected postgresql://USER@HOST/DATABASE::TABLE or duckdb:///FILE::TABLE"
ENCODED = "write @ / : ? & = % and spaces in a password as %40 %2F %3A %3F %26 %3D %25 %20, or give it as PGPASSWORD"
SECRETS = ("password", "sslpassword")
SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.:_-]+?):(/{1,2})(.*)", re.DOTALL)
SECRET = re.compile(r"(\bpassword\s*=\s*)(?:'[^']*'|\S+)", re.IGNORECASE)  # of a connection string in words
HOST = r"(?:\[[^\]@/?]*\]|[^:@/?\[\]]*)(?::\d*)?"
BODY = re.compile(
    rf"(?:(?P<user>[^:@/?]*)(?::(?P<password>[^/?]*))?@)?(?P<host>{HOST}(?:,{HOST})*)"
    r"(?:/(?P<path>[^@?]*))?(?:\?(?P<query>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Address:
    """A database and, where it is named, one of its tables.

    Attributes:
        kind: `postgresql` or `duckdb`.
        shown: the address without password, options and table, for people.
        url: of a server, without the password; of a DuckDB database, its file.
        table: empty where none is named.
        secrets: what the driver is handed apart: `password`, `sslpassword`.
    """

    kind: str
    shown: str
    url: str
    table: str = ""
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def is_address(text: str) -> bool:
    """Whether this names a database, and no file."""
    return text.strip().partition("://")[0].lower() in KINDS and "://" in text


def looks_like_address(text: str) -> bool:
    """Whether this has a scheme, of a database that we know or not."""
    return SCHEME.fullmatch(text) is not None


def shown(text: str) -> str:
    """An address without password and options, wherever in it the password stands; any other text as it is.

    Where it is not clear what is the password, only the scheme and the table are left.
    """
    match = SCHEME.fullmatch(text)
    if match is None:
        return SECRET.sub(r"\1…", text)
    scheme, slashes, rest = match.groups()
    if is_address(text) and scheme.lower() == "duckdb":
        return text.strip()
    body, table = _table(rest)
    parts = BODY.fullmatch(body)
    clear = parts is not None and slashes == "//" and "@" not in (parts["query"] or "")
    return f"{scheme}:{slashes}{_plain(parts) if parts and clear else '…'}{'::' if table else ''}{table}"


def parse(text: str) -> Address:
    """Take an address apart.

    Raises:
        InputError: it is none of a database that we know, or is not well formed; the message holds no password.
    """
    match = SCHEME.fullmatch(text)
    if match is None or not is_address(text):
        raise InputError(f"{shown(text)}: no database; {EXPECTED}")
    body, table = _table(match[3])
    if match[1].lower() == "duckdb":
        path = body.partition("?")[0]
        return Address("duckdb", f"duckdb://{path}", path, table)
    parts = BODY.fullmatch(body)
    pairs = [pair.partition("=") for pair in (parts["query"] or "").split("&") if pair] if parts else []
    if parts is None or not all(sign and re.fullmatch(r"\w+", name) for name, sign, _ in pairs):
        raise InputError(f"{shown(text)}: not a well-formed address; {ENCODED}")
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00|\0", body):
        raise InputError(f"{shown(text)}: a percent sign that encodes nothing; {ENCODED}")
    given = {"password": parts["password"]} if parts["password"] else {}
    given |= {name: value for name, _, value in pairs if name in SECRETS}
    options = "&".join(f"{name}={quote(unquote(value))}" for name, _, value in pairs if name not in SECRETS)
    plain = f"postgresql://{_plain(parts)}"
    secrets = {name: unquote(value) for name, value in given.items()}
    return Address("postgresql", plain, f"{plain}?{options}" if options else plain, table, secrets)


def _table(rest: str) -> tuple[str, str]:
    """What stands before the table, and the table: behind the last `::`, unless that is within a host's brackets."""
    body, sign, table = rest.rpartition("::")
    return (body, table) if sign and not re.search(r"[\]@/?]", table) else (rest, "")


def _plain(parts: "re.Match[str]") -> str:
    """User, host and database, as they were written."""
    user = f"{parts['user']}@" if parts["user"] else ""
    return f"{user}{parts['host']}" + (f"/{parts['path']}" if parts["path"] is not None else "")
