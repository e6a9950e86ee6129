"""The XML itself: read in pieces, one record at a time, without entities or surprises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, IncrementalParser, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from adoption.adapters.planfile import UnreadablePlan
from rendering.sentences import sentence

MAX_BYTES = 200 * 1024 * 1024
_MAX_DEPTH = 40
_MAX_TEXT = 1_000_000
_CHUNK = 1 << 16

# Where each kind of record stands under <Project>.
_CONTAINERS = {
    "Task": "Tasks",
    "Calendar": "Calendars",
    "Resource": "Resources",
    "Assignment": "Assignments",
    "ExtendedAttribute": "ExtendedAttributes",
}


@dataclass(slots=True)
class Record:
    """One element with children: texts of the childless ones, lists of the others, by tag."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[Record]] = field(default_factory=dict)

    def get(self, tag: str, default: str = "") -> str:
        return self.fields.get(tag, default).strip()

    def every(self, *path: str) -> list[Record]:
        """All records at the end of a path of tags."""
        found = [self]
        for tag in path:
            found = [child for record in found for child in record.groups.get(tag, ())]
        return found


Take = Callable[[str, Record], None]


def read_records(source: BinaryIO, take: Take) -> Record:
    """Hand each task, calendar, resource, assignment and attribute to `take`; answers the project's
    fields.

    Raises UnreadablePlan for anything that is not well-formed, harmless Project XML.
    """
    parser = create_parser(forbid_dtd=True)
    handler = _Handler(take, parser)
    parser.setContentHandler(handler)
    try:
        _feed(source, parser)
    except DefusedXmlException:
        raise UnreadablePlan(
            sentence("The XML declares entities or a document type; it is refused.")
        ) from None
    except SAXParseException as error:
        line, reason = error.getLineNumber(), error.getMessage()
        raise UnreadablePlan(
            sentence(
                "Line %(line)s is not valid XML: %(reason)s.", line=line or 0, reason=str(reason)
            )
        ) from None
    except (SAXException, LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, UnreadablePlan):
            raise
        raise UnreadablePlan(
            sentence("The XML cannot be read: %(error)s.", error=str(error))
        ) from None
    return handler.project


def _feed(source: BinaryIO, parser: IncrementalParser) -> None:
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > MAX_BYTES:
            raise UnreadablePlan(
                sentence("The file is larger than %(size)s MB.", size=MAX_BYTES >> 20)
            )
        parser.feed(chunk)
    if not size:
        raise UnreadablePlan(sentence("The file is empty."))
    parser.close()


class _Handler(ContentHandler):
    """Builds one record at a time; an element becomes a record when its first child closes."""

    def __init__(self, take: Take, locator: Locator) -> None:
        super().__init__()
        self.project = Record(1)
        self._take = take
        self._place = locator
        self._in_record = False
        self._tags: list[str] = []
        self._open: list[Record | None] = []
        self._text: list[str] = []
        self._size = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        tag = name.rpartition(":")[2]
        depth = len(self._tags)
        if not depth and tag != "Project":
            raise UnreadablePlan(
                sentence("Not a Microsoft Project file: it begins with <%(tag)s>.", tag=tag[:40])
            )
        if depth > _MAX_DEPTH:
            raise UnreadablePlan(
                sentence("Line %(line)s: the XML is nested too deeply.", line=self._line)
            )
        if depth == 2:
            self._in_record = _CONTAINERS.get(tag) == self._tags[1]
        self._tags.append(tag)
        self._open.append(Record(self._line) if depth == 2 and self._in_record else None)
        self._text = []
        self._size = 0

    def characters(self, content: str) -> None:
        self._size += len(content)
        if self._size > _MAX_TEXT:
            raise UnreadablePlan(
                sentence(
                    "Line %(line)s: one field is longer than a million letters.", line=self._line
                )
            )
        self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        tag, record = self._tags.pop(), self._open.pop()
        depth = len(self._tags)
        if depth == 1 and record is None:
            self.project.fields[tag] = "".join(self._text)
        elif depth == 2 and record is not None:
            self._take(tag, record)
        elif depth > 2 and self._in_record:
            self._keep(tag, record)
        self._text = []

    def _keep(self, tag: str, record: Record | None) -> None:
        parent = self._open[-1]
        if parent is None:
            parent = self._open[-1] = Record(self._line)
        if record is None:
            parent.fields[tag] = "".join(self._text)
        else:
            parent.groups.setdefault(tag, []).append(record)

    @property
    def _line(self) -> int:
        return self._place.getLineNumber() or 0
