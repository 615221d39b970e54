from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture, read
from srgan.evaluation import checksums
from srgan.evaluation.checksums import check, cropped, pixel_digest, recorded
from srgan.evaluation.known_sets import KNOWN_SETS, KnownSet, find_known
from srgan.evaluation.layouts import open_set
from srgan.resize.matlab import resize

MADE = KnownSet(name="Made", pictures=3, what="", places=(), terms="", recorded=True)
SIDES = (32, 28, 24)


def pictures() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    return {
        name: random.integers(0, 256, (side, side, 3), np.uint8)
        for name, side in zip("abc", SIDES, strict=True)
    }


def small(pixels: np.ndarray) -> np.ndarray:
    return resize(pixels, pixels.shape[0] // 4, pixels.shape[1] // 4)


def digest(pixels: np.ndarray) -> str:
    height, width, _ = pixels.shape
    return hashlib.sha256(f"{height}x{width} ".encode() + pixels.tobytes()).hexdigest()[:16]


def twelve(pixels: np.ndarray) -> np.ndarray:
    return pixels[: pixels.shape[0] // 12 * 12, : pixels.shape[1] // 12 * 12]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a set of three, as it is recorded."""
    lines = ["set,picture,hr4,hr12,lr4,lr12"]
    for name, hr in pictures().items():
        digests = map(digest, (hr, twelve(hr), small(hr), small(twelve(hr))))
        lines.append(",".join(["Made", name, *digests]))
    table = tmp_path / "table.csv"
    table.write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(checksums, "TABLE", table)
    place = tmp_path / "Made"
    for name, hr in pictures().items():
        save(place / "HR" / f"{name}.png", hr)
        save(place / "LRbicx4" / f"{name}x4.png", small(hr))
    return place


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Picture.from_array(pixels).save(path, overwrite=True)


def test_a_digest_is_of_size_and_pixels() -> None:
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    colour = np.stack([grey, grey, grey], axis=2)
    expected = hashlib.sha256(b"3x4 " + bytes(v for v in range(12) for _ in range(3))).hexdigest()[:16]
    assert pixel_digest(Picture.from_array(grey)) == pixel_digest(Picture.from_array(colour)) == expected
    turned = Picture.from_array(np.ascontiguousarray(colour.reshape(4, 3, 3)))
    assert pixel_digest(turned) != expected
    clear = np.concatenate([colour, np.full((3, 4, 1), 9, np.uint8)], axis=2)
    assert pixel_digest(Picture.from_array(clear)) != expected


def test_a_true_copy(copy: Path) -> None:
    hr, lr = check(open_set(copy), MADE)
    assert lr
    assert (hr.whole, lr.whole, hr.crop, lr.crop, hr.equal) == (True, True, 4, 4, ("a", "b", "c"))


def test_names_and_what_is_over_a_multiple_of_four_do_not_count(copy: Path) -> None:
    for number, name in enumerate("abc"):
        path = copy / "HR" / f"{name}.png"
        wider = np.pad(read(path).pixels, ((0, 1), (0, 3), (0, 0)))
        save(path, wider)
        path.rename(path.with_name(f"img_{number}.png"))
        small_path = copy / "LRbicx4" / f"{name}x4.png"
        small_path.rename(small_path.with_name(f"img_{number}x4.png"))
    hr, lr = check(open_set(copy), MADE)
    assert lr
    assert (hr.whole, lr.whole) == (True, True)


def test_what_differs_is_named(copy: Path) -> None:
    changed = read(copy / "HR/a.png").pixels.copy()
    changed[5, 6, 1] ^= 1
    save(copy / "HR/a.png", changed)
    for path in (copy / "HR/b.png", copy / "LRbicx4/bx4.png"):
        path.unlink()
    save(copy / "HR/d.png", pictures()["b"][::-1])
    save(copy / "LRbicx4/dx4.png", small(pictures()["b"])[::-1])
    hr, lr = check(open_set(copy), MADE)
    assert (hr.equal, hr.different, hr.missing, hr.extra) == (("c",), ("a.png",), ("b",), ("d.png",))
    assert lr
    assert (lr.equal, lr.different, lr.missing, lr.extra) == (("a", "c"), (), ("b",), ("dx4.png",))
    assert not hr.whole
    assert not lr.whole


def test_basicsr_crops_to_multiples_of_twelve(copy: Path) -> None:
    for name, pixels in pictures().items():
        save(copy / "GTmod12" / f"{name}.png", twelve(pixels))
        save(copy / "LRbicx4" / f"{name}x4.png", small(twelve(pixels)))
    hr, lr = check(open_set(copy), MADE)
    assert lr
    assert (hr.whole, hr.crop, lr.whole, lr.crop) == (True, 12, True, 12)


def test_the_table_of_sets() -> None:
    names = Counter(name.casefold() for each in KNOWN_SETS for name in (each.name, *each.aliases))
    assert set(names.values()) == {1}
    for known in KNOWN_SETS:
        assert len(recorded(known.name)) == (known.pictures if known.recorded else 0)
        assert find_known(known.name.upper()) is known
        assert all(place.startswith(("http://", "https://")) for place in known.places)
    b100 = find_known("b100")
    assert b100
    assert (b100.name, b100.pictures) == ("BSD100", 100)
    assert find_known("Set6") is None


@pytest.mark.parametrize("name", ["Set5", "Set14", "BSD100"])
def test_the_benchmarks_are_as_recorded(shared: Path, name: str) -> None:
    known = find_known(name)
    assert known
    hr, lr = check(open_set(shared / "benchmarks" / name), known)
    assert lr
    assert (hr.whole, lr.whole, hr.crop, lr.crop) == (True, True, 4, 4)
    assert len(hr.equal) == known.pictures


def test_a_grey_picture_kept_as_colour_is_the_same(shared: Path) -> None:
    bridge = read(shared / "benchmarks/Set14/HR/bridge.png")
    assert bridge.pixels.shape[2] == 1
    as_colour = Picture.from_array(np.repeat(bridge.pixels, 3, axis=2))
    row = next(row for row in recorded("Set14") if row.picture == "bridge")
    assert row.hr[0] == pixel_digest(cropped(as_colour, 4))
