"""Files people keep leave with their workspace's archive, and go with their workspace."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from adoptiq.demo import loading
from adoptiq.workspace import ending, exporting
from engagements import operations
from tenancy import operations as tenancy
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.engagements import papers
from tests.engagements.test_stored_files import NOW, folder, kept, lying
from tests.factories import Cast

__all__ = ["folder"]


@pytest.fixture(autouse=True)
def archives(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "archives"
    return tmp_path / "archives"


def archive_of(cast: Cast, archives: Path) -> zipfile.ZipFile:
    written = exporting.write_archive(
        tenant_id=cast.tenant.pk, name="a", now=NOW, report=lambda stage, share: None
    )
    return zipfile.ZipFile(io.BytesIO((archives / written.stored_as).read_bytes()))


def test_the_archive_holds_the_files_as_its_manifest_says(cast: Cast, archives: Path) -> None:
    row = kept(cast)
    deleted = kept(cast, name="gone.txt", content=b"gone")
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=deleted, now=NOW)
    archive = archive_of(cast, archives)
    (said,) = json.loads(archive.read("manifest.json"))["files"]
    assert said["file"] == f"attachments/{row.pk}/report.pdf"
    content = archive.read(said["file"])
    assert content == papers.PDF
    assert hashlib.sha256(content).hexdigest() == said["sha256"] == row.sha256
    assert b"gone" not in b"".join(
        archive.read(name) for name in archive.namelist() if name.startswith("attachments/")
    )


def test_the_files_go_with_the_workspace(cast: Cast, folder: Path) -> None:
    kept(cast)
    assert lying(folder)
    tenancy.close_tenant(tenant=cast.tenant, delete_after=timezone.now() - timedelta(minutes=1))
    tenant = Tenant.objects.get(pk=cast.tenant.pk)
    assert ending.delete_workspace(tenant=tenant, now=timezone.now())
    assert not lying(folder)


def test_the_files_of_a_demo_go_with_it(cast: Cast, folder: Path) -> None:
    kept(cast)
    Tenant.objects.filter(pk=cast.tenant.pk).update(is_demo=True)
    loading.remove_own_demo(tenant=cast.tenant)
    assert not lying(folder)


def test_another_storage_is_a_matter_of_settings(cast: Cast, settings: Any) -> None:
    """Nothing asks for a path: a storage that has none serves as well."""
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"files": memory}
    storages._storages.pop("files", None)  # type: ignore[attr-defined]
    row = kept(cast)
    browser = cast.browser(cast.csm)
    assert browser.get(cast.at(f"files/{row.pk}/download/")).getvalue() == papers.PDF
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=row, now=NOW)
        assert operations.purge_files(now=NOW + timedelta(days=8)) == 1
    operations.forget_files(tenant_id=cast.tenant.pk)
