"""How long an evaluation takes: a set through all fast metrics, files and enlargement included.

    python benchmarks/evaluate.py FOLDER [--method bicubic] [--times 3] [--threads 2]

FOLDER holds a set (``srgan datasets`` names the layouts). Prints seconds, and milliseconds a picture of each
metric alone in one thread, and writes ``benchmarks/results/evaluate.json``. Nothing else should run on the
machine.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from measuring import summarise, write_results
from srgan.evaluation.compare import evaluate
from srgan.evaluation.layouts import open_set
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import FAST, chosen


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--method", default="bicubic")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    pictures = open_set(arguments.folder)
    methods = find_methods([arguments.method], [pictures], threads=arguments.threads)

    def seconds(names: tuple[str, ...], threads: int) -> float:
        start = time.perf_counter()
        evaluate(methods, [pictures], chosen(names), threads=threads)
        return time.perf_counter() - start

    whole = summarise([seconds(FAST, arguments.threads) for _ in range(arguments.times)])
    assert whole is not None  # noqa: S101 - at least one time
    count = len(pictures.pairs)
    print(
        f"{arguments.method} on {count} pictures of {pictures.name}, {len(FAST)} metrics, "
        f"{arguments.threads} threads: {whole.median:.1f} s [{whole.low:.1f} {whole.high:.1f}]"
    )
    without = seconds((), 1)
    alone = {name: 1000 * (seconds((name,), 1) - without) / count for name in FAST}
    print(f"{'reading and enlarging':24}{1000 * without / count:8.1f} ms a picture")
    for name, milliseconds in alone.items():
        print(f"{name:24}{milliseconds:8.1f} ms a picture")
    write_results(
        "evaluate",
        {
            "set": pictures.name,
            "pictures": count,
            "method": arguments.method,
            "threads": arguments.threads,
            "seconds": asdict(whole),
            "milliseconds_without_metrics": 1000 * without / count,
            "milliseconds_a_metric_alone": alone,
        },
    )


if __name__ == "__main__":
    main()
