"""What the rules of ``srgan prepare`` leave out, of good photos and of the same ones spoilt.

    python benchmarks/prepare_rules.py PHOTOS BENCHMARKS    # the latter with Set5, Set14 and BSD100

Prints the tables of docs/reference/prepare.md and writes benchmarks/results/prepare_rules.json.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from benchmark_fingerprints import SETS
from measuring import write_results
from srgan.errors import InputError
from srgan.evaluation.datasets import pair_by_name
from srgan.images.read import read
from srgan.resize.matlab import resize
from srgan.training.fingerprint import turned_fingerprints
from srgan.training.inspection import KnownPictures, benchmark_pictures, look_at
from srgan.training.prepare import eight_bit_rgb

Photo = NDArray[np.uint8]
Spoil = Callable[[Photo], Photo]
SAMPLE = 58  # photos, evenly from the list of files
SIDE = 640  # of the part that is looked at
NONE = KnownPictures((), np.array((), np.uint64))


def jpeg(photo: Photo, quality: int) -> Photo:
    """Compress and decode."""
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def blurred(photo: Photo, sigma: float) -> Photo:
    """Blur by a Gaussian."""
    return gaussian_filter(photo.astype(np.float32), (sigma, sigma, 0)).round().astype(np.uint8)


def enlarged(photo: Photo, scale: int) -> Photo:
    """Shrink and enlarge again, both bicubic: as large as before."""
    height, width = photo.shape[:2]
    return resize(resize(photo, height // scale, width // scale), height, width)


def grey(photo: Photo) -> Photo:
    """Take the colour."""
    return np.asarray(Image.fromarray(photo).convert("L").convert("RGB"))


SPOILINGS: tuple[tuple[str, Spoil], ...] = (
    ("none", lambda photo: photo),
    ("JPEG quality 95", lambda photo: jpeg(photo, 95)),
    ("JPEG quality 75", lambda photo: jpeg(photo, 75)),
    ("JPEG quality 50", lambda photo: jpeg(photo, 50)),
    ("JPEG quality 30", lambda photo: jpeg(photo, 30)),
    ("JPEG quality 10", lambda photo: jpeg(photo, 10)),
    ("blur, sigma 1", lambda photo: blurred(photo, 1)),
    ("blur, sigma 2", lambda photo: blurred(photo, 2)),
    ("blur, sigma 4", lambda photo: blurred(photo, 4)),
    ("enlarged x2", lambda photo: enlarged(photo, 2)),
    ("enlarged x4", lambda photo: enlarged(photo, 4)),
    ("enlarged x2, then JPEG quality 75", lambda photo: jpeg(enlarged(photo, 2), 75)),
    ("grey", grey),
)
COPIES: tuple[tuple[str, Spoil], ...] = (
    ("JPEG quality 30", lambda photo: jpeg(photo, 30)),
    ("half the size", lambda photo: resize(photo, photo.shape[0] // 2, photo.shape[1] // 2)),
    ("mirrored", lambda photo: photo[:, ::-1]),
    ("turned by 90 degrees", lambda photo: np.rot90(photo)),
    ("2 % cut off each side", lambda photo: cut(photo, 0.02)),
    ("5 % cut off each side", lambda photo: cut(photo, 0.05)),
)


def cut(photo: Photo, share: float) -> Photo:
    """Leave a margin out."""
    rows, columns = (round(side * share) for side in photo.shape[:2])
    return photo[rows:-rows, columns:-columns]


def sample(folder: Path) -> list[Photo]:
    """Decode some photos of the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    photos: list[Photo] = []
    for number in range(SAMPLE):
        try:
            photo = eight_bit_rgb(read(files[number * len(files) // SAMPLE]))
        except InputError:
            continue
        photos.append(np.ascontiguousarray(photo[:SIDE, :SIDE]))
    return photos


def main(folder: Path, benchmarks: Path) -> None:
    """Print both tables and write the file."""
    photos = sample(folder)
    rows: list[dict[str, object]] = []
    print(f"| {len(photos)} photos, each | left out | by rule |\n|---|---:|---|")
    for title, spoil in SPOILINGS:
        found = Counter(
            finding.reason
            for photo in photos
            if (finding := look_at(spoil(photo), (), transparent=False, benchmarks=NONE))
        )
        rules = ", ".join(f"{rule} {number}" for rule, number in found.most_common())
        share = found.total() / len(photos)
        print(f"| {title} | {100 * share:.0f} % | {rules} |", flush=True)
        rows.append({"spoiling": title, "share": share, "rules": dict(found)})
    known = benchmark_pictures()
    pictures = [
        eight_bit_rgb(read(pair.hr)) for name in SETS for pair in pair_by_name(benchmarks / name / "HR")
    ]
    copies: list[dict[str, object]] = []
    print(f"\n| {len(pictures)} benchmark pictures, each | recognised |\n|---|---:|")
    for title, change in COPIES:
        matches = [known.match(turned_fingerprints(np.ascontiguousarray(change(one)))) for one in pictures]
        share = sum(match is not None for match in matches) / len(matches)
        print(f"| {title} | {100 * share:.0f} % |")
        copies.append({"change": title, "share": share})
    content: dict[str, object] = {"photos": len(photos), "side": SIDE, "spoilings": rows, "copies": copies}
    write_results("prepare_rules", content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
