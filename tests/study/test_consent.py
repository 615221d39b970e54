"""What raters agree to comes from the design, whatever is written in it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from srgan.images.picture import Picture
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.presets import find_preset
from srgan.study.server import app_of
from srgan.study.wording import CONSENT


def a_study(place: Path, *changes: str) -> StudyFolder:
    originals = place / "originals"
    originals.mkdir()
    for at in range(3):
        pixels = np.random.default_rng(at).integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Picture.from_array(pixels).save(originals / f"{at}.png")
    return new_study(
        Wish(
            place=place / "study",
            methods=("nearest", "bicubic"),
            references=(originals,),
            preset=find_preset("acr"),
            changes=changes,
        )
    )


def told(folder: StudyFolder) -> dict[str, Any]:
    """What a new rater's browser learns of the study."""

    async def ask() -> dict[str, Any]:
        transport = httpx.ASGITransport(app_of(folder, token=None))
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://127.0.0.1",
            verify=False,  # noqa: S501 - no TLS here
        ) as client:
            secret = (await client.post("/api/raters", json={})).json()["secret"]
            session = await client.get("/api/session", headers={"Authorization": f"Bearer {secret}"})
            return session.raise_for_status().json()["study"]

    return asyncio.run(ask())


def test_a_new_study_has_the_usual_text_written_out_to_be_changed(tmp_path: Path) -> None:
    folder = a_study(tmp_path)
    assert folder.design.consent == CONSENT
    assert "[consent]" in (folder.path / "study.toml").read_text("utf-8")
    found = told(folder)
    assert {code: tuple(texts) for code, texts in found["consent"].items()} == CONSENT
    assert found["contact"] is None


def test_a_text_of_ones_own_is_what_raters_read(tmp_path: Path) -> None:
    folder = a_study(
        tmp_path, 'consent={en = ["<i>Mine</i>", "{rater}"], ko = ["내 글"]}', "contact=Ann, room 5"
    )
    found = told(folder)
    assert found["consent"] == {"en": ["<i>Mine</i>", "{rater}"], "ko": ["내 글"]}
    assert found["contact"] == "Ann, room 5"


def test_a_study_from_before_there_were_own_texts_goes_on(tmp_path: Path) -> None:
    folder = a_study(tmp_path)
    place = folder.path / "study.toml"
    before, _, after = place.read_text("utf-8").partition("[consent]")
    place.write_text(before + after[after.index("[[methods]]") :], "utf-8")
    old = StudyFolder(folder.path)
    assert old.design.consent is None
    assert {code: tuple(texts) for code, texts in told(old)["consent"].items()} == CONSENT
