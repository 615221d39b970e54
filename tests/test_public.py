from __future__ import annotations

import subprocess
import sys

import pytest

import srgan

HEAVY = ("numpy", "pyvips", "PIL", "onnxruntime", "torch", "pydantic", "fsspec", "cyclopts", "rich")


def test_every_public_name_is_there_and_no_other() -> None:
    for name in srgan.__all__:
        assert getattr(srgan, name) is not None
    assert sorted(srgan.__all__) == [*srgan.__all__]
    assert dir(srgan) == srgan.__all__
    errors = {name for name in vars(srgan.errors) if isinstance(vars(srgan.errors)[name], type)}
    assert {name for name in srgan.errors.__all__ if name in errors} <= {*srgan.__all__}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = srgan.nothing


def test_importing_loads_no_library() -> None:
    program = f"import sys, srgan, srgan.errors; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_picture_needs_no_runtime() -> None:
    program = (
        "import sys, srgan; srgan.Picture; srgan.read; "
        "print([name for name in ('onnxruntime', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
