from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEET_AND_PART = """
import sys, time, torch
from pathlib import Path
from srgan.training.processes import join_processes

with join_processes(torch.device("cpu")) as processes:
    number = torch.full((3,), float(processes.rank))
    processes.mean_([number])
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1).step()  # optimisers import much
    import torch._dynamo
assert number.tolist() == [0.5] * 3
for _ in range(100):  # on a busy machine a thread that was told to end may still be at it
    threads = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    if not [name for name in threads if "gloo" in name]:
        sys.exit()
    time.sleep(0.1)
raise SystemExit(f"still there: {threads}")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="threads have names in /proc on Linux only")
def test_no_thread_of_the_group_outlives_it(tmp_path: Path) -> None:
    """One that drops a tensor while Python ends would abort a process that has done its work."""
    script = tmp_path / "meet.py"
    script.write_text(MEET_AND_PART)
    start = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        str(script),
    ]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        start, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout
