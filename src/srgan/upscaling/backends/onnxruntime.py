"""ONNX Runtime on the processor, in float32: the door to the library ``onnxruntime``.

The settings are measured, not guessed: reusing memory (the arena) without planning it ahead for one shape
(``enable_mem_pattern``) is as fast as with the plan and takes 40% less, whatever the order of tile shapes.
"""

from __future__ import annotations

import re
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from srgan.errors import ModelError, UpscaleError, one_line
from srgan.models.files import ModelFile
from srgan.upscaling.backends.backend import Enlarged, OutOfMemory
from srgan.upscaling.backends.threads import default_threads

__all__ = ["OnnxRuntime"]

_SILENT = 4
_NO_MEMORY = re.compile(r"alloc|out of memory|not enough memory", re.IGNORECASE)
_INPUTS = {"lr"}
_OUTPUTS = {"sr", "sr8", "mean"}


class OnnxRuntime:
    """A network in ONNX Runtime; it implements `Backend`."""

    def __init__(self, model: ModelFile, *, threads: int | None = None) -> None:
        """Load a network.

        Args:
            model: the file, already read.
            threads: to compute with; None: the physical cores that this process may use.

        Raises:
            ModelError: the runtime refuses it, or its inputs and outputs are not those of a model of ours.
        """
        import onnxruntime  # a second of start that listing models need not pay

        library = cast("Any", onnxruntime)  # it has no types
        library.set_default_logger_severity(_SILENT)
        library.disable_telemetry_events()
        options = library.SessionOptions()
        options.log_severity_level = _SILENT
        options.enable_mem_pattern = False
        options.intra_op_num_threads = default_threads() if threads is None else threads
        try:
            self._session = library.InferenceSession(
                model.content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library has no common class for its own
            raise ModelError(f"{model.path}: the runtime refuses this model ({_reason(error)})") from error
        inputs = {str(value.name) for value in self._session.get_inputs()}
        outputs = {str(value.name) for value in self._session.get_outputs()}
        if inputs != _INPUTS or not outputs >= _OUTPUTS:
            raise ModelError(f"{model.path}: not a network of ours (other inputs or outputs)")

    def run(self, lr: NDArray[np.float32], *, as_uint8: bool) -> Enlarged | OutOfMemory:
        """Enlarge a tile (`Backend.run`)."""
        try:
            pixels, mean = self._session.run(["sr8" if as_uint8 else "sr", "mean"], {"lr": lr})
        except MemoryError:
            return OutOfMemory()
        except Exception as error:
            if _NO_MEMORY.search(str(error)):
                return OutOfMemory()
            raise UpscaleError(f"the runtime failed ({_reason(error)})") from error
        enlarged = pixels[0] if as_uint8 else np.moveaxis(pixels[0], 0, -1)
        return Enlarged(pixels=enlarged, mean=float(mean))


def _reason(error: Exception) -> str:
    return re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", one_line(error))[:200]
