"""Small pictures of large ones, drawn anew: whatever else a file held stays behind."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
LARGEST_PIXELS = 40_000_000
SIDE = 160


def thumbnail(source: BinaryIO) -> bytes | None:
    """A PNG of at most 160 by 160 pixels; None for a picture that is damaged or too large."""
    try:
        # It is said of large pictures, which are refused here by a bound of our own.
        with (
            warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(source, formats=FORMATS) as picture,
        ):
            # The size stands in the head of the file; nothing is unpacked before it is known.
            if picture.width * picture.height > LARGEST_PIXELS:
                return None
            return _drawn(picture)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ):
        return None


def _drawn(picture: Image.Image) -> bytes:
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE, SIDE))
    kept = Image.new("RGBA", upright.size)
    kept.paste(upright)
    written = BytesIO()
    kept.save(written, "PNG", optimize=True)
    return written.getvalue()
