"""The servers as people start them: real processes, over loopback and pipes."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client

QUICK = ("--quick", "--engine", "none")


@pytest.mark.slow
def test_the_api_answers_until_it_is_stopped_and_the_port_is_free_again(sales_csv: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "skucast", "api", str(sales_csv), *QUICK, "--router", "rules", "--port", str(port)]
    process = subprocess.Popen([*command, "--jobs", str(tmp_path / "jobs")], stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"

    def ask(path: str, body: object = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url + path, data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return bytes(answer.read())

    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert (
            len(json.loads(ask("/v1/forecast", {"unique_ids": ["A"], "horizon": "2w"}))["forecasts"][0]["steps"]) == 2
        )
        job = json.loads(ask("/v1/jobs", {"horizon": "2w"}))
        while json.loads(ask(f"/v1/jobs/{job['id']}"))["state"] == "running":
            time.sleep(0.2)
        lines = ask(f"/v1/jobs/{job['id']}/result").splitlines()
        assert len(lines) == job["of"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert second.returncode == 2
        assert "Address already in use" in second.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=30)
    assert b"Traceback" not in words


@pytest.mark.slow
def test_an_agent_calls_the_tools_over_pipes(sales_csv: Path) -> None:
    arguments = ["-m", "skucast", "mcp", "--data", str(sales_csv), *QUICK]
    server = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))

    async def talk() -> None:
        async with Client(stdio_client(server)) as client:
            names = {one.name for one in (await client.list_tools()).tools}
            assert "forecast" in names
            made = await client.call_tool("forecast", {"product": "A", "horizon": "2w"})
            assert made.structured_content is not None
            assert made.structured_content["forecasts"][0]["horizon"] == 2

    asyncio.run(talk())
