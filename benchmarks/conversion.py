"""What turning bytes into the network's float32 and back costs, in numpy and in the graph (decision 0004).

    python benchmarks/conversion.py [--model swift] [--side 256] [--times 15]

In alternating runs on one picture: the way in (numpy, uint8 to float32 planes), the network asked for bytes
(``sr8``), and the network asked for floats (``sr``) with clipping and rounding in numpy after it. Prints a
table and writes ``benchmarks/results/conversion.json``. Nothing else should run on the machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from measuring import summarise, write_results
from srgan.models.catalogue import find
from srgan.models.files import read_onnx
from srgan.upscaling.backends.backend import Enlarged
from srgan.upscaling.backends.onnxruntime import OnnxRuntime


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="swift")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--times", type=int, default=15)
    arguments = parser.parse_args()
    backend = OnnxRuntime(read_onnx(find(arguments.model)))
    picture = np.random.default_rng(0).integers(0, 256, (arguments.side, arguments.side, 3)).astype(np.uint8)

    def way_in() -> np.ndarray:
        planes = np.divide(np.moveaxis(picture, -1, 0), np.float32(255), dtype=np.float32)
        return np.ascontiguousarray(planes[None])

    lr = way_in()

    def floats() -> np.ndarray:
        result = backend.run(lr, as_uint8=False)
        assert isinstance(result, Enlarged)  # noqa: S101 - there is memory for one tile
        return np.floor(np.clip(result.pixels, 0, 1) * 255 + 0.5).astype(np.uint8)

    jobs: dict[str, Callable[[], object]] = {
        "way in, numpy": way_in,
        "network to bytes": lambda: backend.run(lr, as_uint8=True),
        "network to floats, bytes by numpy": floats,
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(arguments.times + 2):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if number >= 2:  # the first two warm up
                seconds[name].append(time.perf_counter() - start)
    summaries = {name: summary for name, values in seconds.items() if (summary := summarise(values))}
    for name, summary in summaries.items():
        milliseconds = (1000 * value for value in (summary.median, summary.low, summary.high))
        print(f"{name:<36}" + "{:9.2f} ms  ({:.2f} to {:.2f})".format(*milliseconds) + f"  n = {summary.n}")
    rows = {name: asdict(summary) for name, summary in summaries.items()}
    write_results("conversion", {"model": arguments.model, "side": arguments.side, "seconds": rows})


if __name__ == "__main__":
    main()
