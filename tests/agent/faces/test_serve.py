"""Serving with a program in vLLM's place: started, watched, started again, stopped, closed without a key."""

import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest
from skucast.agent.faces import serve
from skucast.agent.faces.serve import Server, Serving, check_key, find_vllm, healthy
from skucast.tools.errors import InputError

PROGRAM = f"""#!{sys.executable}
import http.server, json, os, subprocess, sys
words = sys.argv[1:]
port = int(words[words.index("--port") + 1])
print("up", json.dumps(words), os.environ.get("VLLM_API_KEY"), flush=True)
if "--die" in words:
    print("ValueError: no room for the cache", flush=True)
    sys.exit(3)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
if "--engine" in sys.argv:
    print("engine", subprocess.Popen(["sleep", "600"]).pid, flush=True)
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def vllm(tmp_path: Path) -> Path:
    path = tmp_path / "vllm"
    path.write_text(PROGRAM)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def slots(tmp_path: Path, *more: str) -> Server:
    return Server("slots", "mine", tmp_path / "weights", free_port(), more=more)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_servers_start_are_well_and_end_with_the_block(tmp_path: Path, vllm: Path) -> None:
    servers = [slots(tmp_path), Server("chat", "llm", tmp_path / "llm", free_port(), adapters={"a": tmp_path / "a"})]
    serving = Serving(servers, vllm, tmp_path / "logs", key="secret")
    with serving.running():
        pids = [child.pid for child in serving._running.values()]
        assert all(healthy(server.url) for server in servers)
    assert not any(healthy(server.url) for server in servers) and not any(map(alive, pids))
    log = (tmp_path / "logs" / "slots.log").read_text()
    assert log.endswith("secret\n") and "secret" not in log.removesuffix("secret\n")  # by the environment, not in argv
    words = json.loads(log[len("up ") : log.rindex("]") + 1])
    assert int(words[words.index("--max-model-len") + 1]) == 8192  # room for the chat's tools, and what they find
    assert words[:4] == ["serve", str(tmp_path / "weights"), "--served-model-name", "mine"]
    assert json.loads(words[words.index("--pooler-config") + 1]) == {"task": "token_classify", "use_activation": False}
    assert f"a={tmp_path / 'a'}" in (tmp_path / "logs" / "chat.log").read_text()


@pytest.mark.slow
def test_a_server_that_ends_is_started_again(tmp_path: Path, vllm: Path) -> None:
    server, said = slots(tmp_path), []
    serving = Serving([server], vllm, tmp_path / "logs", tell=said.append)
    with serving.running():
        child = serving._running["slots"]
        first = child.pid
        child.kill()
        child.wait(30)
        assert not healthy(server.url)
        serving.mend()
        assert healthy(server.url) and serving._running["slots"].pid != first
    assert said == ["slots server ended (-9): starting it again"]
    assert (tmp_path / "logs" / "slots.log").read_text().count("up ") == 2  # appended


@pytest.mark.slow
def test_what_a_dead_server_left_is_ended_before_the_next_one(tmp_path: Path, vllm: Path) -> None:
    serving = Serving([slots(tmp_path, "--engine")], vllm, tmp_path / "logs")
    with serving.running():
        engine = int((tmp_path / "logs" / "slots.log").read_text().rpartition("engine ")[2])
        serving._running["slots"].kill()
        serving._running["slots"].wait(30)
        assert alive(engine)
        serving.mend()
        for _ in range(50):
            if not alive(engine):
                break
            time.sleep(0.1)
        assert not alive(engine) or Path(f"/proc/{engine}/stat").read_text().split()[2] == "Z"


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_and_its_server_left_alone(tmp_path: Path, vllm: Path) -> None:
    server = slots(tmp_path)
    with Serving([server], vllm, tmp_path / "one").running():
        other = Serving([server], vllm, tmp_path / "two")
        with pytest.raises(InputError, match="a server answers there already"), other.running():
            pass
        assert healthy(server.url)


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why(tmp_path: Path, vllm: Path) -> None:
    serving = Serving([slots(tmp_path, "--die")], vllm, tmp_path / "logs")
    with pytest.raises(InputError, match="slots server ended: ValueError: no room for the cache"), serving.running():
        pass


@pytest.mark.slow
def test_a_server_that_is_never_ready_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec sleep 600\n")
    deaf.chmod(0o755)
    monkeypatch.setattr(serve, "START", 0.2)
    serving = Serving([slots(tmp_path)], deaf, tmp_path / "logs")
    with pytest.raises(InputError, match="not ready after 0 s"), serving.running():
        pass


def test_a_key_is_asked_for_where_others_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    check_key("127.0.0.1", None)
    check_key("0.0.0.0", "k")
    with pytest.raises(InputError, match="set a key"):
        check_key("0.0.0.0", None)


def test_the_program_is_found_or_missed_in_one_line(
    tmp_path: Path, vllm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKUCAST_VLLM", str(vllm))
    assert find_vllm() == vllm
    with pytest.raises(InputError, match="nowhere: no such program"):
        find_vllm(tmp_path / "nowhere")


@pytest.mark.slow
def test_a_server_takes_adapters_while_it_runs_only_where_that_was_asked_for(tmp_path: Path, vllm: Path) -> None:
    vllm.write_text(
        PROGRAM.replace('os.environ.get("VLLM_API_KEY")', 'os.environ.get("VLLM_ALLOW_RUNTIME_LORA_UPDATING")')
    )
    for hot in (False, True):
        server = Server("chat", "llm", tmp_path / "llm", free_port(), hot=hot)
        with Serving([server], vllm, tmp_path / str(hot)).running():
            log = (tmp_path / str(hot) / "chat.log").read_text().strip()
        assert ("--enable-lora" in log, log.endswith("True")) == (hot, hot)


def test_what_to_use_is_said() -> None:
    assert Server("slots", "mine", Path("w"), 8177, "0.0.0.0").use == "--model mine@http://127.0.0.1:8177"
    assert Server("slots", "mine", Path("w"), 8177, "::1").url == "http://[::1]:8177"
    assert Server("chat", "llm", Path("w"), 8178).use == "--engine openai:llm@http://127.0.0.1:8178/v1"
