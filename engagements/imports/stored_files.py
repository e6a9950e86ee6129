"""Files people send: each is looked at, and kept whole or not at all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from engagements.adapters.file_kinds import Reason, Unwelcome, kind_of, pieces_of
from engagements.adapters.file_names import shown_name, with_ending
from engagements.models import Customer, Engagement, StoredFile
from engagements.operations.stored_files import (
    Followed,
    NoSpace,
    SameFile,
    Upload,
    keep_file,
)
from people.models import User
from rendering.formats import current


class NotTaken(ValueError):
    """The file is not kept; the message says why, for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not kept, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the files somebody sent."""

    kept: tuple[StoredFile, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Shelving:
    """Where files are put, by whom and for whose eyes."""

    customer: Customer
    engagement: Engagement | None
    shared: bool
    by: User | None
    now: datetime


def take_in(*, files: Iterable[Any], shelving: Shelving) -> Taken:
    """Keep those of the files that can be kept. A file is an upload: name, size, bytes."""
    kept: list[StoredFile] = []
    refused: list[Refusal] = []
    for file in files:
        try:
            kept.append(take_one(file=file, shelving=shelving))
        except NotTaken as refusal:
            refused.append(Refusal(shown_name(file.name or ""), str(refusal)))
    return Taken(tuple(kept), tuple(refused))


def take_one(*, file: Any, shelving: Shelving, follows: StoredFile | None = None) -> StoredFile:
    """Keep one file, with `follows` as the next version of another. Raises NotTaken."""
    upload = _looked_at(file)
    try:
        return keep_file(
            customer=shelving.customer,
            engagement=shelving.engagement,
            upload=upload,
            shared=shelving.shared,
            by=shelving.by,
            now=shelving.now,
            follows=follows,
        )
    except SameFile as error:
        words = _("The same file as “%(name)s” of %(day)s, which is here already.")
        day = current().day_and_year(error.same.uploaded_at.date())
        raise NotTaken(words % {"name": error.same.name, "day": day}) from error
    except NoSpace as error:
        raise NotTaken(_no_space()) from error
    except Followed as error:
        words = _("Somebody added a newer version meanwhile. Look at it, then add yours to that.")
        raise NotTaken(words) from error


def _looked_at(file: Any) -> Upload:
    size = int(file.size or 0)
    if size > settings.FILE_LIMIT_BYTES:
        words = _("It is larger than %(limit)s MB.")
        raise NotTaken(words % {"limit": settings.FILE_LIMIT_BYTES // 1024**2})
    name = shown_name(file.name or "")
    try:
        kind = kind_of(file.file, size, name)
    except Unwelcome as error:
        raise NotTaken(words_for(error.reason)) from error
    if kind.kind not in settings.FILE_KINDS:
        words = _("Files of this kind are not taken here: %(kind)s.")
        raise NotTaken(words % {"kind": StoredFile.Kind(kind.kind).label})
    digest = hashlib.sha256()
    for piece in pieces_of(file.file):
        digest.update(piece)
    file.file.seek(0)
    return Upload(file.file, with_ending(name, kind.endings), kind, size, digest.hexdigest())


def words_for(reason: Reason) -> str:
    return {
        Reason.EMPTY: _("It is empty."),
        Reason.MARKUP: _("A web page or drawing with code in it. Save it as PDF or PNG."),
        Reason.ARCHIVE: _("An archive hides what is in it. Send the files themselves."),
        Reason.DAMAGED: _("It cannot be opened: it is damaged or was cut off."),
        Reason.MACROS: _("It holds macros. Save it without them, such as .docx or .xlsx."),
        Reason.OLD_OFFICE: _(
            "An older Office format, or one locked with a password. Save it as .docx, .xlsx or .pdf."
        ),
        Reason.PROGRAM: _("It is a program."),
        Reason.UNKNOWN: _(
            "Its kind is not known here. PDF, Office, pictures, text and CSV are taken."
        ),
    }[reason]


def _no_space() -> str:
    words = _("There is no room left: this workspace keeps %(limit)s MB of files.")
    return words % {"limit": settings.FILE_SPACE_BYTES // 1024**2}
