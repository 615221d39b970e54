"""Weights that come in a package of others, of which nothing but the file is used."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from srgan.errors import UsageError

__all__ = ["find_packaged"]


def find_packaged(network: str, package: str, version: str, file: str, otherwise: str = "") -> Path:
    """Give the path of ``file`` in an installed package, whose code is not imported.

    Args:
        network: what needs it.
        package: its name on PyPI.
        version: the one to install where it is missing.
        file: its path from the folder of packages.
        otherwise: what else a person can do.

    Raises:
        UsageError: the package or the file is not there; says the command that brings it.
    """
    try:
        path = Path(str(distribution(package).locate_file(file)))
    except PackageNotFoundError:
        path = None
    if path is None or not path.is_file():
        more = f" ({otherwise})" if otherwise else ""
        raise UsageError(
            f"{network} needs weights that come in a package: "
            f"pip install --no-deps {package}=={version}{more}"
        )
    return path
