# skucast: `make demo` runs the main job, `make test` the tests. Needs Python 3.11+ and make.

VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
TOOLS = SeasonalNaive,Recent,AdjustedTheta,AdjustedETS,MeanGBM,GBM,Combined
STAMP = $(VENV)/.skucast-setup
export OMP_NUM_THREADS ?= 2
export GOMP_SPINCOUNT ?= 20000
export HF_HUB_OFFLINE ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast check fmt types bench bench-evals leaderboard bench-cold finetune-demo build clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV): a few minutes, once"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check torch==2.13.0
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/skucast model pull
	@touch $@

setup: $(STAMP) ## make the environment, install, fetch the default model

demo: $(STAMP) ## the main job: forecast three products of Complete Journey, and show it
	$(BIN)/skucast forecast --demo --top 3 --horizon 4w --cutoff 2017-12-03

test: $(STAMP) ## all tests, the real model and the real demo data among them
	$(BIN)/python -m pytest

test-fast: $(STAMP) ## the tests without the real model and data, under a minute
	$(BIN)/python -m pytest -m "not slow"

check: $(STAMP) types ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	@mkdir -p .links && ln -sfn .. .links/skucast
	$(BIN)/mypy

fmt: $(STAMP) ## format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## measure time, memory and accuracy on this machine, into docs/bench.json and docs/BENCH.md
	$(BIN)/python -m skucast.evals.bench

bench-evals: $(STAMP) ## score every tool and the prompted LLM on six tasks, an hour and a half; needs SKUCAST_DATA
	$(BIN)/skucast eval rossmann_1D --with $(TOOLS) --out evals/results/rossmann_1D.jsonl
	$(BIN)/skucast eval rossmann_1W --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/rossmann_1W.jsonl
	$(BIN)/skucast eval cj_1W cj_1D --with AutoETS,AutoTheta,Statistical,$(TOOLS) --out evals/results/complete_journey.jsonl
	$(BIN)/skucast eval retail2_1W --with AutoETS,AutoTheta,CrostonSBA,TSB,Statistical,$(TOOLS) --out evals/results/retail2_1W.jsonl
	$(BIN)/skucast eval koubei_1D --with $(TOOLS) --out evals/results/koubei_1D.jsonl
	$(BIN)/skucast eval cj_1W retail2_1W --with LLM0,LLM1,LLM3,LLM5 --limit 30 --out evals/results/llm.jsonl
	$(MAKE) leaderboard

leaderboard: $(STAMP) ## the committed runs as docs/LEADERBOARD.md, and as docs/leaderboard.html with plots
	$(BIN)/skucast leaderboard evals/results/*.jsonl --out docs/LEADERBOARD.md
	$(BIN)/skucast leaderboard evals/results/*.jsonl --out docs/leaderboard.html

bench-cold: $(STAMP) ## items without a history, into docs/cold_start.json and docs/COLD_START.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.cold_start cj_1W retail2_1W --model agent/weights/default

finetune-demo: $(STAMP) ## fine-tune on the demo data, under 15 minutes, and see the validation loss fall
	$(BIN)/skucast finetune demo --accept-terms --replace

build: $(STAMP) ## the wheel, in dist/
	$(BIN)/python -m build --wheel

clean: ## remove what was built, not the environment
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .links
