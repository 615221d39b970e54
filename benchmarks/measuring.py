"""What every benchmark here needs: the machine, its foreign load, summaries with spread, a result file."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"

_FLAGS = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_int8", "asimd", "sve")
_PACKAGES = ("srgan", "numpy", "onnxruntime", "onnx", "torch", "pyvips", "pyvips-binary")


@dataclass(frozen=True, slots=True)
class Hardware:
    """The machine, as far as it decides the figures."""

    cpu: str
    cores: int
    flags: tuple[str, ...]
    memory_gib: float
    system: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The middle and the quartiles of some repeated figures; ``n`` is how many there were."""

    n: int
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Child:
    """What a finished process took."""

    seconds: float
    peak_bytes: int


def hardware() -> Hardware:
    """Describe the machine."""
    lines = _lines("/proc/cpuinfo")
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    present = set((facts.get("flags") or facts.get("Features") or "").split())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    name = facts.get("model name") or platform.machine()
    parts = ("cpu family", "model", "stepping")
    model = " ".join(f"{part} {facts[part]}" for part in parts if part in facts)
    return Hardware(
        cpu=f"{name} ({model})" if model else name,
        cores=len(os.sched_getaffinity(0)),
        flags=tuple(flag for flag in _FLAGS if flag in present),
        memory_gib=round(memory / 2**30, 1),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def versions() -> dict[str, str]:
    """Give the versions of Python and of what is installed of the packages that matter."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """Name the commit that is checked out, with ``+changes`` when the tree differs from it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    changed = git("status", "--porcelain", "--", "src", "benchmarks", ":!benchmarks/results").strip()
    return git("rev-parse", "HEAD").strip() + ("+changes" if changed else "")


def busy_seconds() -> float:
    """Give the CPU seconds that all processes here, and neighbours on the host, have used so far."""
    user, nice, system, _, _, irq, softirq, steal = map(int, _lines("/proc/stat")[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def foreign_share(busy: float, own: float, seconds: float) -> float:
    """Give the share of the machine that others used, from busy and own CPU seconds within ``seconds``."""
    return max(0.0, busy - own) / (seconds * (os.cpu_count() or 1))


def peak_bytes(pid: int | str = "self") -> int:
    """Give the most resident memory that a living process has ever had."""
    line = next(line for line in _lines(f"/proc/{pid}/status") if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def run_child(command: Sequence[str]) -> Child:
    """Run a command to its end and say what it took.

    The peak is at least this process's own size, which Linux carries over: measure from a small process.

    Raises:
        RuntimeError: the command failed; its last words are in the message.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        last_words = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {last_words[-500:]}")
    return Child(time.perf_counter() - start, usage.ru_maxrss * 1024)


def summarise(values: Sequence[float]) -> Summary | None:
    """Give median and quartiles, or None of nothing."""
    if not values:
        return None
    if len(values) == 1:
        return Summary(1, values[0], values[0], values[0])
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Summary(len(values), statistics.median(values), low, high)


def write_results(name: str, content: dict[str, object]) -> Path:
    """Write ``benchmarks/results/NAME.json`` with machine, commit and versions beside the content."""
    RESULTS.mkdir(exist_ok=True)
    whole = {
        "benchmark": name,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit(),
        "hardware": dataclasses.asdict(hardware()),
        "versions": versions(),
        **content,
    }
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(whole, indent=1, allow_nan=False) + "\n")
    return path


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
