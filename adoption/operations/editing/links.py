"""Which package waits for which."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adoption.editing import Moves, Sheet, Wait, lag_of, links_of
from adoption.models import Dependency, Plan, WorkPackage
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.desk import Desk
from adoption.operations.editing.outline import known_rows
from adoption.scheduling import LinkType
from people.models import User


def set_links(
    *,
    plan: Plan,
    package: WorkPackage,
    text: str,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """All that a package waits for, as `1.2FS+2d; 7SS-3h`, by outline number or else by uid.

    Raises ValidationError at "links"; a circle is spelled out.
    """

    def edit(desk: Desk) -> Sheet:
        links = links_of(text, known_rows(desk.sheet), desk.calendar)
        return desk.sheet.changed({package.uid: {"links": links}})

    words = _("%(name)s: what it waits for") % {"name": package.name}
    return carry_out(Order(plan, by, now, version, store, "linked", words), edit)


def add_link(
    *,
    plan: Plan,
    before: WorkPackage,
    after: WorkPackage,
    type: str = "FS",
    lag: str = "",
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Make a package wait for another; a link of this type between them gets the new lag."""

    def edit(desk: Desk) -> Sheet:
        wait = Wait(before.uid, _known(type), *lag_of(lag, desk.calendar))
        return _with_links(desk, after.uid, taken=(before.uid, wait.type), given=wait)

    words = _("%(after)s waits for %(before)s") % {"after": after.name, "before": before.name}
    return carry_out(Order(plan, by, now, version, store, "linked", words), edit)


def change_link(
    *,
    plan: Plan,
    link: Dependency,
    type: str,
    lag: str,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Another type or lag; the link keeps its id."""

    def edit(desk: Desk) -> Sheet:
        wait = Wait(link.before.uid, _known(type), *lag_of(lag, desk.calendar))
        return _with_links(desk, link.after.uid, taken=(wait.uid, link.type), given=wait)

    words = _("%(after)s waits for %(before)s") % {
        "after": link.after.name,
        "before": link.before.name,
    }
    return carry_out(Order(plan, by, now, version, store, "linked", words), edit)


def remove_link(
    *,
    plan: Plan,
    link: Dependency,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """A package waits for another no longer."""
    words = _("%(after)s no longer waits for %(before)s") % {
        "after": link.after.name,
        "before": link.before.name,
    }
    order = Order(plan, by, now, version, store, "unlinked", words)
    taken = (link.before.uid, link.type)
    return carry_out(order, lambda desk: _with_links(desk, link.after.uid, taken=taken))


def _with_links(
    desk: Desk, uid: str, *, taken: tuple[str, str], given: Wait | None = None
) -> Sheet:
    row = desk.sheet.row(uid)
    links = {(wait.uid, wait.type): wait for wait in row.links}
    links.pop(taken, None)
    if given is not None:
        desk.sheet.row(given.uid)
        links[given.uid, given.type] = given
    return desk.sheet.changed({uid: {"links": tuple(sorted(links.values()))}})


def _known(kind: str) -> str:
    if kind not in LinkType.__members__:
        raise ValidationError({"type": _("A link is one of FS, SS, FF and SF.")})
    return kind
