"""The study over HTTP: the page, the questions one by one, the answers, and the owner's desk."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

import segno
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from srgan.errors import StudyError, UsageError, one_line
from srgan.study.desk import Desk
from srgan.study.folder import StudyFolder
from srgan.study.messages import Ballot, Invitation, Join, Joined, Note, Progress
from srgan.study.standing import Standing
from srgan.study.store import Store
from srgan.web.errors import Refusal, errors_as_answers
from srgan.web.limits import LOOPBACK, Gate, Limits, is_loopback
from srgan.web.rate import Rate
from srgan.web.tokens import bearer, new_token, same

__all__ = ["JOINS", "Joins", "app_of", "serve"]

_PAGES = Path(str(files("srgan.study"))) / "pages"
_TROUBLE = (
    "the study's server cannot reach its files just now; nothing that was answered is lost, try again soon"
)
_KEY = "server-key"
_KEY_BYTES = 32
_CROWD = "very many are joining just now; try again in a minute"
_PICTURE = {"Cache-Control": "no-store", "Content-Disposition": "inline"}


@dataclass(frozen=True, slots=True)
class Joins:
    """How many may join a study by its address alone; personal links are not counted against it.

    Attributes:
        per_minute: in a minute, over a longer time.
        at_once: of a crowd that comes after a quiet time, a class for instance.
        most: raters of the study, however they came, after which only links let more in.
    """

    per_minute: float = 60
    at_once: int = 200
    most: int = 1000


JOINS = Joins()
"""Enough for a lecture hall, and no room for a program that makes raters without end."""


def app_of(
    folder: StudyFolder,
    *,
    token: str | None,
    joining: bool = True,
    joins: Joins = JOINS,
    hosts: tuple[str, ...] | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> FastAPI:
    """Build the application that serves a study.

    Args:
        folder: the study.
        token: the owner's secret; None closes the owner's part.
        joining: whether whoever has the address may take part; else only who got a personal link.
        joins: how many of them.
        hosts: names that it answers to, None for any.
        say: takes one line for each failure of files or database.

    Raises:
        StudyError: the study was changed after its first vote, or its store cannot be opened.
    """
    store = Store(folder.store_url)
    store.begin(folder.design.digest)
    desk = Desk(folder, store, _server_key(folder.path))
    app = FastAPI(title=folder.design.title, openapi_url=None, docs_url=None, redoc_url=None)
    errors_as_answers(app, trouble=_TROUBLE, say=say)
    _for_raters(app, desk, token if not joining else None, joins if joining else None)
    app.include_router(_for_owner(desk, token), prefix="/api/owner")

    @app.get("/owner", include_in_schema=False)
    def owner_page() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator keeps it
        return FileResponse(_PAGES / "owner.html", headers={"Cache-Control": "no-cache"})

    app.mount("/", StaticFiles(directory=_PAGES, html=True))
    app.add_middleware(Gate, limits=Limits(hosts=hosts))
    return app


def serve(
    folder: StudyFolder,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    token: str | None = None,
    joining: bool | None = None,
    say: Callable[[str], None],
) -> None:
    """Serve a study until it is interrupted.

    Args:
        folder: the study.
        host: address to listen on; any but this machine's own needs a ``token``.
        port: TCP port; 0 takes a free one.
        token: the owner's secret; on this machine one is made when None.
        joining: whether whoever has the address may take part; None: only if that is this machine alone.
        say: takes lines for the owner, with the links.

    Raises:
        UsageError: an open address without a token, or a port or address that cannot be had.
        StudyError: see `app_of`.
    """
    if token is None and not is_loopback(host):
        raise UsageError(f"{host} can be reached by others: give an owner's token with --token")
    own = is_loopback(host)
    secret = token or new_token()
    joins = own if joining is None else joining
    app = app_of(folder, token=secret, joining=joins, hosts=(*LOOPBACK, host) if own else None, say=say)
    listener = _listen(host, port)
    address = f"http://{_reachable(host)}:{cast(int, listener.getsockname()[1])}"
    say(f"{folder.design.title}: {len(folder.design.stimuli)} pictures to judge")
    if joins:
        say(f"raters:  {address}/")
    say(f"owner:   {address}/owner#{secret}   (links, QR codes, progress)")
    say("stop with Ctrl+C; every answer is kept as it comes")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
    )
    uvicorn.Server(config).run(sockets=[listener])


def _for_raters(app: FastAPI, desk: Desk, token: str | None, joins: Joins | None) -> None:
    rate = Rate(joins.per_minute, joins.at_once, _CROWD) if joins else None

    def rater(request: Request) -> Standing:
        return desk.rater(bearer(request.headers.get("authorization")))

    def join(request: Request) -> Response:
        if joins and rate:
            rate.take()
            key = desk.join_unasked(joins.most)
        else:
            _owner(request, token)
            key = desk.join()
        return _json(Joined(rater=key.rater, secret=key.secret), 201)

    def session(request: Request) -> Response:
        return _json(desk.session(rater(request)))

    def picture(request: Request, name: str) -> Response:
        return Response(desk.picture(rater(request), name), media_type="image/png", headers=_PICTURE)

    def vote(request: Request, ballot: Ballot) -> Response:
        return _json(desk.vote(rater(request), ballot))

    def note(request: Request, noted: Note) -> Response:
        desk.note(rater(request).key, noted)
        return Response(status_code=204)

    def withdraw(request: Request) -> Response:
        desk.withdraw(rater(request).key.rater)
        return Response(status_code=204)

    # On the application itself, what is asked most first: a router between costs as much as the store.
    app.add_api_route("/api/votes", vote, methods=["POST"])
    app.add_api_route("/api/pictures/{name}", picture, methods=["GET"])
    app.add_api_route("/api/session", session, methods=["GET"])
    app.add_api_route("/api/session", withdraw, methods=["DELETE"])
    app.add_api_route("/api/notes", note, methods=["POST"])
    app.add_api_route("/api/raters", join, methods=["POST"])


def _json(message: BaseModel, status: int = 200) -> Response:
    """Write an answer here, in the thread that made it: FastAPI would wait for a second one."""
    return Response(message.model_dump_json(), status, media_type="application/json")


def _for_owner(desk: Desk, token: str | None) -> APIRouter:
    router = APIRouter()

    def progress(request: Request) -> tuple[Progress, ...]:
        _owner(request, token)
        return desk.progress()

    def invite(request: Request, wish: Join) -> tuple[Invitation, ...]:
        _owner(request, token)
        keys = [desk.join() for _ in range(wish.count)]
        base = str(request.base_url)
        return tuple(
            Invitation(rater=key.rater, link=f"{base}#{key.secret}", qr=_qr(f"{base}#{key.secret}"))
            for key in keys
        )

    def delete(request: Request, rater: str) -> Response:
        _owner(request, token)
        if rater not in {each.rater for each in desk.progress()}:
            raise Refusal(404, f"no rater {rater[:40]} here")
        desk.withdraw(rater)
        return Response(status_code=204)

    router.add_api_route("/progress", progress, methods=["GET"])
    router.add_api_route("/raters", invite, methods=["POST"], status_code=201)
    router.add_api_route("/raters/{rater}", delete, methods=["DELETE"])
    return router


def _owner(request: Request, token: str | None) -> None:
    given = bearer(request.headers.get("authorization"))
    if given is None:
        raise Refusal(401, "this needs the owner's link")
    if token is None or not same(given, token):
        raise Refusal(403, "this is not the owner's link")


def _qr(link: str) -> str:
    image = io.BytesIO()
    segno.make(link, error="m").save(image, kind="svg", xmldecl=False, nl=False, border=2, omitsize=True)
    return image.getvalue().decode()


def _server_key(folder: Path) -> bytes:
    """Give the secret that pictures are named by; an answer on its way must fit after a restart."""
    place = folder / _KEY
    try:
        if not place.exists():
            with contextlib.suppress(FileExistsError):  # another server was first
                _write_new(place, os.urandom(_KEY_BYTES).hex())
        key = bytes.fromhex(place.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise StudyError(f"{place}: cannot be made or read ({one_line(error)})") from error
    if len(key) != _KEY_BYTES:
        raise StudyError(f"{place}: damaged; delete it while nobody is rating")
    return key


def _write_new(place: Path, text: str) -> None:
    """Write a file for its owner's eyes only, whole at once where the file system has links."""
    with tempfile.NamedTemporaryFile("w", dir=place.parent) as made:
        made.write(text)
        made.flush()
        try:
            os.link(made.name, place)
        except FileExistsError:
            raise
        except OSError:  # exFAT and many network shares
            with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(text)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} is in use; name another one with --port") from error
        raise UsageError(f"cannot listen on {host}, port {port}: {error}") from error
    return listener


def _reachable(host: str) -> str:
    """Name an address for a link: on all addresses, the one that others in the network see."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by this
                return str(probe.getsockname()[0])
            except OSError:
                return socket.gethostname()
    return f"[{host}]" if ":" in host else host
