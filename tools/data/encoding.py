"""Text files in any common encoding: told from the bytes of the whole file, and copied as UTF-8 from any other.

What is no Unicode is told by [charset-normalizer](https://github.com/jawah/charset_normalizer), which weighs what the
text would look like. On a few accented letters it has nothing to weigh; then the bytes themselves decide: Chinese
text (GB 18030) has its high bytes in pairs, and Western text (Windows-1252) alone among ASCII letters.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from charset_normalizer import from_bytes

from ..errors import InputError
from ..inputs import open_file

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 65_536
UNPACKED = 64 << 20  # bytes that any gzip file may unpack to
RATIO = 200  # bytes of a table for one of its gzip file, at most, beyond that
BLOCK = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
ODD = re.compile(
    r"[^\W\d_][¹²³¯¿¡¥£¢¤¦§¨©ª«¬®°±´¶·¸º»¼½¾×÷][^\W\d_]|[¹²³¯¸¼½¾¿][a-zà-ÿ]|\ufffd"
)  # within a Western word
FEW = 12  # different high bytes among ASCII letters: too few for a guess by frequencies
TABLES = ("cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "euc_jp", "big5", "euc_kr", "gb18030", WESTERN)


class _Unpacked(io.RawIOBase):
    """The bytes of a gzip file, as long as they are not far more than any table packs to.

    Raises:
        InputError: they are.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        self.packed, self.file, self.bytes = packed, gzip.GzipFile(fileobj=packed), 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: "WriteableBuffer") -> int:
        """Bytes, as many as come."""
        count = self.file.readinto(into)
        self.bytes += count
        if self.bytes > UNPACKED and self.bytes > RATIO * self.packed.tell():
            raise InputError(f"unpacks to more than {RATIO} times its size; a table does not")
        return count


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes, unpacked where it ends in .gz."""
    if not path.name.endswith(".gz"):
        with open_file(path) as file:
            yield file
        return
    try:
        with open_file(path) as packed, io.BufferedReader(_Unpacked(packed)) as file:
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"not readable as gzip ({str(error).rstrip('.')})") from None


def encoding_of(path: Path) -> str:
    """The encoding of a text file, as Python names it.

    Raises:
        InputError: it is no text.
    """
    with opened(path) as file:
        head = file.read(HEAD)
        for mark, name in BOMS:
            if head.startswith(mark):
                return name
        if b"\0" in head:
            return _without_mark(head)
        utf8 = codecs.getincrementaldecoder("utf-8")()
        block, odd = head, b""
        while block:
            try:
                utf8.decode(block)
            except UnicodeDecodeError:
                odd = _lines_with_high_bytes(block)
                break
            block = file.read(BLOCK)
        else:
            return "utf-8"
        return _of_bytes(odd + _lines_with_high_bytes(file.read(BLOCK)))


def as_utf8(path: Path, encoding: str, to: Path, lines: slice = slice(0, None)) -> Path:
    """A copy of a text file in UTF-8, or of some of its lines.

    Args:
        path: the file.
        encoding: of it.
        to: the copy.
        lines: the first line that is copied, and the first after them that is not.

    Raises:
        InputError: its bytes are not of this encoding.
    """
    errors = "replace" if encoding == WESTERN else "strict"
    with opened(path) as file, to.open("w", encoding="utf-8", newline="") as copy:
        try:
            for place, line in enumerate(io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")):
                if lines.stop is not None and place >= lines.stop:
                    break
                if place >= lines.start:
                    copy.write(line)
        except UnicodeDecodeError as error:
            raise InputError(f"not readable as {encoding} text ({error.reason}); expected CSV in UTF-8") from None
    return to


def _without_mark(head: bytes) -> str:
    """UTF-16 that lacks its byte order mark: most of its ASCII characters have a zero byte on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = len(head) / 2 * 0.6
    if odd > most and even == 0:
        return "utf-16-le"
    if even > most and odd == 0:
        return "utf-16-be"
    raise InputError("not a text file (it has zero bytes); expected CSV in UTF-8")


def _lines_with_high_bytes(block: bytes) -> bytes:
    return b"\n".join(line for line in block.splitlines() if not line.isascii())[:HEAD]


def _of_bytes(text: bytes) -> str:
    """The encoding of text that is no Unicode, told from its lines with letters beyond ASCII."""
    runs = re.findall(rb"[\x80-\xff]+", text)
    alone = sum(len(run) == 1 for run in runs)
    odd = ODD.search(text.decode(WESTERN, errors="replace"))
    if odd is None and alone > len(runs) / 2 and len(set(b"".join(runs))) <= FEW:
        return WESTERN
    if all(len(run) % 2 == 0 for run in runs):
        try:
            text.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            leads = b"".join(run[0::2] for run in runs)
            if sum(0xA1 <= byte <= 0xD7 for byte in leads) >= 0.8 * len(leads):  # where the common characters are
                return "gb18030"
    words = b" ".join(dict.fromkeys(re.findall(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*", text)))
    best = from_bytes(words, cp_isolation=[name for name in TABLES if odd is None or name != WESTERN]).best()
    if best is None or (alone > len(runs) / 2 and odd is None) or str(best) == words.decode(WESTERN, errors="replace"):
        return WESTERN
    return best.encoding
