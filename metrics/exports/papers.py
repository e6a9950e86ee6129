"""Decision papers as tables and as documents, with the words of their page."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from metrics.models import DecisionPaper, PaperQuestion
from metrics.queries import PaperRow, PaperView, ToldPaper, told
from metrics.queries.told_papers import ToldForecast
from rendering.documents import Grid, Heading, Part, Words, write_document
from rendering.formats import current
from rendering.spreadsheets import write_table
from rendering.translation import translated

PAPER_COLUMNS = ("question", "state", "outcome", "decide_by", "decided_by", "decided_at")


def papers_csv(rows: Sequence[PaperRow]) -> bytes:
    """The decisions of an engagement, the newest first."""
    return write_table(
        PAPER_COLUMNS,
        (
            [
                row.question,
                row.state,
                row.outcome,
                row.decide_by.isoformat() if row.decide_by else "",
                row.decided_by,
                row.decided_at.isoformat() if row.decided_at else "",
            ]
            for row in rows
        ),
    )


def paper_pdf(paper: DecisionPaper, view: PaperView, *, today: date) -> bytes:
    """The paper as its page shows it. Raises NoDocument where nothing can make a PDF."""
    words = told(view, today=today)
    return write_document(
        title=view.value.question,
        subtitle=_subtitle(paper, view),
        parts=[
            *_decision(paper, view, words, today),
            *_known(view),
            *_options(view, words),
            *_questions(paper, view),
        ],
        page_words=_("Page %(n)s"),
        foot=f"AdoptIQ · {paper.customer} · {current().day_and_year(today)}",
    )


def _subtitle(paper: DecisionPaper, view: PaperView) -> str:
    parts = [f"{paper.customer}, {paper.engagement.name}."]
    if view.sent_at is None:
        parts.append(_("A draft: only we see it."))
    else:
        sent = current().day_and_year(view.value.as_of)
        parts.append(_("Sent %(day)s.") % {"day": sent})
    if view.value.decide_by is not None:
        due = current().day_and_year(view.value.decide_by)
        parts.append(_("To be decided by %(day)s.") % {"day": due})
    return " ".join(parts)


def _decision(
    paper: DecisionPaper, view: PaperView, words: ToldPaper, today: date
) -> Iterable[Part]:
    if view.outcome is None or view.decided_at is None:
        return
    day = view.decided_at.astimezone(paper.customer.zone).date()
    outcome = paper.get_outcome_display()
    if view.chosen is not None:
        outcome = f"{outcome}: {view.chosen.value.name}"
    yield Heading(outcome)
    facts = {"who": view.decided_by, "day": current().day_and_year(day)}
    yield Words(_("Decided by %(who)s, %(day)s") % facts, under=view.note)
    yield Words(words.review)
    rows = [
        [_("Finish"), words.expected_finish, words.now_finish],
        [_("Money at the finish"), words.expected_money, words.now_money],
        *([one.name, one.expected, one.now] for one in words.misses),
    ]
    now = _("As of %(day)s") % {"day": current().day_and_year(today)}
    yield Grid(["", _("Forecast then"), now], rows)


def _known(view: PaperView) -> Iterable[Part]:
    yield Heading(_("What is known"))
    for fact in view.value.facts:
        day = _("as of %(day)s") % {"day": current().day_and_year(fact.as_of)}
        yield Words(translated(fact.text), under=f"{translated(fact.source)}, {day}")
    yield Heading(_("What it means"))
    yield Words(view.value.interpretation)


def _options(view: PaperView, words: ToldPaper) -> Iterable[Part]:
    yield Heading(_("What can be done"))
    if not view.options:
        return
    yield Words(words.finding, strong=True)
    yield _compared(words)
    if words.measures:
        yield _measures(words)
    for one in view.options:
        yield Words(one.value.name, strong=True)
        yield Words(one.value.justification, under=one.value.source)


def _compared(words: ToldPaper) -> Grid:
    recommended = _("recommended")
    rows = [
        [
            f"{one.name} ({recommended})" if number == 0 else one.name,
            one.cost,
            one.finish,
            one.money,
            ", ".join(one.effects) or "–",
        ]
        for number, one in enumerate(words.options)
    ]
    rows.append([_("Nothing: live with it"), _("no cost"), words.finish, words.money, "–"])
    head = [_("If we choose"), _("Cost"), _("Finish"), _("Money at the finish")]
    return Grid([*head, _("Against doing nothing")], rows)


def _measures(words: ToldPaper) -> Grid:
    head = [_("Measure"), *(one.name for one in words.options), _("Nothing: live with it")]
    return Grid(
        head,
        [
            [one.name, *(_cell(option) for option in one.options), one.without.amount]
            for one in words.measures
        ],
    )


def _cell(one: ToldForecast) -> str:
    pace = _("expected: %(pace)s") % {"pace": one.pace} if one.pace else ""
    return "\n".join(line for line in (one.amount, pace, one.target) if line)


def _questions(paper: DecisionPaper, view: PaperView) -> Iterable[Part]:
    if not view.questions:
        return
    yield Heading(_("Questions"))
    for one in view.questions:
        who = f"{one.asked_by}: " if one.asked_by else ""
        yield Words(f"{who}{one.text}", strong=True)
        yield Words(_answer(paper, one))


def _answer(paper: DecisionPaper, one: PaperQuestion) -> str:
    if not one.answer or one.answered_at is None:
        return _("Not answered yet.")
    day = current().day_and_year(one.answered_at.astimezone(paper.customer.zone).date())
    who = f"{one.answered_by}, " if one.answered_by else ""
    return f"{who}{day}: {one.answer}"
