"""Where the files of weights are looked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from srgan.errors import InputError, ModelError
from srgan.networks.perceptual import files
from srgan.networks.perceptual.files import find_weights

CONTENT = b"weights"
NAME = f"net-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"
NOWHERE = "http://127.0.0.1:9/models"  # the port of discard, where nothing answers


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for weights, and an empty cache."""
    folder = tmp_path / "brought"
    folder.mkdir()
    monkeypatch.setenv("SRGAN_WEIGHTS", str(folder))
    monkeypatch.setenv("SRGAN_CACHE", str(tmp_path / "cache"))
    return folder


def test_a_file_in_the_folder_for_weights_is_not_downloaded(brought: Path) -> None:
    (brought / NAME).write_bytes(CONTENT)
    assert find_weights(f"{NOWHERE}/{NAME}", print) == brought / NAME


def test_a_wrong_file_there_is_refused(brought: Path) -> None:
    (brought / NAME).write_bytes(CONTENT[:-1])
    with pytest.raises(ModelError, match=r"its SHA-256 begins with \w{8}, not .*bring it again") as refused:
        find_weights(f"{NOWHERE}/{NAME}", print)
    assert str(refused.value).startswith(f"{brought / NAME}: ")


def test_a_name_without_a_checksum_is_not_looked_for_there(
    brought: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (brought / "net.pth").write_bytes(CONTENT)
    monkeypatch.setattr(files, "fetch", lambda url, checksum, _: Path(f"{url} {checksum}"))
    assert find_weights("http://example.org/net.pth", print) == Path("http://example.org/net.pth ")


@pytest.mark.parametrize("folder", ["", "elsewhere"])
def test_without_a_network_the_way_out_is_said_in_one_line(
    brought: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("SRGAN_WEIGHTS", folder and str(brought / folder))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(InputError, match=r"cannot be reached .*SRGAN_WEIGHTS") as refused:
        find_weights(f"{NOWHERE}/{NAME}", lambda _: None)
    assert "\n" not in str(refused.value)
