"""Errors as HTTP answers: a status, and one line of JSON that a person can read."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from srgan.errors import SrganError, one_line

__all__ = ["Refusal", "error_answer", "errors_as_answers"]


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """What is asked for is not given.

    Args:
        status: of HTTP, 400 to 503.
        message: one line for the person who asked; nothing of the server's inside in it.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def error_answer(status: int, message: str) -> Response:
    """Give the answer that every error here has: ``{"error": "one line"}``."""
    line = " ".join(message.split())
    content = json.dumps({"error": line}, ensure_ascii=False) + "\n"
    return Response(content, status, {"Cache-Control": "no-store"}, media_type="application/json")


def errors_as_answers(app: FastAPI, *, trouble: str, say: Callable[[str], None]) -> None:
    """Make an application answer every error in one line.

    Args:
        app: the application.
        trouble: what people read when the server's own files or database fail (status 503).
        say: takes the true cause of that, which may name paths, for the owner.
    """

    def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - registered for it alone
        return error_answer(error.status, error.message)

    def failed(_request: Request, error: Exception) -> Response:
        say(one_line(error))
        return error_answer(503, trouble)

    def malformed(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        return error_answer(422, _first_fault(error))

    def plain(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        return error_answer(error.status_code, str(error.detail))

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(SrganError, failed)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, plain)


def _first_fault(error: RequestValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"] if part != "body")
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])
