"""A real vLLM against the process: the same numbers, the same words, and nothing lost when a server dies."""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from skucast.agent.batch.run import read_lines, run_batch
from skucast.agent.chat.desk import Desk
from skucast.agent.engines import Completion, Constraint, Engine, Message, integers, open_engine
from skucast.agent.engines.served import load_adapter
from skucast.agent.engines.served_chat import served_chat
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.faces.serve import Server, Serving, find_vllm
from skucast.agent.faces.session import Session
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.report import ForecastReport
from skucast.agent.models.registry import find, merged_folder
from skucast.agent.models.store import require_default
from skucast.tools.data.demo import complete_journey_source
from skucast.tools.data.panel import Panel
from transformers import AutoModelForCausalLM, AutoTokenizer

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.skipif(find_spec("vllm") is None, reason="NOT CHECKED: no vLLM here; make test-vllm"),
]
HORIZON = 4
CHATS = [
    (Message("system", "You answer in one short sentence."), Message("user", text))
    for text in ("What is a reorder point?", "Name three fruits.", "What is 2 + 2?", "Why do sales rise in December?")
]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def panel() -> Panel:
    return complete_journey_source("W").panel().before("2017-12-03")


@pytest.fixture(scope="module")
def ids(panel: Panel) -> list[str]:
    return panel.unique_ids[::20]


@pytest.fixture(scope="module")
def slots() -> SlotEngine:
    return SlotEngine.load(find("default"))


@pytest.fixture(scope="module")
def words() -> Iterator[Engine]:
    before = os.environ.get("SKUCAST_DTYPE")
    os.environ["SKUCAST_DTYPE"] = "float32"
    yield open_engine("hf:")
    os.environ.pop("SKUCAST_DTYPE") if before is None else os.environ.update(SKUCAST_DTYPE=before)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    base = require_default()
    servers = [
        Server("slots", "default", merged_folder(find("default")), free_port(), cpu=True, context=2048),
        Server("chat", base.name, base, free_port(), hot=True, cpu=True),
    ]
    with Serving(servers, find_vllm(), tmp_path_factory.mktemp("logs")).running() as running:
        yield running


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], slots: SlotEngine) -> None:
    assert set(one) == set(other)
    for uid, quantiles in one.items():
        assert other[uid] == pytest.approx(quantiles, rel=1e-3, abs=1e-3 * max(1.0, float(quantiles.mean()))), uid


def likely(ours: list[Completion], theirs: list[Completion]) -> None:
    """The same texts are as likely in both."""
    for one, other in zip(ours, theirs, strict=True):
        assert one.logprobs and other.logprobs
        if one.texts == other.texts:
            assert other.logprobs == pytest.approx(one.logprobs, abs=0.05)


def test_slot_quantiles_through_a_server_are_those_of_the_process(
    serving: Serving, slots: SlotEngine, panel: Panel, ids: list[str]
) -> None:
    served = SlotEngine.served(find("default"), serving.servers[0].url)
    same(slots.forecast(panel, HORIZON, ids), served.forecast(panel, HORIZON, ids), slots)
    assert served.digest == slots.digest and served.tokens == slots.tokens


def test_words_through_a_server_are_those_of_the_process(serving: Serving, words: Engine) -> None:
    chat = serving.servers[1]
    served = open_engine(f"openai:{chat.name}@{chat.url}/v1")
    for constraint in (None, integers(3)):
        ours = words.generate(CHATS, max_tokens=24, constraint=constraint, logprobs=True)
        theirs = served.generate(CHATS, max_tokens=24, constraint=constraint, logprobs=True)
        assert [one.prompt_tokens for one in ours] == [one.prompt_tokens for one in theirs]
        equal = sum(one.texts == other.texts for one, other in zip(ours, theirs, strict=True))
        assert equal >= 3, (ours, theirs)  # one may turn where two tokens are all but equally likely
        if constraint is None:
            likely(ours, theirs)
    schema = json.dumps({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    (answer,) = served.generate(CHATS[2:3], max_tokens=40, constraint=Constraint("json_schema", schema))
    assert isinstance(json.loads(answer.texts[0])["n"], int)


def test_a_served_model_drives_the_chat(serving: Serving, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skucast.agent.engines.served_chat.MOST_TOKENS", 96)
    chat = serving.servers[1]
    session = Session(Desk(panel, Forecaster(None)), served_chat(chat.name, f"{chat.url}/v1"))
    told: list[str] = []
    session.on_words = told.append
    reply = session.ask("What are the top sellers?")
    assert reply.steps and sum(step.tokens for step in reply.steps) > 0
    assert (
        reply.failed or not ground(reply.text, reply.evidence)[1]
    )  # a 135M model may say anything; nothing loose is shown
    assert " ".join(told) == reply.shown


def test_an_adapter_added_while_it_runs_says_what_it_says_merged(
    serving: Serving, words: Engine, tmp_path: Path
) -> None:
    chat, base = serving.servers[1], require_default()
    torch.manual_seed(0)
    config = LoraConfig(r=8, lora_alpha=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    tuned = get_peft_model(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), config)
    tuned.save_pretrained(tmp_path / "loud")
    tuned.merge_and_unload().save_pretrained(tmp_path / "merged")
    AutoTokenizer.from_pretrained(base).save_pretrained(tmp_path / "merged")
    url = f"{chat.url}/v1"
    load_adapter(url, "loud", tmp_path / "loud")
    ours = open_engine(f"hf:{tmp_path / 'merged'}").generate(CHATS, max_tokens=16)
    theirs, plain = (open_engine(f"openai:{name}@{url}").generate(CHATS, max_tokens=16) for name in ("loud", chat.name))
    assert sum(one.texts == other.texts for one, other in zip(ours, theirs, strict=True)) >= 3, (ours, theirs)
    assert [one.texts for one in theirs] != [one.texts for one in plain]


def test_a_server_killed_in_the_middle_of_a_batch_loses_nothing(
    serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 40)
    monkeypatch.setattr("skucast.agent.batch.run.CHUNK", 8)
    source, out = complete_journey_source("W"), tmp_path / "f.jsonl"
    served = SlotEngine.served(find("default"), serving.servers[0].url)
    done: list[str] = []

    def killing(uid: str) -> None:
        done.append(uid)
        if len(done) == 8:
            os.kill(serving._running["slots"].pid, signal.SIGKILL)

    stop = threading.Event()

    def mending() -> None:
        while not stop.wait(0.5):
            serving.mend()

    thread = threading.Thread(target=mending)
    thread.start()
    try:
        run_batch(Forecaster(None, slots=served), source, source.unique_ids()[:24], HORIZON, out, on_line=killing)
    finally:
        stop.set()
        thread.join()
    lines = list(read_lines(out))
    assert [line.unique_id for line in lines] == source.unique_ids()[:24]
    assert all(isinstance(line, ForecastReport) and line.llm and line.llm.validation_loss_llm for line in lines)


def test_vllm_in_this_process_says_the_same(slots: SlotEngine, words: Engine, panel: Panel, ids: list[str]) -> None:
    from skucast.agent.engines.offline import VllmEngine

    options = {"dtype": "float32", "max_model_len": 2048, "enforce_eager": True, "kv_cache_memory_bytes": 1 << 30}
    made = SlotEngine.offline(find("default"), merged_folder(find("default")), **options)
    assert made.digest == slots.digest
    same(slots.forecast(panel, HORIZON, ids), made.forecast(panel, HORIZON, ids), slots)
    del made
    engine = VllmEngine.load(require_default(), **options)
    ours, theirs = (one.generate(CHATS, max_tokens=24, logprobs=True) for one in (words, engine))
    likely(ours, theirs)
    assert sum(one.texts == other.texts for one, other in zip(ours, theirs, strict=True)) >= 3
