"""The line of a measure against everything agreed about it."""

from metrics.charts.course import course, grounds, references
from metrics.charts.frame import BARE, NARROW, WIDE, counts, frame_of
from metrics.charts.labels import events_shown, labels
from metrics.narrative.story import Report
from rendering import figures
from rendering.figures import Figure


def measure_line(told: Report) -> Figure:
    """Readings against baseline, target and milestones with the forecast in its fading range.

    Traces come in the order of painting, each named after what it shows; labels are annotations.
    """
    frame, measure = frame_of(told), told.measure
    wide = BARE if measure.target is None else WIDE
    axis = figures.value_axis(frame.low, frame.high, whole=counts(measure))
    return figures.figure(
        [*grounds(measure, frame), *references(told, frame), *course(told)],
        labels=labels(told, frame, wide),
        narrow={"margin": NARROW.margin, "annotations": labels(told, frame, NARROW)},
        margin=wide.margin,
        shapes=[figures.upright(event.day) for event in events_shown(measure, frame)],
        xaxis=figures.time_axis(frame.start, frame.end, today=measure.as_of),
        yaxis={**axis, "range": [frame.low, frame.high]},
    )
