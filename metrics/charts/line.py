"""The line of a measure against everything agreed about it."""

from metrics.charts.course import course, grounds, references
from metrics.charts.frame import BARE, NARROW, WIDE, Frame, counts, frame_of
from metrics.charts.labels import events_shown, labels
from metrics.definitions import Measure
from metrics.narrative.story import Report
from metrics.narrative.words import Say
from rendering import figures
from rendering.figures import Figure, Part

FEW_TICKS = 5


def measure_line(told: Report, *, say: Say = str) -> Figure:
    """Readings against baseline, target and milestones with the forecast in its fading range.

    Traces come in the order of painting, each named after what it shows; labels are annotations,
    said by `say` in the language of the page.
    """
    frame, measure = frame_of(told), told.measure
    wide = WIDE if _ends_at_right(measure) else BARE
    axis = figures.value_axis(frame.low, frame.high, whole=counts(measure))
    return figures.figure(
        [*grounds(measure, frame), *references(told, frame, say), *course(told, say)],
        labels=labels(told, frame, wide, say),
        narrow=_narrow(told, frame, say),
        margin=wide.margin,
        shapes=[figures.upright(event.day) for event in events_shown(measure, frame)],
        xaxis=figures.time_axis(frame.start, frame.end, today=measure.as_of),
        yaxis={**axis, "range": [frame.low, frame.high]},
    )


def _narrow(told: Report, frame: Frame, say: Say) -> Part:
    """What differs where the page is narrow: words, margins, fewer days along the axis."""
    axis = figures.time_axis(frame.start, frame.end, today=told.measure.as_of, most=FEW_TICKS)
    return {
        "margin": NARROW.margin,
        "annotations": labels(told, frame, NARROW, say),
        "xaxis": axis,
    }


def _ends_at_right(measure: Measure) -> bool:
    """True when the deadline lies ahead, so that its words stand right of the plot."""
    return measure.target is not None and measure.target.deadline >= measure.as_of
