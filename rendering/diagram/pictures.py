"""A drawing as PNG or PDF. The one place that knows which libraries make them of SVG.

The letters are those of the pages, in two cuts that lie beside this file. What they lack a PNG takes
from the machine's own fonts; a PDF leaves it out.
"""

import io
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).parent / "fonts"
_REGULAR, _SEMIBOLD = _FONTS / "Inter-Regular.ttf", _FONTS / "Inter-SemiBold.ttf"
_FAMILY = "Inter"
# Pixels of the picture for one of the drawing, and how many it may have at most.
_ZOOM, _MOST_PIXELS = 2.0, 40_000_000
_NEEDED = {"png": ("resvg_py",), "pdf": ("svglib", "reportlab")}


class NoPicture(ValueError):
    """The drawing is too large for a picture, or nothing here can make one of that kind."""


def kinds() -> tuple[str, ...]:
    """The kinds of picture that can be made here: "svg", and "png" and "pdf" where possible."""
    return ("svg", *(kind for kind, names in _NEEDED.items() if all(map(find_spec, names))))


def picture(svg: str, kind: str, *, pixels: int) -> bytes:
    """The drawing as a file of that kind; `pixels` is about its width times its height.

    Raises NoPicture.
    """
    if kind == "svg":
        return svg.encode()
    if kind not in kinds():
        raise NoPicture(kind)
    return _pdf(svg) if kind == "pdf" else _png(svg, pixels)


def _png(svg: str, pixels: int) -> bytes:
    zoom = next((zoom for zoom in (_ZOOM, 1.0) if pixels * zoom * zoom <= _MOST_PIXELS), None)
    if zoom is None:
        raise NoPicture("png")
    resvg: Any = import_module("resvg_py")
    return bytes(
        resvg.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            font_files=[str(_REGULAR), str(_SEMIBOLD)],
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
        )
    )


def _pdf(svg: str) -> bytes:
    svglib: Any = import_module("svglib.svglib")
    render: Any = import_module("reportlab.graphics.renderPDF")
    for path, weight in ((_REGULAR, "normal"), (_SEMIBOLD, "600"), (_SEMIBOLD, "bold")):
        svglib.register_font(_FAMILY, str(path), weight=weight)
    whole = io.BytesIO()
    render.drawToFile(svglib.svg2rlg(io.StringIO(svg)), whole)
    return whole.getvalue()
