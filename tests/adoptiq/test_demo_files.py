"""The demo's files: real ones, attached to what they show."""

import io
from datetime import date

from django.utils import timezone
from PIL import Image

from adoptiq.demo.files import papers, pdf, put_files
from engagements import operations
from engagements.models import Attachment, StoredFile
from tenancy.scope import tenant_scope
from tests.factories import Cast


def test_the_files_are_kept_and_stand_beside_what_they_show(cast: Cast) -> None:
    now = timezone.now()
    with tenant_scope(cast.tenant.pk):
        operations.raise_risk(
            engagement=cast.engagement,
            fields={"title": "No signal", "probability": 3, "impact": 3},
            by=cast.csm,
        )
        fields = {"result": "Faster", "evidence": "Log", "reached_date": date(2026, 9, 1)}
        operations.record_quick_win(engagement=cast.engagement, fields=fields, by=cast.csm)
        put_files(external_id="nobody", engagement=cast.engagement, by=cast.csm, now=now)
        assert not StoredFile.objects.exists()
        put_files(external_id="halden-energy", engagement=cast.engagement, by=cast.csm, now=now)
        kinds = {row.name: row.kind for row in StoredFile.objects.all()}
        assert len(kinds) == len(papers(cast.engagement)) == 4
        assert set(kinds.values()) == {"pdf", "text", "picture", "table"}
        assert set(Attachment.objects.values_list("kind", flat=True)) == {"quick_win", "risk"}
        picture = StoredFile.objects.get(kind="picture")
        assert picture.has_thumbnail
        with Image.open(io.BytesIO(papers(cast.engagement)[2].content)) as drawn:
            assert drawn.size == (640, 400)


def test_places_in_the_pdf_are_where_it_says() -> None:
    content = pdf("Scope (1)")
    start = int(content.split(b"startxref\n")[1].split()[0])
    assert content[start:].startswith(b"xref")
    places = [int(line.split()[0]) for line in content[start:].split(b"\n")[3:8]]
    for number, place in enumerate(places, start=1):
        assert content[place:].startswith(b"%d 0 obj" % number)
