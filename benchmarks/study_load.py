"""200 raters vote through HTTP while the server is killed; is one acknowledged vote lost, or one doubled?

A study of small pictures is made and served by a process of its own. Simulated raters join, fetch pictures
and vote as fast as the server lets them. In the middle the server is killed (SIGKILL) and started again;
raters send again what was not acknowledged, as the page does, and some votes twice. At the end the store is
held against what each rater was told.

    python benchmarks/study_load.py [--raters 200] [--votes 20] [--url postgresql+psycopg://...]
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from measuring import write_results
from srgan.images.picture import Picture
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.presets import find_preset
from srgan.study.store import Store

_SERVER = """
import sys
from pathlib import Path
from srgan.study.folder import StudyFolder
from srgan.study.server import serve
serve(StudyFolder(Path(sys.argv[1])), port=int(sys.argv[2]), token="owner", joining=True, say=print)
"""
_AGAIN_EVERY = 7  # every seventh vote is sent twice
_PICTURES = 8


@dataclass(slots=True)
class Rater:
    """A simulated rater, and what the server has told it."""

    secret: str
    name: str
    acknowledged: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Watch:
    """What was measured on the way."""

    vote_seconds: list[float] = field(default_factory=list)
    picture_seconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    stamps: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one store; ``lost``, ``doubled`` and ``changed`` have to be 0."""

    store: str
    raters: int
    acknowledged: int
    in_store: int
    lost: int
    doubled: int
    changed: int
    chain_faults: int
    kills: int
    requests_without_answer: int
    seconds_down: float
    votes_per_second: float
    vote_p50_ms: float
    vote_p95_ms: float
    picture_p50_ms: float
    picture_p95_ms: float


def make(place: Path, url: str | None) -> StudyFolder:
    """Make a study of noise: what is in a picture does not matter here."""
    originals, examples = place / "originals", place / "examples"
    random = np.random.default_rng(1)
    for folder, count in ((originals, _PICTURES), (examples, 2)):
        folder.mkdir()
        for number in range(count):
            pixels = random.integers(0, 256, (128, 192, 3), dtype=np.uint8)
            Picture.from_array(pixels).save(folder / f"{folder.name}{number}.png")
    wish = Wish(
        place=place / "study",
        methods=("nearest", "bicubic"),
        references=(originals,),
        preset=find_preset("acr"),
        calibration=examples,
        store=url,
    )
    return new_study(wish)


class Server:
    """The real thing, in a process of its own."""

    def __init__(self, folder: StudyFolder) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-c", _SERVER, str(self._folder.path), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    await client.get(self.address)
                except httpx.TransportError:
                    if self._process.poll() is not None:
                        raise SystemExit("the server did not start; its reason stands above") from None
                    await asyncio.sleep(0.05)
                else:
                    return
        raise SystemExit("the server did not answer within 30 s")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None  # noqa: S101 - it was started
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()


async def asked(
    client: httpx.AsyncClient, watch: Watch, method: str, path: str, **what: Any
) -> httpx.Response:
    """Ask until there is an answer, as the page does."""
    while True:
        try:
            answer = await client.request(method, path, **what)
        except httpx.TransportError:
            watch.unanswered += 1
        else:
            if answer.status_code < 500:
                return answer
            watch.unanswered += 1
        await asyncio.sleep(0.2)


async def rate(rater: Rater, address: str, votes: int, seed: int, watch: Watch) -> None:
    """Vote ``votes`` times."""
    random = np.random.default_rng(seed)
    headers = {"Authorization": f"Bearer {rater.secret}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        session = (await asked(client, watch, "GET", "/api/session")).json()
        for number in range(votes):
            trial = session["trial"]
            begin = time.perf_counter()
            (name,) = trial["pictures"]
            picture = await asked(client, watch, "GET", f"/api/pictures/{name}")
            watch.picture_seconds.append(time.perf_counter() - begin)
            picture.raise_for_status()
            vote = {
                "trial": trial["number"],
                "pictures": trial["pictures"],
                "answer": int(random.integers(1, 6)),
                "milliseconds": int(random.integers(500, 4000)),
            }
            begin = time.perf_counter()
            answer = await asked(client, watch, "POST", "/api/votes", json=vote)
            watch.vote_seconds.append(time.perf_counter() - begin)
            answer.raise_for_status()
            rater.acknowledged[vote["trial"]] = vote["answer"]
            watch.stamps.append(time.perf_counter())
            if number % _AGAIN_EVERY == 0:
                again = await asked(client, watch, "POST", "/api/votes", json=vote)
                if again.json()["recorded"] != "same":
                    raise SystemExit(f"a vote sent twice was {again.json()['recorded']}")
            session = answer.json()["session"]


async def run(folder: StudyFolder, raters: int, votes: int) -> tuple[list[Rater], Watch, float]:
    """Let everyone vote, and kill the server when half of the votes are there."""
    server = Server(folder)
    await server.start()
    watch = Watch()
    async with httpx.AsyncClient(base_url=server.address, timeout=60) as client:
        joined = [(await asked(client, watch, "POST", "/api/raters", json={})).json() for _ in range(raters)]
    people = [Rater(each["secret"], each["rater"]) for each in joined]
    tasks = [
        asyncio.create_task(rate(each, server.address, votes, seed, watch))
        for seed, each in enumerate(people)
    ]
    while len(watch.stamps) < raters * votes // 2:
        await asyncio.sleep(0.01)
        for task in tasks:
            if task.done():
                task.result()
    down = time.perf_counter()
    server.kill()
    await server.start()
    down = time.perf_counter() - down
    await asyncio.gather(*tasks)
    server.kill()
    return people, watch, down


def judge(folder: StudyFolder, people: list[Rater], watch: Watch, down: float) -> Outcome:
    """Hold the store against what the raters were told."""
    store = Store(folder.store_url)
    found: dict[tuple[str, int], list[int]] = {}
    for vote in store.votes():
        found.setdefault((vote.rater, vote.trial.number), []).append(vote.answer)
    told = {(each.name, trial): answer for each in people for trial, answer in each.acknowledged.items()}
    milliseconds = {
        name: np.percentile(np.array(seconds) * 1000, [50, 95]).round(1).tolist()
        for name, seconds in (("vote", watch.vote_seconds), ("picture", watch.picture_seconds))
    }
    busy = watch.stamps[-1] - watch.stamps[0] - down
    return Outcome(
        store=folder.store_url.partition(":")[0],
        raters=len(people),
        acknowledged=len(told),
        in_store=sum(map(len, found.values())),
        lost=sum(place not in found for place in told),
        doubled=sum(len(answers) > 1 for answers in found.values()),
        changed=sum(found[place][0] != answer for place, answer in told.items() if place in found),
        chain_faults=len(store.verify().faults),
        kills=1,
        requests_without_answer=watch.unanswered,
        seconds_down=round(down, 2),
        votes_per_second=round(len(told) / busy, 1),
        vote_p50_ms=milliseconds["vote"][0],
        vote_p95_ms=milliseconds["vote"][1],
        picture_p50_ms=milliseconds["picture"][0],
        picture_p95_ms=milliseconds["picture"][1],
    )


def main() -> None:
    """Run it on SQLite, and on the database of ``--url`` if one is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--votes", type=int, default=20, help="of each rater, at most %(default)s here")
    parser.add_argument("--url", help="an empty PostgreSQL database, as SQLAlchemy writes it")
    wished = parser.parse_args()
    outcomes: list[Outcome] = []
    for url in (None, wished.url) if wished.url else (None,):
        with tempfile.TemporaryDirectory() as place:
            folder = make(Path(place), url)
            people, watch, down = asyncio.run(run(folder, wished.raters, wished.votes))
            outcome = judge(folder, people, watch, down)
        outcomes.append(outcome)
        for name, value in dataclasses.asdict(outcome).items():
            print(f"{name:24} {value}")
        print()
    path = write_results("study_load", {"stores": [dataclasses.asdict(each) for each in outcomes]})
    print(path)
    if any(each.lost or each.doubled or each.changed or each.chain_faults for each in outcomes):
        sys.exit("votes were lost, doubled or changed")


if __name__ == "__main__":
    main()
