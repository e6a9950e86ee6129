"""The columns a file may bring, what people call them, and which of a file's columns is which."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagements import queries
from engagements.models import CustomField, ImportKind

REFERENCE = "ref:"
ENGAGEMENT_OWN = "engagement_"
# Systems offered before a customer has an id in them.
USUAL_SYSTEMS = ("salesforce", "hubspot", "dynamics")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours: its name in files, what it is called on a page, and other names for it."""

    name: str
    label: str
    also: tuple[str, ...] = ()
    needed: bool = False


def columns_for(kind: str, found: Iterable[str] = ()) -> tuple[Column, ...]:
    """Every column of ours for a kind of file; `found` are the columns a file has."""
    if kind == ImportKind.ROSTER:
        return roster_columns()
    return (*customer_columns(), *_references(found), *_own(), *engagement_columns())


def customer_columns() -> tuple[Column, ...]:
    return (
        Column("external_id", _("External id"), ("account id", "customer id", "id", "account no")),
        Column(
            "name", _("Name"), ("account name", "customer name", "customer", "account", "company")
        ),
        Column("time_zone", _("Time zone"), ("tz", "timezone")),
        Column("segment", _("Segment"), ("tier", "account segment", "size class")),
        Column("industry", _("Industry"), ("sector", "vertical", "account industry")),
        Column("currency", _("Currency"), ("currency iso code", "currency code")),
        Column(
            "arr",
            _("Revenue a year (ARR)"),
            ("annual recurring revenue", "yearly amount", "annual contract value", "acv"),
        ),
        Column("seats", _("Licence seats"), ("licences", "licenses", "license seats", "users")),
        Column("renewal_date", _("Renewal date"), ("renewal", "contract end", "contract end date")),
        Column(
            "csm",
            _("CSM’s e-mail"),
            ("csm email", "owner", "account owner", "owner email", "customer success manager"),
        ),
        Column("working_days", _("Working days"), ("work days", "working week")),
        Column("holiday_region", _("Public holidays of"), ("public holidays", "holidays")),
    )


def engagement_columns() -> tuple[Column, ...]:
    return (
        Column("engagement_key", _("Engagement: key"), ("project key", "engagement")),
        Column("engagement_name", _("Engagement: name"), ("project", "project name")),
        Column("phase", _("Engagement: phase"), ("stage", "project phase")),
        Column("spl", _("Engagement: SPL"), ("senior project lead", "project lead")),
        Column("spl_email", _("Engagement: SPL’s e-mail"), ("project lead email",)),
        Column("start_date", _("Engagement: start"), ("start", "project start")),
        Column("go_live_date", _("Engagement: go-live"), ("go live", "golive")),
        Column("hypercare_end_date", _("Engagement: hypercare ends"), ("hypercare end",)),
        Column("sign_off_date", _("Engagement: agreed sign-off"), ("sign off", "signoff")),
    )


def roster_columns() -> tuple[Column, ...]:
    return (
        Column(
            "external_id",
            _("External id"),
            ("id", "user id", "employee id", "username", "login", "user"),
            needed=True,
        ),
        Column("name", _("Name"), ("full name", "display name", "employee", "person")),
        Column("email", _("E-mail"), ("mail", "e-mail address", "email address", "work email")),
        Column("impact_group", _("Impact group"), ("group", "department", "team", "unit")),
        Column("access_since", _("Has access since"), ("access", "access date", "enabled on")),
        Column("proficient_since", _("Proficient since"), ("proficient", "passed on", "certified")),
        Column("proficient_by", _("Shown by"), ("assessment", "course", "certificate", "test")),
    )


def _references(found: Iterable[str]) -> tuple[Column, ...]:
    """A column for each other system: those offered, those in use and those a file names."""
    named = [name.removeprefix(REFERENCE) for name in found if name.startswith(REFERENCE)]
    systems = dict.fromkeys((*USUAL_SYSTEMS, *queries.get_reference_systems(), *named))
    return tuple(_reference(system) for system in systems if system)


def _reference(system: str) -> Column:
    label = _("Id in %(system)s") % {"system": system.title()}
    also = (f"{system} id", f"{system} account id", f"{system} customer id", system)
    short = ("sfdc id", "sfdc", "sf id") if system == "salesforce" else ()
    return Column(REFERENCE + system, label, (*also, *short))


def _own() -> tuple[Column, ...]:
    of_customers = queries.get_custom_fields(kind=CustomField.Kind.CUSTOMER)
    of_engagements = queries.get_custom_fields(kind=CustomField.Kind.ENGAGEMENT)
    return (
        *(Column(field.column, field.label, (field.key,)) for field in of_customers),
        *(
            Column(ENGAGEMENT_OWN + field.column, _("Engagement: %(name)s") % {"name": field.label})
            for field in of_engagements
        ),
    )


def plain(text: str) -> str:
    """A name without the case, blanks and signs in which people's files differ."""
    return re.sub(r"[\W_]", "", text.casefold())


def guess(found: Iterable[str], ours: Iterable[Column]) -> dict[str, str]:
    """Which of ours each of a file's columns is, "" for none: by name first, then by other names.

    Each of ours is taken once, by the first column that fits.
    """
    columns = [name for name in found if name]
    guessed = dict.fromkeys(columns, "")
    for names in (_by_name(ours), _by_other_names(ours)):
        for column in columns:
            name = names.get(plain(column), "")
            if name and not guessed[column] and name not in guessed.values():
                guessed[column] = name
    return guessed


def _by_name(ours: Iterable[Column]) -> dict[str, str]:
    return {plain(column.name): column.name for column in ours}


def _by_other_names(ours: Iterable[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in ours:
        for text in (column.label, *column.also):
            found.setdefault(plain(text), column.name)
    return found


def fits(mapping: Mapping[str, str], found: Iterable[str]) -> bool:
    """Whether a kept mapping is about a file with exactly these columns."""
    return {plain(name) for name in mapping} == {plain(name) for name in found if name}


def applied(
    mapping: Mapping[str, str], found: Iterable[str], ours: Iterable[Column]
) -> dict[str, str]:
    """A kept mapping for a file's columns; what it does not say, or is no column of ours, is out."""
    known = {column.name for column in ours}
    kept = {plain(name): ours_name for name, ours_name in mapping.items() if ours_name in known}
    return {name: kept.get(plain(name), "") for name in found if name}
