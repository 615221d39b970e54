"""The server through HTTP, in one process: raters, forgers, the owner, files that go away."""

from __future__ import annotations

import asyncio
import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from srgan.errors import StudyError, UsageError
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.presets import find_preset
from srgan.study.server import Joins, app_of, serve
from srgan.study.store import Store

OWNER = "the-owner's-token"
CHANGES = ("block=4", "stabilising=1", "repeats=2", "gold=2", "title=Bilder")


class Client:
    """Requests to an application in this process, as ``rater`` (a secret) or as nobody."""

    def __init__(self, app: Any, secret: str | None = None, host: str = "127.0.0.1:8000") -> None:
        self.app, self.secret, self.host = app, secret, host

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        if self.secret is not None:
            headers["Authorization"] = f"Bearer {self.secret}"

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport,
                base_url=f"http://{self.host}",
                verify=False,  # noqa: S501 - no TLS here
            ) as client:
                content = None if body is None else json.dumps(body)
                headers.setdefault("Content-Type", "application/json")
                return await client.request(method, path, content=content, headers=headers)

        return asyncio.run(once())

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.ask("POST", path, body, **headers)

    def session(self) -> dict[str, Any]:
        return self.get("/api/session").raise_for_status().json()

    def vote(self, answer: int, **changes: Any) -> httpx.Response:
        return self.post("/api/votes", {**ballot(self.session()), "answer": answer, **changes})


def ballot(session: dict[str, Any], answer: int = 3) -> dict[str, Any]:
    trial = session["trial"]
    return {
        "trial": trial["number"],
        "pictures": trial["pictures"],
        "answer": answer,
        "milliseconds": 900,
    }


def joined(app: Any) -> Client:
    answer = Client(app).post("/api/raters", {})
    assert answer.status_code == 201
    return Client(app, answer.json()["secret"])


def refused(answer: httpx.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.text.count("\n") == 1
    message = answer.json()["error"]
    assert message
    for word in words:
        assert word in message


@pytest.fixture(scope="session")
def make_study(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., StudyFolder]:
    """Makes a study of three pictures by nearest, bicubic and the original, with a calibration."""
    sources = tmp_path_factory.mktemp("sources")
    random = np.random.default_rng(5)
    for name, count in (("test", 3), ("examples", 2)):
        (sources / name).mkdir()
        for number in range(count):
            coarse = random.integers(0, 256, (6, 8, 3)).repeat(8, 0).repeat(8, 1)
            noise = random.integers(-20, 20, coarse.shape)
            pixels = np.clip(coarse + noise, 0, 255).astype(np.uint8)
            Picture.from_array(pixels).save(sources / name / f"{name}{number}.png")

    def make(place: Path, protocol: str = "acr", *changes: str) -> StudyFolder:
        wish = Wish(
            place=place,
            methods=("nearest", "bicubic"),
            references=(sources / "test",),
            preset=find_preset(protocol),
            calibration=sources / "examples",
            changes=(*CHANGES, *changes),
        )
        return new_study(wish)

    return make


@pytest.fixture(scope="session")
def made(make_study: Callable[..., StudyFolder], tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return make_study(tmp_path_factory.mktemp("made") / "study")


@pytest.fixture
def folder(made: StudyFolder, tmp_path: Path) -> StudyFolder:
    """A study that nobody has answered yet."""
    return StudyFolder(Path(shutil.copytree(made.path, tmp_path / "study")))


@pytest.fixture
def app(folder: StudyFolder) -> Any:
    return app_of(folder, token=OWNER)


def chunks(png: bytes) -> list[bytes]:
    found, start = [], 8
    while start < len(png):
        (size,) = struct.unpack(">I", png[start : start + 4])
        found.append(png[start + 4 : start + 8])
        start += 12 + size
    return found


def test_a_comparison_tells_neither_which_is_the_original_nor_takes_what_is_beyond_the_scale(
    make_study: Callable[..., StudyFolder], tmp_path: Path
) -> None:
    folder = make_study(tmp_path / "study", "ccr")
    rater = joined(app_of(folder, token=None))
    session = rater.session()
    assert session["study"]["scale"] == [-3, -2, -1, 0, 1, 2, 3]
    assert len(session["trial"]["pictures"]) == 2
    assert session["trial"]["reference"] is None
    said = json.dumps({**session, "study": None})
    assert "original" not in said
    refused(rater.vote(4), 422, "it is -3 to 3 here")
    refused(rater.vote(-4), 422)
    assert list(Store(folder.store_url).votes()) == []
    assert rater.vote(-3).json()["recorded"] == "stored"
    assert [vote.answer for vote in Store(folder.store_url).votes()] == [-3]


@pytest.mark.parametrize("protocol", ["acr", "acr-hr", "dcr", "ccr", "pairwise"])
def test_a_rater_goes_through_a_whole_study(
    make_study: Callable[..., StudyFolder], tmp_path: Path, protocol: str
) -> None:
    folder = make_study(tmp_path / "study", protocol)
    app = app_of(folder, token=None)
    rater = joined(app)
    session = rater.session()
    given, taught, breaks = [], [], 0
    for number in range(session["total"]):
        assert session["answered"] == number
        assert session["trial"]["number"] == number
        names = [*session["trial"]["pictures"], session["trial"]["reference"]]
        for name in filter(None, names):
            picture = rater.get(f"/api/pictures/{name}")
            assert picture.headers["content-type"] == "image/png"
            assert picture.headers["cache-control"] == "no-store"
            assert struct.unpack(">II", picture.content[16:24]) == (64, 48)
        answer = number % len(folder.design.scale) + min(folder.design.scale)
        given.append(answer)
        receipt = rater.post("/api/votes", ballot(session, answer)).raise_for_status().json()
        assert receipt["recorded"] == "stored"
        taught.append(receipt["expected"])
        session = receipt["session"]
        breaks += session["pause"]
    assert session["trial"] is None
    assert breaks == session["blocks"] - 1 >= 1
    votes = list(Store(folder.store_url).votes())
    assert [vote.answer for vote in votes] == given
    assert [vote.trial.number for vote in votes] == list(range(len(given)))
    for vote, lesson in zip(votes, taught, strict=True):
        # By hand: nearest is bad, the original excellent; in a pair the original is better; of two, the
        # second is much worse, much better, or the same.
        if vote.trial.kind != "calibration":
            assert lesson is None
        elif protocol == "pairwise":
            assert vote.trial.shown[lesson].method == "original"
        elif protocol == "ccr":
            shown = tuple(each.method for each in vote.trial.shown)
            lessons = {("original", "nearest"): -3, ("nearest", "original"): 3, ("original", "original"): 0}
            assert lesson == lessons[shown]
        else:
            assert lesson == {"nearest": 1, "original": 5}[vote.trial.shown[0].method]
    assert {vote.trial.kind for vote in votes} == {"calibration", "stabilising", "test", "repeat", "gold"}


def test_nothing_tells_which_method_made_a_picture(app: Any, folder: StudyFolder) -> None:
    rater = joined(app)
    sizes: dict[tuple[str, str], set[int]] = {}
    methods: dict[tuple[str, str], set[str]] = {}
    while (session := rater.session())["trial"] is not None:
        (name,) = session["trial"]["pictures"]
        said = json.dumps(session)
        for word in ("nearest", "bicubic", "original", "repeat", "gold", "stabilising", "test0"):
            assert word not in said
        picture = rater.get(f"/api/pictures/{name}")
        assert set(chunks(picture.content)) <= {b"IHDR", b"PLTE", b"IDAT", b"paDd", b"IEND"}
        rater.vote(4)
        shown = list(Store(folder.store_url).votes())[-1].trial.shown[0]
        sizes.setdefault((shown.set, shown.picture), set()).add(len(picture.content))
        methods.setdefault((shown.set, shown.picture), set()).add(shown.method)
        path = folder.path.parent / "shown.png"
        path.write_bytes(picture.content)
        assert np.array_equal(read(path).pixels, read(folder.picture_path(shown)).pixels)
    assert all(len(found) == 1 for found in sizes.values())
    assert max(map(len, methods.values())) == 3
    files = {len(path.read_bytes()) for path in (folder.path / "pictures").iterdir()}
    assert len(files) > len(sizes)  # as files they differ


def test_two_raters_have_different_names_for_all_pictures(app: Any) -> None:
    first, second = joined(app), joined(app)
    names = [{*rater.session()["trial"]["pictures"]} for rater in (first, second)]
    assert not names[0] & names[1]
    (theirs,) = names[1]
    refused(first.get(f"/api/pictures/{theirs}"), 404, "not due")


def test_reload_replay_and_double_click_change_nothing(app: Any, folder: StudyFolder) -> None:
    rater = joined(app)
    before = rater.session()
    assert rater.session() == before
    sent = ballot(before, 2)
    first = rater.post("/api/votes", sent).json()
    second = rater.post("/api/votes", sent).json()
    assert (first["recorded"], second["recorded"]) == ("stored", "same")
    assert second["session"] == first["session"]
    refused(rater.post("/api/votes", {**sent, "answer": 5}), 409)
    assert [vote.answer for vote in Store(folder.store_url).votes()] == [2]
    (old,) = before["trial"]["pictures"]
    refused(rater.get(f"/api/pictures/{old}"), 404)


def test_chosen_pairs_stay_as_they_were_first_shown(
    make_study: Callable[..., StudyFolder], tmp_path: Path
) -> None:
    """Two raters at once, a second process beside the first, everything fetched and sent twice."""
    folder = make_study(tmp_path / "study", "pairwise", "choice=active", "per_rater=8", "block=3")
    here, there = app_of(folder, token=None), app_of(folder, token=None)
    seen: dict[tuple[str, int], list[bytes]] = {}
    raters = [joined(here), joined(here)]
    answers = 0
    while any(rater.session()["trial"] for rater in raters):
        for rater in raters:
            session = rater.session()
            if session["trial"] is None:
                continue
            for client in (rater, Client(there, rater.secret)):
                assert client.session() == session
                for trial in filter(None, (session["trial"], session["following"])):
                    pictures = [client.get(f"/api/pictures/{name}").content for name in trial["pictures"]]
                    assert seen.setdefault((session["rater"], trial["number"]), pictures) == pictures
            sent = ballot(session, answers % 2)
            received = [rater.post("/api/votes", sent).json()["recorded"] for _ in range(2)]
            assert received == ["stored", "same"]
            answers += 1
    store = Store(folder.store_url)
    votes = list(store.votes())
    assert len(votes) == answers
    for vote in votes:
        for content, stimulus in zip(seen[vote.rater, vote.trial.number], vote.trial.shown, strict=True):
            path = tmp_path / "shown.png"
            path.write_bytes(content)
            assert np.array_equal(read(path).pixels, read(folder.picture_path(stimulus)).pixels)
    settled = [(each.rater, each.data["block"]) for each in store.events() if each.event == "pairs"]
    assert len(set(settled)) == len(settled) == 2 * 3
    assert store.verify().faults == ()


def test_another_process_and_another_day_find_the_same_place(app: Any, folder: StudyFolder) -> None:
    rater = joined(app)
    for _ in range(3):
        rater.vote(3)
    again = Client(app_of(folder, token=OWNER), rater.secret)
    assert again.session() == rater.session()
    assert again.session()["answered"] == 3


def test_votes_that_are_forged_or_make_no_sense_are_refused(app: Any, folder: StudyFolder) -> None:
    rater, other = joined(app), joined(app)
    mine, theirs = rater.session(), other.session()
    refused(rater.vote(0), 422, "1 to 5")
    refused(rater.vote(6), 422)
    refused(rater.vote(3, trial=10**6), 422)
    refused(rater.vote(3, trial=-1), 422, "trial")
    refused(rater.vote(3, milliseconds=-5), 422, "milliseconds")
    refused(rater.post("/api/votes", {**ballot(mine), "answer": "five"}), 422, "answer")
    refused(rater.vote(3, rater="somebody"), 422, "rater")
    refused(rater.post("/api/votes", [1, 2]), 422)
    refused(rater.post("/api/votes", ballot(theirs)), 403, "not those of this rater")
    refused(rater.vote(3, pictures=["A" * 22]), 403)
    ahead = {**ballot(mine), "trial": 1, "pictures": mine["following"]["pictures"]}
    refused(rater.post("/api/votes", ahead), 409, "not due")
    assert list(Store(folder.store_url).votes()) == []
    assert rater.vote(3).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/session"),
        ("GET", "/api/pictures/AAAA"),
        ("POST", "/api/votes"),
        ("POST", "/api/notes"),
        ("DELETE", "/api/session"),
        ("GET", "/api/owner/progress"),
        ("POST", "/api/owner/raters"),
        ("DELETE", "/api/owner/raters/abc"),
    ],
)
def test_nobody_gets_in_without_the_right_secret(app: Any, method: str, path: str) -> None:
    body = {"/api/votes": {"trial": 0, "pictures": ["A"], "answer": 3, "milliseconds": 1}}.get(path, {})
    if path == "/api/notes":
        body = {"event": "screen"}
    sent = body if method == "POST" else None
    refused(Client(app).ask(method, path, sent), 401)
    refused(Client(app, "wrong").ask(method, path, sent), 403)
    foreign = joined(app).secret if "owner" in path else OWNER
    refused(Client(app, foreign).ask(method, path, sent), 403)


def test_a_closed_study_lets_only_the_owner_invite(folder: StudyFolder) -> None:
    app = app_of(folder, token=OWNER, joining=False)
    refused(Client(app).post("/api/raters", {}), 401)
    refused(Client(app, "wrong").post("/api/raters", {}), 403)
    owner = Client(app, OWNER, host="192.168.1.5:8000")
    made = owner.post("/api/owner/raters", {"count": 3}).json()
    assert len({each["link"] for each in made}) == 3
    assert all(each["qr"].startswith('<svg xmlns="http://www.w3.org/2000/svg"') for each in made)
    address, secret = made[0]["link"].split("#")
    assert address == "http://192.168.1.5:8000/"
    assert Client(app, secret).session()["rater"] == made[0]["rater"]
    refused(owner.post("/api/owner/raters", {"count": 10**6}), 422, "count")


def test_a_program_that_joins_without_end_is_stopped_and_links_still_let_people_in(
    folder: StudyFolder,
) -> None:
    app = app_of(folder, token=OWNER, joins=Joins(per_minute=0, at_once=3, most=100))
    rater = joined(app)
    assert [Client(app).post("/api/raters", {}).status_code for _ in range(4)] == [201, 201, 429, 429]
    refused(Client(app).post("/api/raters", {}), 429, "try again in a minute")
    assert rater.vote(3).status_code == 200
    assert len(Client(app, OWNER).post("/api/owner/raters", {"count": 2}).json()) == 2


def test_a_study_takes_so_many_raters_and_their_places_are_free_again(folder: StudyFolder) -> None:
    app = app_of(folder, token=OWNER, joins=Joins(per_minute=0, at_once=100, most=3))
    owner, rater = Client(app, OWNER), joined(app)
    owner.post("/api/owner/raters", {"count": 2})
    refused(Client(app).post("/api/raters", {}), 429, "as many raters as it takes")
    assert owner.post("/api/owner/raters", {"count": 1}).status_code == 201
    assert len(Store(folder.store_url).raters()) == 4
    assert rater.ask("DELETE", "/api/session").status_code == 204
    refused(Client(app).post("/api/raters", {}), 429)
    assert owner.ask("DELETE", f"/api/owner/raters/{Store(folder.store_url).raters()[0].rater}").is_success
    assert joined(app).session()["answered"] == 0


def test_the_owner_sees_progress_and_deletes_and_so_may_raters(app: Any, folder: StudyFolder) -> None:
    rater, other, owner = joined(app), joined(app), Client(app, OWNER)
    rater.vote(3)
    other.vote(4)
    other.vote(4)
    names = [rater.session()["rater"], other.session()["rater"]]
    progress = {each["rater"]: each["answered"] for each in owner.get("/api/owner/progress").json()}
    assert progress == dict(zip(names, (1, 2), strict=True))
    assert owner.ask("DELETE", f"/api/owner/raters/{names[0]}").status_code == 204
    refused(owner.ask("DELETE", f"/api/owner/raters/{names[0]}"), 404)
    refused(rater.get("/api/session"), 403)
    assert other.ask("DELETE", "/api/session").status_code == 204
    store = Store(folder.store_url)
    assert list(store.votes()) == []
    assert store.verify().faults == ()


def test_without_an_owner_token_there_is_no_owner(folder: StudyFolder) -> None:
    app = app_of(folder, token=None)
    for secret in ("", "None", "null"):
        answer = Client(app, secret).get("/api/owner/progress")
        assert answer.status_code in (401, 403)


def test_notes_are_kept_and_have_limits(app: Any, folder: StudyFolder) -> None:
    rater = joined(app)
    data = {"ratio": 1.25, "side": False, "gamut": "p3"}
    assert rater.post("/api/notes", {"event": "screen", "data": data}).status_code == 204
    refused(rater.post("/api/notes", {"event": "diary", "data": {}}), 422, "event")
    refused(rater.post("/api/notes", {"event": "screen", "data": {"a": "x" * 201}}), 422)
    refused(rater.post("/api/notes", {"event": "screen", "data": {"a": "x" * 20_000}}), 413)
    (event,) = Store(folder.store_url).events()
    assert (event.event, event.data) == ("screen", data)


def test_browsers_are_told_to_stay_here(app: Any) -> None:
    for path in ("/", "/owner", "/main.js", "/words/ko.json", "/api/session", "/nothing"):
        answer = Client(app).get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'self';")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
    refused(Client(app).get("/nothing"), 404)
    refused(Client(app).get("/../server.py"), 404)
    refused(Client(app).get("/api/nothing"), 404)


def test_other_sites_can_neither_post_nor_rebind(folder: StudyFolder) -> None:
    app = app_of(folder, token=OWNER, hosts=("127.0.0.1",))
    refused(Client(app).post("/api/raters", {}, **{"Content-Type": "text/plain"}), 415)
    refused(Client(app, host="evil.example").post("/api/raters", {}), 421)
    assert joined(app).session()["answered"] == 0


def test_a_database_that_is_gone_is_one_line_and_the_owner_reads_why(folder: StudyFolder) -> None:
    said: list[str] = []
    app = app_of(folder, token=OWNER, say=said.append)
    rater = joined(app)
    sent = ballot(rater.session(), 2)
    votes = [path for path in folder.path.iterdir() if path.name.startswith("votes.sqlite")]
    assert votes
    for path in votes:
        path.rename(path.with_name("away-" + path.name))
    refused(rater.post("/api/votes", sent), 503, "nothing that was answered is lost")
    assert len(said) == 1
    for path in votes:
        path.with_name("away-" + path.name).rename(path)
    assert rater.post("/api/votes", sent).json()["recorded"] == "stored"


def test_a_picture_that_is_gone_is_one_line(folder: StudyFolder) -> None:
    said: list[str] = []
    app = app_of(folder, token=OWNER, say=said.append)
    rater = joined(app)
    (name,) = rater.session()["trial"]["pictures"]
    for path in (folder.path / "pictures").iterdir():
        path.unlink()
    answer = rater.get(f"/api/pictures/{name}")
    refused(answer, 503)
    assert str(folder.path) not in answer.text
    assert len(said) == 1


def test_a_study_changed_after_the_first_vote_is_not_served(app: Any, folder: StudyFolder) -> None:
    joined(app).vote(3)
    place = folder.path / "study.toml"
    text = place.read_text().replace('title = "Bilder"', 'title = "Anders"')
    place.write_text(text)
    with pytest.raises(StudyError, match="changed after the first vote"):
        app_of(StudyFolder(folder.path), token=OWNER)


def test_serving_needs_a_token_and_a_free_port(folder: StudyFolder) -> None:
    import socket

    with pytest.raises(UsageError, match="--token"):
        serve(folder, host="0.0.0.0", say=print)  # noqa: S104
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use"):
            serve(folder, port=port, say=print)
    with pytest.raises(UsageError, match="cannot listen"):
        serve(folder, port=99_999, say=print)


def test_every_language_has_every_word() -> None:
    import srgan.study

    words = Path(srgan.study.__file__).parent / "pages" / "words"
    tables = {path.stem: json.loads(path.read_text("utf-8")) for path in words.glob("*.json")}
    assert {"en", "ko"} <= set(tables)
    places = {
        code: {name: sorted(_places(text)) for name, text in table.items()} for code, table in tables.items()
    }
    for found in places.values():
        assert found == places["en"]


def _places(text: str | list[str]) -> list[str]:
    import re

    whole = text if isinstance(text, str) else " ".join(text)
    return re.findall(r"\{(\w+)\}", whole)
