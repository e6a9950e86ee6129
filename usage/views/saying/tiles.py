"""The figures at the top of each page of use, each opening the people it counted."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import days as say_days
from rendering.templatetags.formats import number, percent, said_short, signed
from usage.activity import date_of
from usage.charts import TrendWords
from usage.numbers.habits import streak_survival
from usage.numbers.periods import Period
from usage.numbers.retention import Retention, RetentionPoint
from usage.numbers.shares import FEWEST_USERS
from usage.queries import Adoption, UsagePoint, UsageSeries
from usage.views.saying.told import Linked, Tile, tile_of

Tiles = tuple[Tile, ...]
FOUR_WEEKS = 28


def say_trend(window: int) -> TrendWords:
    """What stands at the lines of active users."""
    return TrendWords(
        people=_("active users"),
        mau=_("in %(n)s days") % {"n": window},
        wau=_("in 7 days"),
        dau=_("that day"),
    )


def tell_active(adoption: Adoption, series: UsageSeries) -> Tiles:
    """Active users over three windows, the DAU/MAU ratio, and use against its own peak."""
    point = series.last_closed
    if point is None:
        return ()
    day, window = said_short(point.day), adoption.window
    return (
        Tile(
            _("Active in %(n)s days") % {"n": window},
            Linked.to(number(point.mau), "mau"),
            note=_say_change(series, point),
        ),
        Tile(
            _("Active in 7 days"),
            Linked.to(number(point.wau), "wau"),
            note=_("to %(day)s") % {"day": day},
        ),
        Tile(_("Active that day"), Linked.to(number(point.dau), "dau"), note=day),
        _ratio(adoption),
        _sustained(adoption),
    )


def _say_change(series: UsageSeries, now: UsagePoint) -> str:
    earlier = {(now.day - point.day).days: point.mau for point in series.points}
    before = earlier.get(FOUR_WEEKS)
    if before is None:
        return _("no figure 4 weeks before")
    return _("%(change)s in 4 weeks") % {"change": signed((now.mau or 0) - before)}


def _ratio(adoption: Adoption) -> Tile:
    own = adoption.ratio
    people = Linked.to(number(len(own.users)), "mau")
    # The list's active days add up to them; without days off they are days it does not tell apart.
    is_whole = adoption.ground.asked.with_weekends
    shown = number(own.user_days)
    days = Linked.over(shown, "mau", sort="-active") if is_whole else shown
    note = _("user-days on %(days)s days") % {"days": number(own.days)}
    return Tile(_("DAU/MAU ratio"), percent(own.value), (people, days), note, _("people;"))


def _sustained(adoption: Adoption) -> Tile:
    own = adoption.sustained
    now = Linked.to(number(own.now), "sustained")
    peak = Linked.to(number(own.peak), "sustained", last=str(date_of(own.peak_day)))
    note = _("at the peak of 26 weeks, %(day)s") % {"day": said_short(date_of(own.peak_day))}
    is_small = own.peak < FEWEST_USERS
    shown = f"{number(own.now)} / {number(own.peak)}" if is_small else percent(own.ratio)
    return Tile(_("Sustained"), shown, (now, peak), note)


def tell_moves(adoption: Adoption) -> Tiles:
    """Who stopped and who came within four weeks."""
    own = adoption.sustained
    earlier = str(date_of(own.day - FOUR_WEEKS))
    lost = Linked.to(number(len(own.lost)), "lost")
    gained = Linked.to(number(len(own.gained)), "gained")
    before = Linked.to(number(own.before), "sustained", last=earlier)
    now = Linked.to(number(own.now), "sustained")
    return (
        Tile(_("Stopped within 4 weeks"), lost, (lost, before), _("active four weeks before")),
        Tile(_("New or back within 4 weeks"), gained, (gained, now), _("active now")),
    )


def tell_seats(adoption: Adoption) -> Tiles:
    """Deployed, used and engaged are three numbers that fail in three ways."""
    own = adoption.licences
    seats = int(own.seats[-1]) if own.known[-1] else None
    assigned, active = len(adoption.with_access), len(adoption.active)
    return (
        Tile(_("Seats"), number(seats), note=_("on the newest closed day")),
        _deployed(adoption, assigned, seats),
        _of_seats(_("Used"), Linked.to(number(active), "mau"), active, seats),
        Tile(
            _("With access and not active"),
            Linked.to(number(len(adoption.idle)), "idle"),
            note=_("in %(n)s days") % {"n": adoption.window},
        ),
        Tile(
            _("Active without access on record"),
            Linked.to(number(len(adoption.beyond)), "beyond"),
            note=_("the roster may lack them"),
        ),
    )


def _deployed(adoption: Adoption, assigned: int, seats: int | None) -> Tile:
    if not adoption.ground.has_roster:
        return Tile(_("Deployed"), "–", note=_("nobody is on the roster yet"))
    return _of_seats(_("Deployed"), Linked.to(number(assigned), "with-access"), assigned, seats)


def _of_seats(label: str, count: Linked, people: int, seats: int | None) -> Tile:
    if not seats:
        return Tile(label, count, note=_("no seats are on record"))
    if seats < FEWEST_USERS:
        return Tile(label, f"{count} / {number(seats)}", (count, number(seats)))
    return Tile(label, percent(people / seats), (count, number(seats)), _("seats"))


def tell_first_steps(adoption: Adoption) -> Tiles:
    """Activation and the time it took."""
    own, agreed = adoption.activation, adoption.agreed
    label = ngettext("Activated within one day", "Activated within %(n)s days", agreed.within) % {
        "n": agreed.within
    }
    curve = adoption.time_to_value
    return (
        tile_of(label, own.share, "activated", "mature"),
        Tile(
            _("Too new to count"),
            Linked.to(number(len(own.waiting)), "not-yet-due"),
            note=_("had access for less time than that"),
        ),
        Tile(_("Half had reached it within"), _say_wait(curve.median), note=_("the median")),
        Tile(_("Nine in ten within"), _say_wait(curve.p90), note=_("the 90th percentile")),
        Tile(
            _("Still waiting"),
            Linked.to(number(len(curve.waiting)), "waiting"),
            note=_("of %(n)s who began") % {"n": number(len(curve.users))},
        ),
    )


def _say_wait(value: int | None) -> str:
    return _("not reached") if value is None else say_days(value)


def tell_habits(adoption: Adoption) -> Tiles:
    """Habit, depth, frequency and streaks."""
    habit, depth = adoption.habit, adoption.depth
    rule = adoption.rules.habit
    words = _("active in %(weeks)s of 4 weeks and on %(share)s of expected days")
    said = {"weeks": rule.weeks, "share": percent(rule.share)}
    deep = _("active on %(least)s or more of %(window)s days")
    return (
        tile_of(_("Habit"), habit.share, "habit", "settled", note=words % said),
        tile_of(
            _("Depth"),
            depth.share,
            "deep",
            "with-access",
            note=deep % {"least": depth.least, "window": depth.window},
        ),
        _frequency(adoption),
        _streaks(adoption),
        Tile(
            _("Too new for a habit"),
            Linked.to(number(len(habit.too_new)), "too-new"),
            note=_("access for less than 4 weeks"),
        ),
    )


def _frequency(adoption: Adoption) -> Tile:
    own = adoption.frequency
    people = Linked.to(number(len(own.users)), "expected")
    return Tile(
        _("Frequency"),
        percent(own.median),
        (people,),
        _("people: the median of active days ÷ expected days"),
    )


def _streaks(adoption: Adoption) -> Tile:
    curve = streak_survival(adoption.streaks)
    note = _("half of %(n)s streaks in 12 weeks last longer; expected days in a row")
    value = curve.time_of(0.5)
    shown = _("not reached") if value is None else say_days(value)
    return Tile(_("Streak"), shown, note=note % {"n": number(curve.size)})


def tell_breadth(adoption: Adoption) -> Tiles:
    """How many of the intended features are adopted, and what is used beside them."""
    own = adoption.breadth
    counts = {"n": number(len(own.adopted)), "all": number(len(own.intended))}
    share = _("%(n)s of %(all)s") % counts if own.intended else "–"
    rule = adoption.rules.adopted
    words = _("or more, in %(weeks)s different weeks; tried is once")
    return (
        Tile(_("Breadth"), share, note=_("intended features adopted by half of their people")),
        Tile(
            _("Used beside them"),
            number(len(own.beyond)),
            note=_("features nobody is meant to use yet"),
        ),
        Tile(
            _("Adopted means used on"),
            say_days(rule.days),
            note=words % {"weeks": rule.weeks},
        ),
    )


def tell_returns(value: Retention) -> Tiles:
    """Both curves, one, four and twelve periods after the first."""
    found = []
    for number_of in (1, 4, 12):
        curves = (
            (_("Classic"), "came-again", value.classic),
            (_("Rolling"), "stayed", value.rolling),
        )
        for name, key, points in curves:
            if number_of < len(points):
                found.append(_returned(name, key, points[number_of], value.period))
    return tuple(found[:5])


def _returned(name: str, key: str, point: RetentionPoint, period: Period) -> Tile:
    step = [_("week %(n)s"), _("month %(n)s")][period is Period.MONTH] % {"n": point.period}
    label = _("%(curve)s, %(step)s") % {"curve": name, "step": step}
    at = f"{period.value}/{point.period}"
    people = Linked.to(number(point.users), f"{key}:{at}")
    everybody = Linked.to(number(point.of), f"began:{at}")
    is_small = point.of < FEWEST_USERS
    shown = f"{people} / {everybody}" if is_small else percent(point.value)
    return Tile(label, shown, (people, everybody), _("people"))


def tell_arrivals(adoption: Adoption) -> Tiles:
    """The newest closed day of the first weeks."""
    own = adoption.early
    if own is None or not own.days:
        return ()
    last = own.days[-1]
    return (
        tile_of(_("Have come"), last.reached, "reached", "expected-since"),
        Tile(
            _("Still to be seen"),
            Linked.to(number(len(own.missing)), "missing"),
            note=_("with access, never seen since go-live"),
        ),
        Tile(
            _("First seen that day"),
            Linked.to(number(len(last.newcomers)), "newcomers"),
            note=said_short(date_of(last.day)),
        ),
        Tile(
            _("Active that day"),
            Linked.to(number(len(last.active)), "dau", last=str(date_of(last.day))),
            note=said_short(date_of(last.day)),
        ),
    )
