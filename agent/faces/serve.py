"""Serving: vLLM as child processes, one for chats and one for slot models, watched, started again, stopped cleanly.

A vLLM server is one runner, so generation and pooling are two servers. The key goes by the environment, never on a
command line that others can read.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from ...prompts.render import TEMPLATES
from ...tools.errors import InputError
from ..engines.base import EngineError
from ..engines.served import POOLER, STRUCTURED, load_adapter
from ..models.registry import adapters_of

Kind = Literal["chat", "slots"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
START = 900.0  # seconds a server may take to be healthy
STOP = 20.0  # seconds it may take to end when asked to
CHECKED_EVERY = 5.0
RESTARTS = 5  # in a row, before it is given up; a server that was well for an hour begins anew
WELL = 3600.0
QUIET = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
MOST_ADAPTERS, RANK = 8, 64  # adapters in one batch, and their highest rank
HOT = {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"}
ON_CPU = {"VLLM_CPU_NUM_OF_RESERVED_CPU": "0"}

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Server:
    """One vLLM server.

    Attributes:
        kind: `chat` generates, `slots` gives the logits of every token.
        name: the model's, as it is asked for.
        folder: of its weights, whole.
        port: it listens on.
        host: address it is bound to.
        adapters: LoRA adapters of the model by name, each asked for as a model of that name.
        hot: more of them may be added while it runs (see `engines.served.load_adapter`).
        cpu: the CPU build of vLLM.
        context: most tokens of a prompt and its answer.
        more: further arguments of `vllm serve`.
    """

    kind: Kind
    name: str
    folder: Path
    port: int
    host: str = "127.0.0.1"
    adapters: Mapping[str, Path] = field(default_factory=dict)
    hot: bool = False
    cpu: bool = False
    context: int = 8192  # the schemas of the chat's tools alone are 3,100 tokens
    more: Sequence[str] = ()

    @property
    def url(self) -> str:
        """Where it answers."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def use(self) -> str:
        """What to hand to skucast to use it."""
        return (
            f"--engine openai:{self.name}@{self.url}/v1" if self.kind == "chat" else f"--model {self.name}@{self.url}"
        )

    def arguments(self) -> list[str]:
        """Of `vllm serve`."""
        made = [str(self.folder), "--served-model-name", self.name, "--host", self.host, "--port", str(self.port)]
        made += ["--max-model-len", str(self.context)]
        if self.cpu:
            made += ["--dtype", "float32", "--kv-cache-memory-bytes", "1G", "--enforce-eager", "--max-num-seqs", "32"]
        if self.kind == "slots":
            made += ["--runner", "pooling", "--convert", "classify", "--pooler-config", json.dumps(POOLER)]
        else:
            made += ["--structured-outputs-config", json.dumps(STRUCTURED)]
            made += ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
            made += ["--chat-template", str(TEMPLATES / "tools.jinja")]
            if self.adapters or self.hot:
                at_once = MOST_ADAPTERS if self.hot else min(MOST_ADAPTERS, len(self.adapters))
                made += ["--enable-lora", "--max-lora-rank", str(RANK), "--max-loras", str(at_once)]
            if self.adapters:
                made += ["--lora-modules", *(f"{name}={path}" for name, path in self.adapters.items())]
        return [*made, *self.more]


def find_vllm(chosen: Path | None = None) -> Path:
    """The vLLM program: as chosen, `$SKUCAST_VLLM`, beside this Python, or on the PATH.

    Raises:
        InputError: there is none.
    """
    given = chosen or (Path(os.environ["SKUCAST_VLLM"]) if os.environ.get("SKUCAST_VLLM") else None)
    places = [given] if given else [Path(sys.executable).with_name("vllm"), Path(shutil.which("vllm") or "vllm")]
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            return place
    problem = f"{given}: no such program" if given else "no vllm beside this Python or on the PATH"
    raise InputError(
        f"{problem}: install skucast[vllm] on a GPU host; for a CPU `make setup-vllm` (see docs/SERVING.md)"
    )


def add_adapters(url: str, names: Sequence[str]) -> dict[str, str]:
    """Load adapters of the registry into a server that runs; each one's spec as an engine.

    Raises:
        InputError: none is named, there is no such adapter, or the server does not take it.
    """
    if not names:
        raise InputError("--into: name what to add, with --adapter NAME")
    made = {}
    for name, folder in adapters_of(names).items():
        try:
            load_adapter(url, name, folder)
        except EngineError as error:
            raise InputError(f"--into {url}: {error}") from None
        made[name] = f"openai:{name}@{url}"
    return made


def check_key(host: str, key: str | None) -> None:
    """Whether a server may listen there.

    Raises:
        InputError: others could reach it, and it would ask nobody for a key.
    """
    if host not in LOOPBACK and not key:
        raise InputError(f"--host {host}: others can reach it; set a key in OPENAI_API_KEY, or stay on 127.0.0.1")


@dataclass
class Serving:
    """Servers as child processes, each in a process group of its own.

    Attributes:
        servers: to run.
        vllm: the program.
        logs: folder of their output, `chat.log` and `slots.log`; a start appends.
        key: that clients must give; None asks for none.
        tell: called with what happens.
    """

    servers: Sequence[Server]
    vllm: Path
    logs: Path
    key: str | None = None
    tell: Tell = print
    _running: dict[Kind, subprocess.Popen[bytes]] = field(default_factory=dict)
    _since: dict[Kind, float] = field(default_factory=dict)
    _starts: dict[Kind, int] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator["Serving"]:
        """Start all, wait until they are healthy, and stop them at the end, whatever comes.

        Raises:
            InputError: a server ended, or was not healthy in time; the last line of its log is quoted.
        """
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            for server in self.servers:
                if healthy(server.url):
                    raise InputError(f"{server.url}: a server answers there already; take another --port")
            for server in self.servers:  # one after the other: each measures the memory that is free
                self._start(server)
                self._wait(server)
            yield self
        except OSError as error:
            raise InputError(f"{self.logs}: {error.strerror or error}") from None
        finally:
            self.stop()

    def watch(self) -> None:
        """Start again what ends, until interrupted.

        Raises:
            InputError: a server ended again and again.
        """
        while True:
            time.sleep(CHECKED_EVERY)
            self.mend()

    def mend(self) -> None:
        """Start again what has ended since the last look."""
        for server in self.servers:
            child = self._running[server.kind]
            if child.poll() is None:
                continue
            if time.monotonic() - self._since[server.kind] > WELL:
                self._starts[server.kind] = 0
            if self._starts[server.kind] > RESTARTS:
                raise InputError(f"{server.kind} server ended {RESTARTS} times: {self._last_words(server)}")
            _signal(child, signal.SIGKILL)  # what it left of its group: an engine without a server holds its memory
            self.tell(f"{server.kind} server ended ({child.returncode}): starting it again")
            time.sleep(min(60, 2 ** self._starts[server.kind]))
            self._start(server)
            self._wait(server)

    def stop(self) -> None:
        """Ask all to end, and end those that do not."""
        for child in self._running.values():
            _signal(child, signal.SIGTERM)
        for child in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP)
            _signal(child, signal.SIGKILL)  # also what it left of its group
            child.wait()
        self._running.clear()

    def log(self, server: Server) -> Path:
        """Where a server's output goes."""
        return self.logs / f"{server.kind}.log"

    def _start(self, server: Server) -> None:
        env = {**os.environ, **QUIET, **(ON_CPU if server.cpu else {}), **(HOT if server.hot else {})}
        env |= {"VLLM_API_KEY": self.key} if self.key else {}
        with self._open(server) as log:
            self._running[server.kind] = subprocess.Popen(
                [str(self.vllm), "serve", *server.arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        self._since[server.kind] = time.monotonic()
        self._starts[server.kind] = self._starts.get(server.kind, 0) + 1

    def _open(self, server: Server) -> IO[bytes]:
        return self.log(server).open("ab")

    def _wait(self, server: Server) -> None:
        child, until = self._running[server.kind], time.monotonic() + START
        while not healthy(server.url):
            if child.poll() is not None:
                raise InputError(f"{server.kind} server ended: {self._last_words(server)}; see {self.log(server)}")
            if time.monotonic() > until:
                raise InputError(f"{server.kind} server: not ready after {START:.0f} s; see {self.log(server)}")
            time.sleep(0.5)

    def _last_words(self, server: Server) -> str:
        """The last line of its log that names an error, else the last line."""
        lines = self.log(server).read_text(encoding="utf-8", errors="replace").splitlines()[-200:]
        lines = [line.strip() for line in lines if line.strip()]
        errors = [line for line in lines if "Error" in line or "error:" in line]
        return (errors or lines or ["it said nothing"])[-1][:300]


def healthy(url: str) -> bool:
    """Whether a server answers that it is well."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
