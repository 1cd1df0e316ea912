"""The page of what a batch costs says what the measurements say, and nothing else."""

import json
from pathlib import Path

from skucast.evals.bench import batch_page


def held(name: str) -> dict:
    return json.loads((batch_page.DOCS / name).read_text(encoding="utf-8"))


def test_the_page_is_that_of_the_files() -> None:
    made = batch_page.page(held("catalogue.json"), held("serving.json"))
    assert (batch_page.DOCS / "BATCH.md").read_text(encoding="utf-8") == made


def test_it_says_so_where_a_demand_is_missed() -> None:
    catalogue, serving = held("catalogue.json"), held("serving.json")
    catalogue["rows"][-1]["pipeline_ms_a_series"] = 7.5
    serving["vllm"]["vllm_times_as_fast"] = 1.8
    said = batch_page.page(catalogue, serving)
    assert "does not keep to 5 ms" in said and "a vLLM server is faster than this process, and not the default" in said


def test_it_is_written_once_both_files_are_there(tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text(json.dumps(held("catalogue.json")))
    batch_page.write(tmp_path)
    assert not (tmp_path / "BATCH.md").exists()
    (tmp_path / "serving.json").write_text(json.dumps(held("serving.json")))
    batch_page.write(tmp_path)
    assert (tmp_path / "BATCH.md").read_text().startswith("# What a batch costs")
