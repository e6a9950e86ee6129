from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from adoptiq.workspace.branding import HEIGHT, WIDTH, NoPicture, TooLarge, small_png, style_sheet


def encoded(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB") -> BytesIO:
    written = BytesIO()
    Image.new(mode, size).save(written, kind)
    written.seek(0)
    return written


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_logo_fits_and_keeps_its_shape(width: int, height: int) -> None:
    source = encoded((width, height), mode="1")
    with Image.open(BytesIO(small_png(source, 1))) as small:
        assert small.width <= max(WIDTH, 1)
        assert small.height <= HEIGHT
        scale = min(1, WIDTH / width, HEIGHT / height)
        assert abs(small.width - width * scale) <= 1
        assert abs(small.height - height * scale) <= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    assert small_png(encoded((10, 10), mode=mode), 1).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "ICO"])
def test_other_pictures_are_refused(kind: str) -> None:
    with pytest.raises(NoPicture):
        small_png(encoded((16, 16), kind), 1)


@given(st.binary(max_size=200))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(NoPicture):
        small_png(BytesIO(rubbish), len(rubbish))


@given(st.binary(min_size=1, max_size=40), st.integers(8, 60))
def test_a_broken_picture_never_breaks_anything_else(garbage: bytes, at: int) -> None:
    content = encoded((20, 20)).getvalue()
    broken = content[:at] + garbage + content[at + len(garbage) :]
    with suppress(NoPicture, TooLarge):
        assert small_png(BytesIO(broken), len(broken)).startswith(b"\x89PNG")


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_head() -> None:
    head = encoded((1, 1)).getvalue()
    # Width and height stand at a fixed place of a PNG.
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    with pytest.raises((TooLarge, NoPicture)):
        small_png(BytesIO(bomb), len(bomb))


def test_no_colour_is_no_style_sheet() -> None:
    assert style_sheet("") == ""
