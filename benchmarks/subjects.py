"""What ``upscale.py`` times: one subject a process, driven over standard input, so that runs can alternate.

The job is the same for all: a float32 (1, 3, h, w) picture in 0..1 becomes 8-bit pixels (4h, 4w, 3). Only
``sgemm`` is another: the machine's own rate of float32 multiply-adds by numpy's matrix product.

``python benchmarks/subjects.py SUBJECT SIDE THREADS`` answers each number N on its input with one JSON line:
the wall and CPU seconds of N jobs, and the process's peak memory so far. Its first line says what one job is.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import peak_bytes
from srgan.errors import SrganError

SGEMM = "sgemm"
TORCH_EAGER = "srresnet in torch, eager"
SCALE = 4
_SGEMM_SIDE = 2048


@dataclass(frozen=True, slots=True)
class Ready:
    """A subject's first line: multiply-adds of one job, seconds of loading, and of the first job."""

    macs: int
    load_seconds: float
    first_seconds: float


@dataclass(frozen=True, slots=True)
class Timed:
    """The answer to one order: ``seconds`` and ``cpu_seconds`` of all its jobs together."""

    jobs: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """One unit of work and its multiply-adds."""

    run: Callable[[], object]
    macs: int


def sgemm() -> Job:
    """Multiply two float32 matrices."""
    import numpy as np

    random = np.random.default_rng(0)
    left, right = (random.random((_SGEMM_SIDE, _SGEMM_SIDE), dtype=np.float32) for _ in range(2))
    return Job(lambda: left @ right, _SGEMM_SIDE**3)


def torch_eager(side: int, threads: int) -> Job:
    """The paper's generator as commonly written: batch norm as layers of its own, one slope a channel."""
    import torch

    from srgan.networks.generators.srresnet import SRResNet, SRResNetConfig

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    network = SRResNet(SRResNetConfig(channel_slopes=True)).eval()
    lr = torch.rand(1, 3, side, side)

    @torch.inference_mode()
    def run() -> object:
        sr = network(lr)[0].clamp(0, 1).mul(255).add(0.5).to(torch.uint8)
        return sr.permute(1, 2, 0).contiguous().numpy()

    return Job(run, macs_of_network(network, side))


def model_file(name: str, side: int, threads: int) -> Job:
    """A model file in the runtime that the package ships with, the whole picture at once."""
    import numpy as np

    from srgan.models.catalogue import find
    from srgan.models.files import read_onnx
    from srgan.upscaling.backends.backend import Enlarged
    from srgan.upscaling.backends.onnxruntime import OnnxRuntime

    path = find(name)
    backend = OnnxRuntime(read_onnx(path), threads=threads)
    lr = np.random.default_rng(0).random((1, 3, side, side), dtype=np.float32)

    def run() -> object:
        enlarged = backend.run(lr, as_uint8=True)
        if not isinstance(enlarged, Enlarged):
            raise SystemExit(f"{name}: out of memory at {side}x{side}")
        return enlarged

    return Job(run, macs_of_model(path, side))


def macs_of_network(network: Callable[..., object], side: int) -> int:
    """Count the multiply-adds of a torch network for one picture of ``side`` x ``side``, as they run."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    small = 16  # convolutions only: what they cost grows with the pixels
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 3, small, small))
    return counter.get_total_flops() // 2 * side * side // small**2


def macs_of_model(path: Path, side: int) -> int:
    """Count the multiply-adds of an ONNX file's convolutions for one picture of ``side`` x ``side``."""
    import onnx

    graph = onnx.load(path)
    dims = graph.graph.input[0].type.tensor_type.shape.dim
    for dim, size in zip(dims, (1, 3, side, side), strict=True):
        dim.dim_value = size
    inferred = onnx.shape_inference.infer_shapes(graph, strict_mode=True, data_prop=True).graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*inferred.value_info, *inferred.output)
    }
    weights = {tensor.name: list(tensor.dims) for tensor in inferred.initializer}
    total = 0
    for node in inferred.node:
        if node.op_type == "Conv":
            _, _, height, width = shapes[node.output[0]]
            out, per_group, tall, wide = weights[node.input[1]]
            total += height * width * out * per_group * tall * wide
        elif node.op_type in ("ConvTranspose", "MatMul", "Gemm"):
            raise SystemExit(f"{path}: has a {node.op_type}, whose multiply-adds are not counted here")
    return total


def job_of(subject: str, side: int, threads: int) -> Job:
    """Build the job of a subject by its name."""
    if subject == SGEMM:
        return sgemm()
    if subject == TORCH_EAGER:
        return torch_eager(side, threads)
    return model_file(subject, side, threads)


def main(subject: str, side: int, threads: int) -> None:
    """Serve orders until the input ends."""
    start = time.perf_counter()
    try:
        job = job_of(subject, side, threads)
    except SrganError as error:
        raise SystemExit(str(error)) from error
    loaded = time.perf_counter()
    job.run()
    _say(Ready(job.macs, loaded - start, time.perf_counter() - loaded))
    for order in sys.stdin:
        jobs = int(order)
        cpu, start = time.process_time(), time.perf_counter()
        for _ in range(jobs):
            job.run()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        _say(Timed(jobs, seconds, cpu, peak_bytes()))


def _say(line: Ready | Timed) -> None:
    sys.stdout.write(json.dumps(asdict(line)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = sys.argv[3]
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
