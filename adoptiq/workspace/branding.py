"""The mark of a workspace: a picture made small and safe, and a colour as a style sheet."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from rendering.colours import accent_of

LARGEST_BYTES = 2 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
HEIGHT, WIDTH = 96, 480
FORMATS = ("PNG", "JPEG")


class NoPicture(ValueError):
    """The file is no PNG or JPEG that can be read."""


class TooLarge(ValueError):
    """The file, or the picture in it, is larger than any logo needs."""


def small_png(source: BinaryIO, size: int) -> bytes:
    """A PNG of at most 480 by 96 pixels, encoded anew: whatever else the file held is gone.

    Raises TooLarge, NoPicture.
    """
    if size > LARGEST_BYTES:
        raise TooLarge
    try:
        with Image.open(source, formats=FORMATS) as picture:
            # The size stands in the head of the file; nothing is unpacked before it is known.
            if picture.width * picture.height > LARGEST_PIXELS:
                raise TooLarge
            return _encoded(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture from error


def _encoded(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((WIDTH, HEIGHT))
    kept = Image.new("RGBA", upright.size)
    kept.paste(upright)
    written = BytesIO()
    kept.save(written, "PNG", optimize=True)
    return written.getvalue()


def style_sheet(colour: str) -> str:
    """The accent colour as the tokens of both themes; empty for the product's own."""
    if not colour:
        return ""
    accent = accent_of(colour)
    return (
        ":root,:root[data-bs-theme=light],:root[data-bs-theme=dark]{"
        f"--accent:light-dark({accent.light},{accent.dark});"
        f"--accent-soft:light-dark({accent.light_soft},{accent.dark_soft});"
        f"--on-accent:light-dark({accent.on_light},{accent.on_dark})"
        "}\n"
    )
