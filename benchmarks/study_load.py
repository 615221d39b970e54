"""200 raters vote through HTTP while the server is killed; is one acknowledged vote lost, or one doubled?

A study of small pictures is made and served by a process of its own. Simulated raters fetch pictures and vote
as fast as the server lets them. In the middle the server is killed (SIGKILL) and started again; raters send
again what was not acknowledged, as the page does, and some votes twice. At the end the store is held against
what each rater was told. It runs on SQLite, and on a PostgreSQL server that it starts for itself.

    python benchmarks/study_load.py [--raters 200] [--votes 10] [--store sqlite postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from measuring import busy_seconds, foreign_share, write_results
from srgan.study.folder import StudyFolder
from srgan.study.store import Store
from study_line import Line
from study_noise import OWNER, Server, database, make

_AGAIN_EVERY = 7  # every seventh vote is sent twice
_SYNCS = 100


@dataclass(slots=True)
class Rater:
    """A simulated rater, and what the server has told it."""

    secret: str
    name: str = ""
    acknowledged: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Watch:
    """What was measured on the way; ``stamps`` are the moments of acknowledgement."""

    vote_seconds: list[float] = field(default_factory=list)
    picture_seconds: list[float] = field(default_factory=list)
    stamps: list[float] = field(default_factory=list)
    unanswered: int = 0
    seconds_down: float = 0.0
    server_cpu: float = 0.0
    client_cpu: float = 0.0
    foreign: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one store; ``lost``, ``doubled`` and ``changed`` have to be 0.

    Attributes:
        votes_per_second: acknowledged, without the time in which the server was down.
        client_share: of the CPU time that server and raters took, what the raters took.
        foreign_share: of the machine, what anything else took: a store of its own, or disturbance.
        server_ms_per_vote: CPU time of the server for a vote and its picture.
        sync_ms: median time that the disk takes to keep 4 KiB, before the run.
    """

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
    client_share: float
    foreign_share: float
    server_ms_per_vote: float
    sync_ms: float


async def rate(rater: Rater, port: int, votes: int, seed: int, watch: Watch) -> None:
    """Vote ``votes`` times."""
    random = np.random.default_rng(seed)
    line = Line(port, rater.secret)
    session = _good(await line.ask("GET", "/api/session"))
    rater.name = session["rater"]
    for number in range(votes):
        trial = session["trial"]
        begin = time.perf_counter()
        (name,) = trial["pictures"]
        status, _ = await line.ask("GET", f"/api/pictures/{name}")
        watch.picture_seconds.append(time.perf_counter() - begin)
        if status != 200:
            raise SystemExit(f"a picture was answered with {status}")
        vote = {
            "trial": trial["number"],
            "pictures": trial["pictures"],
            "answer": int(random.integers(1, 6)),
            "milliseconds": int(random.integers(500, 4000)),
        }
        begin = time.perf_counter()
        receipt = _good(await line.ask("POST", "/api/votes", vote))
        watch.vote_seconds.append(time.perf_counter() - begin)
        rater.acknowledged[vote["trial"]] = vote["answer"]
        watch.stamps.append(time.perf_counter())
        if number % _AGAIN_EVERY == 0:
            again = _good(await line.ask("POST", "/api/votes", vote))
            if again["recorded"] != "same":
                raise SystemExit(f"a vote sent twice was {again['recorded']}")
        session = receipt["session"]
    watch.unanswered += line.unanswered
    line.close()


async def run(folder: StudyFolder, raters: int, votes: int) -> tuple[list[Rater], Watch]:
    """Let everyone vote, and kill the server when half of the votes are there."""
    server = Server(folder)
    await server.start()
    people: list[Rater] = []
    owner = Line(server.port, OWNER)
    while len(people) < raters:
        wished = {"count": min(100, raters - len(people))}
        made = _good(await owner.ask("POST", "/api/owner/raters", wished))
        people += [Rater(each["link"].partition("#")[2]) for each in made]
    owner.close()
    watch = Watch()
    server.count_from_now()
    busy, own, begin = busy_seconds(), time.process_time(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for seed, each in enumerate(people):
            group.create_task(rate(each, server.port, votes, seed, watch))
        while len(watch.stamps) < raters * votes // 2:
            await asyncio.sleep(0.01)
        down = time.perf_counter()
        watch.server_cpu = server.kill()
        await server.start()
        watch.seconds_down = time.perf_counter() - down
    watch.server_cpu += server.kill()
    watch.client_cpu = time.process_time() - own
    seconds = time.perf_counter() - begin
    watch.foreign = foreign_share(busy_seconds() - busy, watch.client_cpu + watch.server_cpu, seconds)
    return people, watch


def judge(folder: StudyFolder, people: list[Rater], watch: Watch, sync_ms: float) -> Outcome:
    """Hold the store against what the raters were told."""
    store = Store(folder.store_url)
    found: dict[tuple[str, int], list[int]] = {}
    for vote in store.votes():
        found.setdefault((vote.rater, vote.trial.number), []).append(vote.answer)
    told = {(each.name, trial): answer for each in people for trial, answer in each.acknowledged.items()}
    vote_ms, picture_ms = (
        np.percentile(np.array(seconds) * 1000, [50, 95]).round(1).tolist()
        for seconds in (watch.vote_seconds, watch.picture_seconds)
    )
    busy = watch.stamps[-1] - watch.stamps[0] - watch.seconds_down
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
        seconds_down=round(watch.seconds_down, 2),
        votes_per_second=round(len(told) / busy, 1),
        vote_p50_ms=vote_ms[0],
        vote_p95_ms=vote_ms[1],
        picture_p50_ms=picture_ms[0],
        picture_p95_ms=picture_ms[1],
        client_share=round(watch.client_cpu / (watch.client_cpu + watch.server_cpu), 3),
        foreign_share=round(watch.foreign, 3),
        server_ms_per_vote=round(watch.server_cpu / len(told) * 1000, 2),
        sync_ms=round(sync_ms, 2),
    )


def sync_milliseconds(place: Path) -> float:
    """Give the median time until the disk has 4 KiB."""
    took: list[float] = []
    with (place / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            file.write(bytes(4096))
            begin = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begin)
    return float(np.median(took)) * 1000


def _good(answer: tuple[int, bytes]) -> Any:
    status, body = answer
    if status >= 300:
        raise SystemExit(f"the server answered {status}: {body.decode()}")
    return json.loads(body)


def main() -> None:
    """Run it on each store, and write down what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--votes", type=int, default=10, help="of each rater")
    parser.add_argument(
        "--store", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"]
    )
    wished = parser.parse_args()
    outcomes: list[Outcome] = []
    for store in wished.store:
        with tempfile.TemporaryDirectory() as name, database(store, Path(name)) as url:
            sync_ms = sync_milliseconds(Path(name))
            folder = make(Path(name), url)
            people, watch = asyncio.run(run(folder, wished.raters, wished.votes))
            outcome = judge(folder, people, watch, sync_ms)
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
