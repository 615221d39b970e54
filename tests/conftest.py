"""Fixtures that every test folder may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with benchmark sets, odd files and photos, which is not part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the data folder shared/data beside the checkout")
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The small files that the repository carries."""
    return ROOT / "tests" / "data"
