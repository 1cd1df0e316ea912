"""A server on loopback for one test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TypeVar

S = TypeVar("S", bound=ThreadingHTTPServer)


@contextmanager
def serving(server: S) -> Iterator[S]:
    """The server at work, in a thread; gone afterwards."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def address(server: ThreadingHTTPServer, path: str = "") -> str:
    """Where it listens."""
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


class Quiet:
    """Beside a handler: keeps no log."""

    def log_message(self, *_: object) -> None:
        """Be quiet."""
