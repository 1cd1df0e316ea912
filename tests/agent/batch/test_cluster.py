"""A batch on a Ray cluster of two workers here: the same file, also when a worker is killed half-way."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from skucast.agent.batch import run as batch
from skucast.agent.batch.budget import Budget
from skucast.agent.batch.cluster import RayWork
from skucast.agent.batch.run import run_batch
from skucast.agent.forecast.base import CombinedBase
from skucast.agent.forecast.forecaster import Forecaster
from skucast.evals.bench.catalogue import scripted
from skucast.tools.data.read import Source, open_source

from ..conftest import make_frame

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Sixteen series, one of which cannot be read."""
    frame = make_frame(30)
    parts = [frame.assign(unique_id=frame["unique_id"] + str(n)) for n in range(4)]
    parts[2].loc[5, "y"] = -1.0
    path = tmp_path / "shop.csv"
    (tmp_path / "shop.toml").write_text('known_future = ["price", "coupon"]\npast_only = ["views"]\n')
    pd.concat(parts).to_csv(path, index=False)
    return path


def without_times(path: Path) -> list[dict]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line.pop("timings", None)
    return lines


def test_the_same_file_with_a_worker_killed(
    cluster: None, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    pids = tmp_path / "pids"
    pids.mkdir()
    path, folder = str(shop), str(pids)

    def parts() -> tuple[Forecaster, Source]:
        import os
        from pathlib import Path

        from skucast.agent.forecast.forecaster import Forecaster
        from skucast.tools.data.read import open_source

        Path(folder, str(os.getpid())).touch()
        return Forecaster(None), open_source(path)

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the workers cannot import a test
    source, here, there = open_source(shop), tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    ids = source.unique_ids()
    run_batch(Forecaster(None), source, ids, 3, here)
    killed: list[int] = []

    def kill_one(_: str) -> None:
        if not killed:
            killed.append(int(next(pids.iterdir()).name))
            os.kill(killed[0], signal.SIGKILL)

    work = RayWork(parts, 3, workers=2)
    result = run_batch(Forecaster(None), source, ids, 3, there, on_line=kill_one, work=work)
    assert killed and len(list(pids.iterdir())) > 1  # another took its place
    assert (result.forecast, result.failed) == (15, 1)
    assert without_times(there) == without_times(here)
    with there.open("rb+") as file:  # cut off half-way, and gone on with on the cluster
        file.truncate(len(there.read_bytes()) // 2)
    again = run_batch(Forecaster(None), source, ids, 3, there, work=work)
    assert 0 < again.resumed < 16 and without_times(there) == without_times(here)


def test_a_budget_is_kept_over_the_workers(
    cluster: None, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)
    path = str(shop)

    def parts() -> tuple[Forecaster, Source]:
        from skucast.agent.forecast.forecaster import Forecaster
        from skucast.evals.bench.catalogue import scripted
        from skucast.tools.data.read import open_source

        return Forecaster(scripted(), samples=1, explanations="template"), open_source(path)

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    source, here, there = open_source(shop), tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    maker, ids, budget = Forecaster(scripted(), samples=1, explanations="template"), source.by_value(), Budget(tokens=1)
    alone = run_batch(maker, source, ids, 3, here, budget=budget)
    result = run_batch(maker, source, ids, 3, there, budget=budget, work=RayWork(parts, 3, workers=1))
    assert (result.degraded, result.tokens) == (alone.degraded, alone.tokens) == (13, result.tokens)
    assert without_times(there) == without_times(here)


def test_the_combined_tools_are_learned_once_and_travel(
    cluster: None, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 4)
    path = str(shop)

    def parts() -> tuple[Forecaster, Source]:
        from skucast.agent.forecast.forecaster import Forecaster
        from skucast.tools.data.read import open_source
        from skucast.tools.forecast.models import Toolbox

        def learned(*_: object, **__: object) -> None:
            raise AssertionError("a worker learned anew")

        Toolbox.combined = learned
        return Forecaster(None), open_source(path)

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    source, here, there = open_source(shop), tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    ids = source.unique_ids()
    panel = source.salvage(ids)[0]
    assert panel is not None
    at = panel.past["ds"].drop_duplicates().sort_values().iloc[-4]
    tools = CombinedBase(panel, keeps=False)
    run_batch(Forecaster(None, tools=tools), source, ids, 3, here, cutoff=at)
    work = RayWork(parts, 3, at, workers=2, tools=tools)
    run_batch(Forecaster(None, tools=tools), source, ids, 3, there, cutoff=at, work=work)
    assert without_times(there) == without_times(here)
    assert {line.get("status") for line in without_times(there)} == {"ok", "failed"}
    assert "GBM" in json.loads(there.read_text().splitlines()[0])["base"]["members"]


def test_a_worker_with_an_llm_of_its_own_gets_a_gpu_where_there_are_any(
    cluster: None, shop: Path, tmp_path: Path
) -> None:
    """The cluster says that it has a GPU, which is all that Ray looks at."""
    path, seen = str(shop), tmp_path / "seen"
    seen.mkdir()
    folder = str(seen)

    def parts() -> tuple[Forecaster, Source]:
        import os
        from pathlib import Path

        from skucast.agent.forecast.forecaster import Forecaster
        from skucast.tools.data.read import open_source

        Path(folder, f"{os.getpid()}-{os.environ.get('CUDA_VISIBLE_DEVICES', '')}").touch()
        return Forecaster(None), open_source(path)

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    source = open_source(shop)
    for llm, expected in ((True, ["0"]), (False, [""])):
        for old in seen.iterdir():
            old.unlink()
        out = tmp_path / f"{llm}.jsonl"
        run_batch(Forecaster(None), source, source.unique_ids(), 3, out, work=RayWork(parts, 3, llm=llm))
        assert [one.name.partition("-")[2] for one in seen.iterdir()] == expected
