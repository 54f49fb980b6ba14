"""What goes wrong, as programs read it: `application/problem+json` (RFC 9457), without a word of what was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

KIND = "application/problem+json"


class Fault(BaseModel):
    """One thing in a request that does not fit."""

    plaats: str = Field(description="Waar in de vraag, bijvoorbeeld `body.tekst`.")
    wat: str = Field(description="Wat er niet past.")


class Problem(BaseModel):
    """Why a request was not answered."""

    type: str = Field(default="about:blank")
    title: str
    status: int
    detail: str = ""
    fouten: list[Fault] = Field(default_factory=list)


def answers(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these refusals."""
    content = {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": HTTPStatus(code).phrase, "content": content} for code in codes}


def install(app: FastAPI) -> None:
    """Let every refusal of this application be a problem."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(Exception, _broken)


def plain(status: int) -> Response:
    """A refusal of which nothing more is to be said."""
    return _problem(Problem(title=HTTPStatus(status).phrase, status=status))


def _refused(request: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, HTTPException)
    phrase = HTTPStatus(trouble.status_code).phrase
    detail = "" if trouble.detail == phrase else str(trouble.detail)
    return _problem(Problem(title=phrase, status=trouble.status_code, detail=detail), trouble.headers)


def _unfit(request: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, RequestValidationError)
    # What was sent may be somebody's story, so only the place and the rule are told.
    faults = [Fault(plaats=".".join(map(str, one["loc"])), wat=str(one["msg"])) for one in trouble.errors()[:20]]
    return _problem(Problem(title="Unprocessable Content", status=422, detail="De vraag klopt niet.", fouten=faults))


def _broken(request: Request, trouble: Exception) -> Response:
    return _problem(Problem(title="Internal Server Error", status=500, detail="Probeer het over een minuut opnieuw."))


def _problem(one: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(one.model_dump(), status_code=one.status, headers=headers, media_type=KIND)
