"""A decision that was asked for, with an option and a question, for the isolation crawl."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from engagements.models import Engagement
from metrics import operations, queries
from people.models import User

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_papers(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    paper = operations.write_paper(
        engagement=engagement,
        fields={"question": f"{word} coach?", "interpretation": f"{word} habit"},
        by=by,
    )
    option = operations.write_option(
        paper=paper,
        fields={"name": f"{word} option", "justification": f"{word} why", "money": Decimal(9)},
    )
    found = queries.get_papers().get(pk=paper.pk)
    value = queries.get_paper_view(paper=found, today=NOW.date()).value
    operations.send_paper(paper=found, value=value, by=by, now=NOW)
    question = operations.ask_paper(paper=found, text=f"{word} who?", by=by, now=NOW)
    return {
        "paper_id": paper.pk,
        "paper_option_id": option.pk,
        "paper_question_id": question.pk,
    }
