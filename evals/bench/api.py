"""The HTTP API under load: 200 clients at once ask for forecasts that were made before.

python -m skucast.evals.bench.api --seconds 600
"""

import argparse
import asyncio
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...tools.files import write_whole

OUT = Path(__file__).parents[2] / "docs" / "api.json"
PRODUCTS, WEEKS = 50, 104


def sales(path: Path) -> None:
    """A made-up panel of products with a level of their own."""
    rng = np.random.default_rng(0)
    days = np.datetime64("2024-01-01") + 7 * np.arange(WEEKS)
    lines = ["unique_id,ds,y"]
    for at in range(PRODUCTS):
        lines += [f"P{at:02},{day},{units}" for day, units in zip(days, rng.poisson(5 + at, WEEKS), strict=True)]
    path.write_text("\n".join(lines) + "\n")


async def _client(port: int, ends: float, number: int, took: list[float], errors: list[str]) -> None:
    """Ask again and again, on one connection."""
    at = number
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < ends:
        body = json.dumps({"unique_ids": [f"P{at % PRODUCTS:02}"], "horizon": "4w"}).encode()
        head = "POST /v1/forecast HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        started = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        status = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(status.lower().partition("content-length:")[2].split()[0])
        await reader.readexactly(length)
        took.append(time.perf_counter() - started)
        if " 200 " not in status.split("\r\n")[0]:
            errors.append(status.split("\r\n")[0])
        at += 1
    writer.close()


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


async def _load(port: int, clients: int, seconds: float, server: int) -> dict[str, Any]:
    took: list[float] = []
    errors: list[str] = []
    memory = [_resident(server)]
    ends = time.monotonic() + seconds
    work = [asyncio.create_task(_client(port, ends, at, took, errors)) for at in range(clients)]
    while time.monotonic() < ends:
        await asyncio.sleep(max(1.0, seconds / 20))
        memory.append(_resident(server))
    await asyncio.gather(*work)
    p50, p99 = np.percentile(took, [50, 99]) * 1000
    return {
        "clients": clients,
        "seconds": seconds,
        "requests": len(took),
        "errors": len(errors),
        "per_second": round(len(took) / seconds, 1),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "memory_mb_first": round(memory[1] / 1e6, 1),
        "memory_mb_last": round(memory[-1] / 1e6, 1),
    }


def main() -> None:
    """Measure, and write docs/api.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        sales(Path(folder) / "sales.csv")
        command = [sys.executable, "-m", "skucast", "api", f"{folder}/sales.csv", "--quick", "--engine", "none"]
        process = subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            asyncio.run(_load(port, PRODUCTS, 1, process.pid))  # every forecast is made once
            row = asyncio.run(_load(port, asked.clients, asked.seconds, process.pid))
        finally:
            process.terminate()
            left = process.wait(30)
    made = {
        "command": f"python -m skucast.evals.bench.api --seconds {asked.seconds:g} --clients {asked.clients}",
        "version": __version__,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "products": PRODUCTS,
        "exit_code": left,
        **row,
    }
    write_whole(OUT, json.dumps(made, indent=1) + "\n")
    print(json.dumps(made))


def _wait(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")


if __name__ == "__main__":
    main()
