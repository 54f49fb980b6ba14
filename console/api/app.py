"""The application for programs."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse

from console.api import decisions, dossiers, incoming, problem, reports
from console.api.gate import Counter
from console.api.programs import Programs
from console.throttle import Throttle
from register.book import Book

VERSION = "1.0.0"
PATH = "/api/v1"
_WHAT = """Berichten binnenbrengen, teksten laten beoordelen, en dossiers, beslissingen en verslagen lezen.
Elke vraag toont een token: `Authorization: Bearer kw_…`. Fouten zijn `application/problem+json` (RFC 9457)."""


def api(book: Book, programs: Programs, *, each_minute: int = 600) -> FastAPI:
    """The API; each token may ask `each_minute` times a minute, and a stranger ten times less."""
    app = FastAPI(
        title="klachtwijzer", version=VERSION, description=_WHAT, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.counter = Counter(
        book,
        programs,
        Throttle(limit=each_minute, within=60),
        Throttle(limit=max(10, each_minute // 10), within=60),
    )
    for part in (incoming, decisions, dossiers, reports):
        app.include_router(part.router)
    problem.install(app)
    schema = described(app)
    app.add_api_route("/openapi.json", lambda: JSONResponse(schema), methods=["GET"], include_in_schema=False)
    return app


def described(app: FastAPI) -> dict[str, Any]:
    """The schema of what runs (OpenAPI 3.1), with our own shape of problems in place of the framework's."""
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    shapes = schema["components"]["schemas"]
    for theirs in ("HTTPValidationError", "ValidationError"):
        shapes.pop(theirs, None)
    own = problem.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes |= own.pop("$defs", {}) | {"Problem": own}
    schema["servers"] = [{"url": PATH}]
    return schema
