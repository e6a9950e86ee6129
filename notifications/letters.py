"""The mail people get about what happened: one thing at once, or the digest of a day.

Nothing that people wrote can add a header: a subject is one line, and headers hold our own words.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.digesting import MOST_IN_A_DIGEST, Chapter, Item, chapters
from notifications.models import Delivery, MailFormat, Notification
from notifications.operations import Digest
from notifications.queries import Choice
from rendering.formats import current, using
from tenancy.models import Tenant

LONGEST_SUBJECT = 150
# Every sign that is no letter, line ends above all.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# What a link for stopping mail stops.
DIGEST, AT_ONCE = "digest", "now"
SALT = "notifications.stop"
STOP_WORKS_FOR_SECONDS = 180 * 24 * 3600
# Domains that nobody can have a mailbox at (RFC 2606); the demo's people have theirs there.
NOBODYS = re.compile(r"(?:^|\.)(?:example|invalid|test|localhost)$", re.IGNORECASE)
LEAVES_THE_HOUSE = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail before they are dressed. `more` counts what is only in the inbox."""

    heading: str
    chapters: tuple[Chapter, ...]
    more: int
    link: str
    action: str
    stop: str
    stop_words: str
    settings: str
    place: str

    @property
    def more_words(self) -> str:
        if not self.more:
            return ""
        words = ngettext("One more is in your inbox.", "%(n)s more are in your inbox.", self.more)
        return words % {"n": self.more}

    def as_text(self) -> str:
        parts = [self.heading, *(part for chapter in self.chapters for part in _told(chapter))]
        # About one thing, its own link says it already.
        alone = {item.url for chapter in self.chapters for item in chapter.items} == {self.link}
        parts += [self.more_words, "" if alone else f"{self.action}:\n{self.link}"]
        choose = _("How you hear of things")
        ending = f"{choose}:\n{self.settings}\n{self.stop_words}:\n{self.stop}"
        text = "\n\n".join(part for part in [*parts, f"-- \nAdoptIQ · {self.place}"] if part)
        return f"{text}\n{ending}\n"


def _told(chapter: Chapter) -> Iterator[str]:
    if chapter.name:
        yield f"{one_line(chapter.name)}\n{'=' * len(one_line(chapter.name))}"
    for item in chapter.items:
        yield f"- {one_line(item.text)}\n  {_when(item)}\n  {item.url}"


def _when(item: Item) -> str:
    local = timezone.localtime(item.at)
    return f"{current().day(local.date())}, {current().time(local)}"


def one_line(text: str) -> str:
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def write_about(delivery: Delivery, told: Notification, tenant: Tenant, choice: Choice) -> None:
    """The mail about one notification, written into its delivery."""
    with _as_read_by(tenant, choice):
        item = _item(told, tenant)
        letter = Letter(
            heading=_("News from %(place)s") % {"place": one_line(tenant.name)},
            chapters=(Chapter("", (item,)),),
            more=0,
            link=item.url,
            action=_("See it in AdoptIQ"),
            stop=_stop_here(),
            stop_words=_("Put such news into the daily digest instead"),
            settings=_absolute("notification_settings"),
            place=tenant.name,
        )
        _write(delivery, letter, told.words, choice)


def write_digest(digest: Digest, tenant: Tenant, names: Mapping[UUID, str]) -> None:
    """The digest of a day, by customer, written into its delivery."""
    count = len(digest.rows)
    words = {"n": count, "place": tenant.name}
    with _as_read_by(tenant, digest.choice):
        shown = [_item(row, tenant) for row in digest.rows[:MOST_IN_A_DIGEST]]
        new = ngettext("One thing is new at %(place)s", "%(n)s things are new at %(place)s", count)
        letter = Letter(
            heading=one_line(new % words),
            chapters=chapters(shown, names),
            more=count - len(shown),
            link=_absolute("notifications:inbox", tenant.slug),
            action=_("Open your inbox"),
            stop=_stop_here(),
            stop_words=_("Stop the daily digest"),
            settings=_absolute("notification_settings"),
            place=tenant.name,
        )
        _write(digest.delivery, letter, letter.heading, digest.choice)


def _item(row: Notification, tenant: Tenant) -> Item:
    url = _absolute("notifications:open_notification", tenant.slug, row.pk)
    return Item(row.words, url, row.customer_id, row.snoozed_until or row.created_at)


def _write(delivery: Delivery, letter: Letter, subject: str, choice: Choice) -> None:
    line = one_line(subject)
    fits = len(line) <= LONGEST_SUBJECT
    delivery.subject = line if fits else f"{line[: LONGEST_SUBJECT - 1]}…"
    delivery.text = letter.as_text()
    delivery.html = ""
    if choice.mail_format == MailFormat.BOTH:
        context = {"letter": letter, "subject": delivery.subject}
        delivery.html = render_to_string("notifications/letter.html", context)


@contextmanager
def _as_read_by(tenant: Tenant, choice: Choice) -> Iterator[None]:
    """In the formats of the workspace and by the clock of the person."""
    zone = ZoneInfo(choice.time_zone or tenant.time_zone)
    spoken = translation.override(settings.LANGUAGE_CODE)
    with using(tenant.locale), timezone.override(zone), spoken:
        yield


def _absolute(name: str, *parts: object) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=parts)}"


def _stop_here() -> str:
    """Stands for the address until the mail leaves: whoever reads a kept mail cannot use it."""
    return _absolute("stop_mail", "-")


def stop_address(user_id: UUID, what: str) -> str:
    """Where one click stops a kind of mail, without signing in."""
    return _absolute("stop_mail", signing.dumps([what, str(user_id)], salt=SALT))


def read_stop(token: str) -> tuple[str, UUID] | None:
    """What the link stops, and for whom; None when it is too old or none of ours."""
    try:
        what, user_id = signing.loads(token, salt=SALT, max_age=STOP_WORKS_FOR_SECONDS)
        return str(what), UUID(user_id)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def is_nobodys(address: str) -> bool:
    """Whether mail to that address would leave for a domain where nobody can have a mailbox."""
    leaves = settings.EMAIL_BACKEND == LEAVES_THE_HOUSE
    return leaves and bool(NOBODYS.search(address.rpartition("@")[2]))


def message_id(delivery: Delivery) -> str:
    return f"<{delivery.pk}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def send(delivery: Delivery) -> None:
    """Send a written mail. Raises OSError or SMTPException; ValueError when it cannot be sent."""
    what = DIGEST if delivery.day is not None else AT_ONCE
    stop = stop_address(delivery.user_id, what)
    headers = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = delivery.text.replace(_stop_here(), stop)
    message = EmailMultiAlternatives(delivery.subject, text, to=[delivery.address], headers=headers)
    if delivery.html:
        html = delivery.html.replace(_stop_here(), stop)
        message.attach_alternative(html, "text/html")
    line = get_connection()
    message.connection = line
    try:
        message.send()
    finally:
        # A server that took the connection and then refused us would be left waiting.
        line.close()
