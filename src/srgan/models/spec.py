"""What a model file states about itself, in one frozen object; its JSON travels inside the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StrictBool, StrictInt, StrictStr

__all__ = ["FORMAT", "NAME", "ConfigValue", "ModelSpec"]

FORMAT = 1
"""Version of this statement's format; a file that says a higher one comes from a newer package."""

_PLAIN = r"[a-z0-9][a-z0-9._-]{0,63}"
NAME = rf"^{_PLAIN}$"
"""What a model's name may be."""
_DIALLED = rf"^{_PLAIN}(@[01]\.[0-9]{{2,4}})?$"

ConfigValue = StrictBool | StrictInt | FiniteFloat | StrictStr


class ModelSpec(BaseModel):
    """What a model is, what it needs from whoever runs it, and where it comes from.

    Attributes:
        format: version of this statement, `FORMAT`.
        name: what a person types, ``swift``; of a model between two others ``swift-gan@0.50``.
        architecture: row of the generators' table that builds the trainable network.
        config: the architecture's own settings.
        scale: output pixels per input pixel and dimension.
        radius: how many LR pixels around a pixel its result depends on (half of the receptive field): the
            overlap that makes tiled equal to untiled.
        tile: default side of a tile in LR pixels *without* the overlap: the network is given up to
            ``tile + 2 * radius`` in each dimension.
        summary: one line for the list of models.
        licence: of the weights, as an SPDX expression.
        data: what it was trained on.
        recipe: name of the recipe that trained it.
        commit: of the code that trained it.
        faithful: name of the model of the same architecture and settings that it was trained on from, so that
            the weights between the two are good models too (`srgan.models.dial`); None: there is none.
        digest: SHA-256 (hex) over this statement without its digest and everything else in the file; set when
            a file is stamped (`srgan.models.files`), empty before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    name: Annotated[str, Field(pattern=_DIALLED)]
    architecture: Annotated[str, Field(min_length=1)]
    config: Mapping[str, ConfigValue] = {}
    scale: Annotated[int, Field(ge=1, le=16)]
    radius: Annotated[int, Field(ge=0, le=1024)]
    tile: Annotated[int, Field(ge=16, le=16384)]
    summary: str
    licence: str
    data: str
    recipe: str
    commit: str
    faithful: Annotated[str, Field(pattern=NAME)] | None = None
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    @classmethod
    def from_json(cls, text: str) -> ModelSpec:
        """Read what `to_json` wrote.

        Raises:
            ValueError: not JSON, of a newer format, or with missing, unknown or impossible values (pydantic's
                ValidationError is one too).
        """
        try:
            stated: object = json.loads(text)
        except RecursionError as error:
            raise ValueError("JSON nested too deeply") from error
        if isinstance(stated, dict):
            version = cast("dict[str, object]", stated).get("format")
            if isinstance(version, int) and version > FORMAT:
                raise ValueError(
                    f"its format is {version} and this srgan reads up to {FORMAT}: upgrade srgan",
                )
        return cls.model_validate_json(text)

    def to_json(self) -> str:
        """Give the statement as JSON, the same text for the same statement; what is None is left out."""
        return self.model_dump_json(exclude_none=True)
