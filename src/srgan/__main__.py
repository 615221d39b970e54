"""``python -m srgan``: the command ``srgan``, also for ``torchrun -m srgan train``."""

from __future__ import annotations

import sys

from srgan.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
