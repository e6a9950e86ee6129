"""A plan on a time line: bars, float, dependencies, today.

Everything of one kind shares one path, so that two thousand rows stay a few dozen elements beside
their labels. Coordinates leave as texts. Rows are 40 high, like the outline's beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from rendering.diagram.routes import Place, pixel, route
from rendering.diagram.rows import GanttLink, GanttMark, GanttRow, GanttWords
from rendering.diagram.scale import LEAST_WIDTH, Scale, scale_over

ROW, HEAD = 40, 48
_MIDDLE, _BAR = 18, 14
_LEAST_BAR = 3.0
_DESCRIBED = 60
_LETTER = 6.4

# From the back to the front.
_LAYERS = (
    "grid",
    "l-dep",
    "l-crit thinner",
    "f-plan",
    "f-ink",
    "f-done",
    "b-todo",
    "b-crit-todo",
    "f-done over",
    "b-crit",
    "l-float",
    "l-mark",
    "l-over",
    "l-status",
    "l-target thin",
    "d-open",
)


@dataclass(frozen=True, slots=True)
class GanttPath:
    css: str
    d: str


@dataclass(frozen=True, slots=True)
class GanttText:
    x: str
    y: str
    css: str
    words: str


@dataclass(frozen=True, slots=True)
class Gantt:
    """A finished drawing: `name` makes its ids unique on the page, sizes are pixels."""

    name: str
    width: int
    height: int
    title: str
    description: str
    paths: tuple[GanttPath, ...]
    texts: tuple[GanttText, ...]


def gantt(
    rows: Sequence[GanttRow],
    links: Iterable[GanttLink] = (),
    *,
    today: date,
    name: str = "gantt",
    marks: Iterable[GanttMark] = (),
    words: GanttWords = GanttWords(),  # noqa: B008 (frozen)
    least_width: int = LEAST_WIDTH,
    status: date | None = None,
    ahead: int = 0,
) -> Gantt:
    """Draw rows in order. Links and marks of rows that are not shown are left out.

    `status` is the day up to which progress is told, drawn where it is another than today.
    A drawing that is scrolled has at least `ahead` pixels to the right of today.
    """
    marks = list(marks)
    scale = scale_over(_moments(rows, marks), least_width).reaching(today, ahead)
    canvas = _Canvas(scale, HEAD + ROW * len(rows), words, today)
    canvas.all(rows, links, marks)
    canvas.lines(status)
    return Gantt(
        name=name,
        width=scale.width,
        height=canvas.height,
        title=words.title,
        description=_description(rows, words, today.year),
        paths=canvas.paths(),
        texts=tuple(canvas.texts),
    )


def _moments(rows: Sequence[GanttRow], marks: Sequence[GanttMark]) -> Iterable[datetime]:
    for row in rows:
        yield row.start
        yield max(row.finish, row.float_until or row.finish)
        yield from row.agreed or ()
    for mark in marks:
        yield mark.moment


def _description(rows: Sequence[GanttRow], words: GanttWords, this_year: int) -> str:
    """The lead and the dates of the first rows; a long plan refers to its table."""
    leaves = [row for row in rows if not row.summary]
    said = [words.lead] if words.lead else []
    said += [
        words.span.format(
            label=row.label,
            start=words.day(row.start.date(), this_year),
            finish=words.day(row.finish.date(), this_year),
        )
        + (f", {words.overloaded}" if row.overloaded else "")
        for row in leaves[:_DESCRIBED]
    ]
    if len(leaves) > _DESCRIBED:
        said.append(words.more.format(count=len(leaves) - _DESCRIBED))
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said)


class _Canvas:
    def __init__(self, scale: Scale, height: int, words: GanttWords, today: date) -> None:
        self.scale = scale
        self.height = height
        self.words = words
        self.day = today
        self.texts: list[GanttText] = []
        self._layers: dict[str, list[str]] = {css: [] for css in _LAYERS}

    def draw(self, layer: str, d: str) -> None:
        self._layers[layer].append(d)

    def say(self, x: float, y: float, css: str, words: str) -> None:
        self.texts.append(GanttText(pixel(x), pixel(y), css, words))

    def paths(self) -> tuple[GanttPath, ...]:
        return tuple(
            GanttPath(css.removesuffix(" over"), "".join(parts))
            for css, parts in self._layers.items()
            if parts
        )

    def all(
        self, rows: Sequence[GanttRow], links: Iterable[GanttLink], marks: Iterable[GanttMark]
    ) -> None:
        self.header(len(rows))
        places = {row.key: self.row(row, HEAD + ROW * i) for i, row in enumerate(rows)}
        for link in links:
            if link.before in places and link.after in places:
                layer = "l-crit thinner" if link.critical else "l-dep"
                self.draw(layer, route(places[link.before], places[link.after], link.kind))
        for mark in marks:
            if mark.row in places:
                self.mark(mark, places[mark.row].middle)

    def header(self, rows: int) -> None:
        for i in range(rows + 1):
            self.draw("grid", f"M0 {pixel(HEAD + ROW * i - 0.5)}H{self.scale.width}")
        for tick in self.scale.ticks(self.words):
            self.draw("grid", f"M{pixel(tick.x)} 28V{self.height}")
            self.say(tick.x + 5, 40, "b", tick.words)

    def lines(self, status: date | None) -> None:
        """Today, and the status date where it is another day."""
        self._line(self.day, self.words.today, 22, "l-target thin", "t-accent b mid")
        if status is not None and status != self.day:
            self._line(status, self.words.status, 31, "l-status", "b ink mid halo")

    def _line(self, day: date, name: str, top: int, css: str, words: str) -> None:
        if not self.scale.shows(day):
            return
        x = self.scale.day(day) + self.scale.pixels_a_day / 2
        said = f"{name}, {self.words.day(day, self.day.year)}"
        self.draw(css, f"M{pixel(x)} {top}V{self.height}")
        half = len(said) * _LETTER / 2
        inside = min(max(x, half), self.scale.width - half)
        self.say(inside, top - 7, words, said)

    def row(self, row: GanttRow, top: int) -> Place:
        if row.agreed is not None and not row.done:
            left, right = self._ends(*row.agreed)
            self.draw("f-plan", _box(left, top + 29, right - left, 3, 1.5))
        if row.milestone:
            return self._milestone(row, top)
        left, right = self._ends(row.start, row.finish)
        if row.overloaded:
            self.draw("l-over", f"M{pixel(left)} {top + 6}H{pixel(right)}")
        if row.summary:
            self._summary(row, left, right, top)
        else:
            self._bar(row, left, right, top + _MIDDLE - _BAR // 2)
            self._labels(row, left, right, top + _MIDDLE)
        return Place(left, right, top + _MIDDLE)

    def _ends(self, start: datetime, finish: datetime) -> tuple[float, float]:
        """Whole days: work that ends in the afternoon fills its day."""
        left = self.scale.day(start.date())
        right = self.scale.day(finish.date())
        if finish.time() != time() or finish.date() == start.date():
            right += self.scale.pixels_a_day
        return left, max(right, left + _LEAST_BAR)

    def _summary(self, row: GanttRow, left: float, right: float, top: int) -> None:
        y, tip = top + 17, min(5.0, (right - left) / 2)
        self.draw(
            "f-ink",
            f"M{pixel(left)} {y}H{pixel(right)}v9l{pixel(-tip)} -5"
            f"H{pixel(left + tip)}l{pixel(-tip)} 5z",
        )
        self._name(row, left, right, top + 23, "b ink")

    def _bar(self, row: GanttRow, left: float, right: float, y: int) -> None:
        width = right - left
        if row.done:
            self.draw("f-done", _box(left, y, width, _BAR, 3))
            return
        layer = "b-crit-todo" if row.critical else "b-todo"
        self.draw(layer, _box(left + 1, y + 1, max(1, width - 2), _BAR - 2, 3))
        if row.progress > 0:
            done = width * min(100, row.progress) / 100
            self.draw("b-crit" if row.critical else "f-done over", _box(left, y, done, _BAR, 3))

    def _labels(self, row: GanttRow, left: float, right: float, middle: int) -> None:
        """What the bar says beside itself: critical, its float, and its name on a narrow screen."""
        if row.done:
            self._name(row, left, right, middle + 4)
            return
        if row.critical:
            words = self.words.critical
            self._beside(left, right, middle + 4, "halo t-act b g-word", words)
            self._beside(left, right, middle + 4, "halo t-act b g-name", f"{row.label}, {words}")
        end = self._float(row, right, middle)
        if not row.critical and row.float_words:
            self.say(end + 5, middle + 4, "halo", row.float_words)
            self.say(left - 7, middle + 4, "halo end g-name", row.label)
        elif not row.critical:
            self._name(row, left, right, middle + 4)
        elif row.float_words and row.float_until is not None and row.float_until < row.finish:
            self.say(right + 7, middle + 4, "halo t-act", row.float_words)

    def _float(self, row: GanttRow, right: float, middle: int) -> float:
        """The dotted tail to the late finish; answers where it ends."""
        if row.float_until is None or row.float_until <= row.finish:
            return right
        end = self._ends(row.start, row.float_until)[1]
        if end <= right + 2:
            return right
        self.draw("l-float", f"M{pixel(right + 2)} {middle}H{pixel(end)}")
        self.draw("l-mark", f"M{pixel(end)} {middle - 4}v8")
        return end

    def _name(self, row: GanttRow, left: float, right: float, y: int, weight: str = "") -> None:
        css = f"halo g-name {weight}".rstrip()
        if right + 7 + len(row.label) * _LETTER > self.scale.width and left > self.scale.width / 2:
            self.say(left - 7, y, f"{css} end", row.label)
        else:
            self.say(right + 7, y, css, row.label)

    def _beside(self, left: float, right: float, y: int, css: str, words: str) -> None:
        """Before the bar where there is room, else after it."""
        if left - 7 - len(words) * _LETTER >= 0:
            self.say(left - 7, y, f"{css} end", words)
        else:
            self.say(right + 7, y, css, words)

    def _milestone(self, row: GanttRow, top: int) -> Place:
        x, middle = self.scale.x(row.start), top + _MIDDLE
        if row.start.time() != time():
            x = self.scale.day(row.start.date()) + self.scale.pixels_a_day / 2
        self.draw("b-crit" if row.critical and not row.done else "f-ink", _diamond(x, middle, 8))
        said = self.words.day(row.start.date(), self.day.year)
        css = "halo t-act b" if row.critical and not row.done else "halo b ink"
        if row.critical and not row.done:
            said = f"{said}, {self.words.critical}"
        self._after(x, middle, 12, css, said)
        self.say(x - 12, middle + 5, "halo g-name end", row.label)
        return Place(x - 8, x + 8, middle)

    def _after(self, x: float, middle: int, gap: int, css: str, words: str) -> None:
        if x + gap + len(words) * _LETTER > self.scale.width:
            self.say(x - gap, middle + 5, f"{css} end", words)
        else:
            self.say(x + gap, middle + 5, css, words)

    def mark(self, mark: GanttMark, middle: float) -> None:
        x = self.scale.day(mark.moment.date()) + self.scale.pixels_a_day / 2
        if mark.agreed:
            self.draw("d-open", _diamond(x, middle + 12.5, 5))
            self._after(x, round(middle) + 13, 9, "halo t-accent", mark.words)
        else:
            x += self.scale.pixels_a_day / 2 + 9
            self.draw("b-crit", _diamond(x, middle, 7))
            self._after(x, round(middle) - 1, 11, "halo t-act b", mark.words)


def _box(left: float, top: float, width: float, height: float, round_: float) -> str:
    """A rectangle with rounded corners as a closed subpath."""
    r = min(round_, width / 2)
    across, down = pixel(width - 2 * r), pixel(height - 2 * r)
    corner = f"a{pixel(r)} {pixel(r)} 0 0 1"
    return (
        f"M{pixel(left + r)} {pixel(top)}h{across}{corner} {pixel(r)} {pixel(r)}v{down}"
        f"{corner} {pixel(-r)} {pixel(r)}h-{across}{corner} {pixel(-r)} {pixel(-r)}v-{down}"
        f"{corner} {pixel(r)} {pixel(-r)}z"
    )


def _diamond(x: float, y: float, half: float) -> str:
    return f"M{pixel(x)} {pixel(y - half)}l{half} {half} {-half} {half} {-half} {-half}z"
