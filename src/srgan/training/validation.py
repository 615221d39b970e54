"""How good the averaged network is on photos that it is not trained on."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from srgan.training.photos import SCALE, PreparedPhotos

__all__ = ["validate"]


@torch.inference_mode()
def validate(
    network: nn.Module, photos: PreparedPhotos, count: int, side: int, device: torch.device
) -> dict[str, float]:
    """Measure on the middle ``side`` x ``side`` of the first ``count`` photos.

    Returns:
        ``psnr``: mean over pictures of the PSNR in dB on RGB, 8 bit, 4 pixels of border left out.
    """
    network.eval()
    scores: list[float] = []
    for number in range(count):
        lr, hr = photos.pair(number)
        top, left = (lr.shape[0] - side // SCALE) // 2, (lr.shape[1] - side // SCALE) // 2
        lr = lr[max(top, 0) :, max(left, 0) :][: side // SCALE, : side // SCALE]
        hr = hr[max(top, 0) * SCALE :, max(left, 0) * SCALE :][:side, :side]
        batch = torch.from_numpy(np.ascontiguousarray(lr)).to(device).permute(2, 0, 1)[None].float() / 255
        sr = network(batch)[0].float().clamp(0, 1).mul(255).round().permute(1, 2, 0).cpu().numpy()
        scores.append(_psnr(sr, hr))
    network.train()
    return {"psnr": round(float(np.mean(scores)), 4)} if scores else {}


def _psnr(sr: NDArray[np.float32], hr: NDArray[np.uint8], border: int = 4) -> float:
    difference = (sr - hr.astype(np.float32))[border:-border, border:-border]
    return float(10 * np.log10(255**2 / max(float(np.mean(difference**2)), 1e-6)))
