"""LPIPS from the download of a trunk, here of random weights from this machine, to its number."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.errors import InputError
from srgan.evaluation.metrics import find
from srgan.evaluation.metrics.compared import Compared
from srgan.networks.perceptual import alexnet

WIDTHS = (3, 64, 192, 384, 256, 256)
KERNELS = (
    (0, 11, 4, 2),
    (3, 5, 1, 2),
    (6, 3, 1, 1),
    (8, 3, 1, 1),
    (10, 3, 1, 1),
)  # number, size, stride, padding
State = dict[str, Tensor]


def random_weights() -> State:
    """Give random weights of AlexNet under torchvision's names."""
    torch.manual_seed(0)
    state: State = {"classifier.6.bias": torch.zeros(10)}
    for (number, size, _, _), inputs, outputs in zip(KERNELS, WIDTHS, WIDTHS[1:], strict=False):
        spread = (2 / (size * size * inputs)) ** 0.5
        state[f"features.{number}.weight"] = torch.randn(outputs, inputs, size, size) * spread
        state[f"features.{number}.bias"] = 0.1 * torch.randn(outputs)
    return state


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[State, str]]:
    """Random weights, and the address that they are served at, with their checksum in the name."""
    state, file = random_weights(), io.BytesIO()
    torch.save(state, file)
    content = file.getvalue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        name = f"alexnet-owt-{hashlib.sha256(content).hexdigest()[:8]}.pth"
        yield state, f"http://127.0.0.1:{server.server_port}/models/{name}"
        server.shutdown()


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRGAN_CACHE", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("SRGAN_OFFLINE", raising=False)
    monkeypatch.delenv("SRGAN_WEIGHTS", raising=False)


def taps(state: State, pixels: np.ndarray) -> list[Tensor]:
    """Give the features after each ReLU, in double precision, scaled in as LPIPS says it."""
    x = torch.from_numpy(pixels.transpose(2, 0, 1)[None] / 255.0) * 2 - 1
    shift, scale = torch.tensor([[-0.030, -0.088, -0.188], [0.458, 0.448, 0.450]]).double()[..., None, None]
    x, found = (x - shift) / scale, list[Tensor]()
    for number, _, stride, padding in KERNELS:
        if number in (3, 6):
            x = F.max_pool2d(x, 3, 2)
        weight, bias = (state[f"features.{number}.{part}"].double() for part in ("weight", "bias"))
        x = F.relu(F.conv2d(x, weight, bias, stride=stride, padding=padding))
        found.append(x)
    return found


def test_a_downloaded_trunk_and_the_published_heads_give_lpips(
    shared: Path, served: tuple[State, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, url = served
    monkeypatch.setattr(alexnet, "_URL", url)
    said: list[str] = []
    measure = find("lpips-alex").batch_measure(said.append)
    assert said[0] == f"downloading {url}"
    random = np.random.default_rng(3)
    sr, hr = random.integers(0, 256, (2, 48, 64, 3), dtype=np.uint8)
    heads = torch.load(shared / "weights/lpips-v0.1/alex.pth", map_location="cpu", weights_only=True)
    expected = 0.0
    for number, (one, other) in enumerate(zip(taps(state, sr), taps(state, hr), strict=True)):
        lengths = [torch.linalg.vector_norm(each, dim=1, keepdim=True) + 1e-10 for each in (one, other)]
        difference = (one / lengths[0] - other / lengths[1]) ** 2
        expected += float(F.conv2d(difference, heads[f"lin{number}.model.1.weight"].double()).mean())
    assert expected > 0.01
    assert measure([Compared(sr, hr, sr[::4, ::4])]) == pytest.approx([expected], rel=1e-4)


@pytest.mark.parametrize("name", ["lpips-alex", "lpips-vgg"])
def test_without_a_network_the_way_out_is_said_in_one_line(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRGAN_OFFLINE", "1")
    with pytest.raises(
        InputError, match=r"download\.pytorch\.org/models/.*SRGAN_OFFLINE.*SRGAN_WEIGHTS"
    ) as refused:
        find(name).batch_measure(print)
    assert "\n" not in str(refused.value)


def test_the_smallest_side_is_the_network_s(
    served: tuple[State, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from srgan.networks.perceptual.table import load

    monkeypatch.setattr(alexnet, "_URL", served[1])
    assert load("lpips-alex").smallest == find("lpips-alex").smallest
