"""Files of the demo: small, real, and made here; one of them is evidence for the quick win."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from engagements import operations, queries
from engagements.imports.stored_files import Shelving, take_in
from engagements.models import Engagement, QuickWin, Risk, StoredFile
from engagements.operations.scanning import check_file
from people.models import User

# Engagements with files; the others show how an empty page looks.
WITH_FILES = frozenset({"halden-energy", "marlow-health", "aurora-rail"})
MINUTES = (
    "Kick-off, minutes\n\nPresent: sponsor, SPL, programme manager, CSM.\n\n"
    "1. The old form closes four weeks after go-live.\n"
    "2. Shift leaders are trained first.\n"
    "3. The weekly count is read every Monday.\n"
)
COUNT = (
    "week,requests,answered_in_a_day\n31,212,40\n32,236,81\n33,241,133\n34,258,190\n35,263,214\n"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One file: its name, its bytes, whether the customer sees it, and days before today."""

    name: str
    content: bytes
    shared: bool
    ago: int


def put_files(*, external_id: str, engagement: Engagement, by: User, now: datetime) -> None:
    """The files of one engagement; does nothing for those that have none."""
    if external_id not in WITH_FILES:
        return
    kept = {paper.name: _keep(paper, engagement, by, now) for paper in papers(engagement)}
    _attach(kept["Weekly count.csv"], "quick_win", QuickWin, engagement, by)
    _attach(kept["Signal in the tunnels.png"], "risk", Risk, engagement, by)


def papers(engagement: Engagement) -> tuple[Paper, ...]:
    title = f"Scope agreed with {engagement.customer.name}"
    return (
        Paper("Scope of phase 1.pdf", pdf(title), True, 96),
        Paper("Kick-off minutes.txt", MINUTES.encode(), True, 90),
        Paper("Signal in the tunnels.png", plan_of_signal(), False, 34),
        Paper("Weekly count.csv", COUNT.encode(), True, 20),
    )


def _keep(paper: Paper, engagement: Engagement, by: User, now: datetime) -> StoredFile:
    at = now - timedelta(days=paper.ago, minutes=7 * paper.ago)
    shelving = Shelving(engagement.customer, engagement, paper.shared, by, at)
    taken = take_in(files=[ContentFile(paper.content, name=paper.name)], shelving=shelving)
    row = taken.kept[0]
    if row.scan == StoredFile.Scan.UNSCANNED:
        check_file(file_id=row.pk, now=now)
    return row


def _attach(
    file: StoredFile, kind: str, model: type[QuickWin | Risk], engagement: Engagement, by: User
) -> None:
    row = model.objects.filter(engagement=engagement).first()
    target = queries.get_target(key=f"{kind}:{row.pk}") if row else None
    if target is not None:
        operations.attach_file(file=file, to=target, by=by)


def pdf(title: str) -> bytes:
    """A page with a line of text: the smallest file that every reader opens."""
    said = title.encode("latin-1", "replace").replace(b"(", b"").replace(b")", b"")
    text = b"BT /F1 18 Tf 72 760 Td (" + said + b") Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + table
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(written))
    )


def plan_of_signal() -> bytes:
    """Bars of signal along a tunnel, as somebody might have drawn them."""
    picture = Image.new("RGB", (640, 400), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    for place, strength in enumerate((9, 8, 7, 4, 2, 1, 0, 0, 1, 3, 6, 8)):
        left, top = 40 + 48 * place, 340 - 30 * strength
        draw.rectangle((left, top, left + 30, 342), fill="#a8442a" if strength < 3 else "#2f6f62")
    draw.line((30, 344, 620, 344), fill="#333333", width=3)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
