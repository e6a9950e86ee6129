"""The mails that ask people to answer a survey. Whoever gets one need not know AdoptIQ."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Survey, SurveyQuestion
from engagements.operations import DueLetter
from notifications.letters import is_nobodys
from people.letters import Words
from rendering.formats import using
from tenancy.models import Tenant

# What a person reads and answers in a minute, seldom less.
SECONDS_A_QUESTION = 12


def send_survey_letter(due: DueLetter, *, tenant: Tenant) -> None:
    """Send as text and as simple HTML. Raises OSError or SMTPException when mail is away.

    Nothing leaves for domains where nobody can have a mailbox, such as those of the demo.
    """
    if is_nobodys(due.invitee.email):
        return
    url = f"{settings.PUBLIC_URL}{reverse('answer', args=[due.link.text])}"
    stop = f"{settings.PUBLIC_URL}{reverse('stop_asking', args=[due.link.text])}"
    with using(tenant.locale):
        words = survey_words(due, tenant=tenant, url=url, stop=stop)
    message = EmailMultiAlternatives(
        " ".join(words.subject.split()),
        words.as_text(settings.PUBLIC_URL),
        to=[due.invitee.email],
        headers={
            # A button of the mail program, which asks for the address by POST.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    html = render_to_string("people/letter.html", {"words": words, "place": settings.PUBLIC_URL})
    message.attach_alternative(html, "text/html")
    message.send()


def survey_words(due: DueLetter, *, tenant: Tenant, url: str, stop: str) -> Words:
    survey = due.invitee.survey
    who = str(survey.owner) if survey.owner else tenant.name
    names = {"who": who, "workspace": tenant.name, "title": survey.title}
    asked = _("%(who)s of %(workspace)s asks for your answers.") % names
    if due.reminder:
        asked = _("A few days ago %(who)s of %(workspace)s asked for your answers.") % names
    subject = _("Reminder: %(title)s") if due.reminder else "%(title)s"
    return Words(
        subject % names,
        tuple(line for line in (asked, survey.intro, _effort(survey), _promise(survey)) if line),
        url,
        _("Answer"),
        _("Would you rather not be asked again? %(stop)s") % {"stop": stop},
    )


def _effort(survey: Survey) -> str:
    count = SurveyQuestion.objects.filter(survey=survey, removed_at=None).count()
    minutes = max(1, round(count * SECONDS_A_QUESTION / 60))
    questions = ngettext("One question", "%(n)s questions", count) % {"n": count}
    time = ngettext("about a minute", "about %(n)s minutes", minutes) % {"n": minutes}
    return _("%(questions)s, %(time)s. You need no account.") % {
        "questions": questions,
        "time": time,
    }


def _promise(survey: Survey) -> str:
    if survey.anonymous:
        return _("It is anonymous: nothing is kept that leads from an answer to you.")
    return _("Your answers are kept with your name; those who run the project read them.")
