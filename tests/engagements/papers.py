"""Files as people send them, made by hand."""

import io
import zipfile

from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def packed(parts: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def office(ending: str = "docx", **more: bytes) -> bytes:
    extra = {name.replace("__", "/").replace("_bin", ".bin"): text for name, text in more.items()}
    return packed({"[Content_Types].xml": b"<Types/>", OFFICE_PARTS[ending]: b"<x/>"} | extra)


def open_document(kind: str = "text") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>", zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(drawn, kind)
    return drawn.getvalue()
