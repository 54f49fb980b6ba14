"""A picture that a telephone reads: dark on light in every theme, since cameras want it so."""

import io

import segno
from fastapi.responses import Response


def of_address(address: str) -> Response:
    """The address as a QR code, in SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, scale=5, border=4, dark="#000", light="#fff", nl=False
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")
