"""Reads of what people were told, how they want to hear of things, and the mail they were sent."""

from notifications.queries.choices import USUAL, Choice, get_choice, get_choices
from notifications.queries.inbox import (
    DONE,
    OPEN,
    PAGE_SIZE,
    SNOOZED,
    TABS,
    Inbox,
    Looked,
    Told,
    get_everything_told,
    get_inbox,
    get_unread_count,
    is_open,
    unread_by,
)
from notifications.queries.kinds import GROUP, GROUPS, KINDS, Group, group_of, name_of_kind
from notifications.queries.mails import Mail, MailRow, Mails, get_every_mail, get_mail, get_mails

__all__ = [
    "DONE",
    "GROUP",
    "GROUPS",
    "KINDS",
    "OPEN",
    "PAGE_SIZE",
    "SNOOZED",
    "TABS",
    "USUAL",
    "Choice",
    "Group",
    "Inbox",
    "Looked",
    "Mail",
    "MailRow",
    "Mails",
    "Told",
    "get_choice",
    "get_choices",
    "get_every_mail",
    "get_everything_told",
    "get_inbox",
    "get_mail",
    "get_mails",
    "get_unread_count",
    "group_of",
    "is_open",
    "name_of_kind",
    "unread_by",
]
