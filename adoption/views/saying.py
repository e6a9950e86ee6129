"""Steps, arrows and reasons of a plan in words."""

from django.utils.translation import gettext as _

from adoption.queries.networks import NetworkJoin, NetworkStep
from adoption.queries.reasons import Reason
from rendering.templatetags.formats import number, said_short, signed_days


def say_state(step: NetworkStep) -> str:
    """What stands under a circle."""
    if step.state == "done":
        return _("done")
    if step.state == "critical":
        if step.float_days < 0:
            return _("critical, %(float)s") % {"float": signed_days(step.float_days)}
        if step.ends:
            return _("critical, %(day)s") % {"day": said_short(step.finish)}
        return _("critical")
    return _("%(float)s float") % {"float": signed_days(step.float_days)}


def say_step(step: NetworkStep) -> str:
    """A circle in one sentence, for who does not see it."""
    said = f"{step.outline} {step.name}, {say_state(step)}"
    if step.needs:
        return _("%(step)s; needs %(others)s.") % {"step": said, "others": ", ".join(step.needs)}
    return _("%(step)s; needs nothing.") % {"step": said}


def say_arrow(join: NetworkJoin) -> str:
    """What stands on an arrow: the duration of the step it leaves, and what the link adds."""
    said = signed_days(join.days)
    if join.is_left:
        said = _("%(days)s left") % {"days": said}
    if join.type not in ("FS", ""):
        said = join.type
    if join.lag_days:
        sign = "+" if join.lag_days > 0 else ""
        said = f"{said} {sign}{signed_days(join.lag_days)}"
    return said


def say_reason(reason: Reason) -> str:
    """Why a step is where it is, as a sentence."""
    step, day = f"{reason.outline} {reason.name}".strip(), said_short(reason.at)
    sentences = {
        "FS": _("It begins when %(step)s is finished, on %(day)s%(lag)s."),
        "SS": _("It begins once %(step)s has begun%(lag)s."),
        "FS rest": _(
            "It began before its turn: what is left of it waits until %(step)s is finished, "
            "on %(day)s%(lag)s."
        ),
        "SS rest": _(
            "It began before its turn: what is left of it waits until %(step)s has begun%(lag)s."
        ),
        "FF": _("It cannot be finished before %(step)s is, on %(day)s%(lag)s."),
        "SF": _("It cannot be finished before %(step)s begins%(lag)s."),
        "done": _("It was finished on %(day)s."),
        "away": _("It waits until all it needs is there, on %(day)s."),
        "running": _("It began on %(day)s and goes on from there."),
        "constraint": _("A date was set for it: %(rule)s %(day)s."),
        "status": _("Work not yet begun starts no earlier than the status date, %(day)s."),
        "start": _("It waits for nothing and begins with the plan, on %(day)s."),
    }
    key = reason.type if reason.kind == "link" else reason.kind
    if reason.rest and key in ("FS", "SS"):
        key = f"{key} rest"
    return sentences[key] % {
        "step": step,
        "day": day,
        "lag": _say_lag(reason),
        "rule": say_rule(reason.type),
    }


def say_rule(constraint: str) -> str:
    rules = {
        "SNET": _("not to begin before"),
        "SNLT": _("to begin no later than"),
        "FNET": _("not to be finished before"),
        "FNLT": _("to be finished by"),
        "MSO": _("to begin on"),
        "MFO": _("to be finished on"),
    }
    return rules.get(constraint, constraint)


def _say_lag(reason: Reason) -> str:
    if not reason.lag_days:
        return ""
    days = number(abs(reason.lag_days))
    if reason.lag_days < 0:
        said = _(", %(n)s d earlier")
    elif reason.elapsed:
        said = _(", and %(n)s d by the clock later")
    else:
        said = _(", and %(n)s d later")
    return said % {"n": days}
