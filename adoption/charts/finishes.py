"""The finishes of a simulation as a figure."""

from datetime import date, timedelta

from adoption.simulation import Simulation
from rendering import figures, theme
from rendering.figures import Figure, Part

_LEFT = 48
_FEW_TICKS = 5


def finishes(found: Simulation, *, today: date, words: tuple[str, str, str]) -> Figure:
    """A histogram of the days the runs finish on; `words` name P50, P80 and the plan's finish."""
    bins = found.histogram()
    days = [part.end.date() for part in bins]
    shares = [round(part.share * 100, 2) for part in bins]
    marks = [found.p50.date(), found.p80.date(), found.planned.date()]
    start = min(bins[0].start.date(), found.planned.date()) - timedelta(days=2)
    end = max(days[-1], found.planned.date()) + timedelta(days=3)
    top = max(shares)
    colours = [theme.colour("accent", 0.85 if day <= marks[1] else 0.3) for day in days]
    bars: Part = {
        "type": "bar",
        "name": "finishes",
        "x": [day.isoformat() for day in days],
        "y": shares,
        "marker": {"color": colours},
        "hovertemplate": "%{y:.1f} %<br>%{x|%-d %b %Y}<extra></extra>",
    }
    lifts = (1.3, 1.18, 1.06)
    return figures.figure(
        [bars],
        labels=[
            figures.label(said, day=day, amount=top * lift, role="ink", xshift=4)
            for said, day, lift in zip(words, marks, lifts, strict=True)
        ],
        narrow={"xaxis": figures.time_axis(start, end, today=today, most=_FEW_TICKS)},
        margin={"l": _LEFT, "r": 24, "t": 20, "b": 28},
        shapes=[figures.upright(day) for day in marks],
        bargap=0.1,
        xaxis=figures.time_axis(start, end, today=today),
        yaxis={**figures.value_axis(0, top * 1.4, whole=False), "range": [0, top * 1.4]},
    )
