"""Papers that let somebody decide: what is known, what can be done, and what was decided."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from engagements.models.money import amount_field
from metrics.papers import MeasureChange, Outcome, change_from_json
from tenancy.fields import TenantForeignKey


class DecisionPaper(CustomerModel):
    """A question with facts, their reading and options. A draft is ours; once sent it is shared
    with the customer's side and stays as it was sent: `facts` and `without` are kept then, in the
    forms of `metrics.papers`.
    """

    OUTCOMES: ClassVar = [
        (Outcome.APPROVED.value, _("Approved")),
        (Outcome.LIVE_WITH_IT.value, _("Live with it")),
        (Outcome.ALTERNATIVE.value, _("A third way")),
    ]

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="papers", db_index=False
    )
    question = models.CharField(
        _("what is to be decided"),
        max_length=200,
        help_text=_("As a question with its amount and day: a second coach until 4 December?"),
    )
    interpretation = models.TextField(
        _("what the facts mean"),
        max_length=2000,
        help_text=_("Why things stand as they do, and what follows if nothing is done."),
    )
    decide_by = models.DateField(_("to be decided by"), null=True, blank=True)
    shared = models.BooleanField(default=False, editable=False)
    facts = models.JSONField(default=list, editable=False)
    without = models.JSONField(default=dict, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True, editable=False)
    # An option of its own; its row points here, so this is no key of the database.
    chosen_id = models.UUIDField(null=True, editable=False)
    # Who decided at the customer, in words: not everybody who decides has a place here.
    decided_by = models.CharField(max_length=120, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    note = models.TextField(max_length=1000, blank=True, editable=False)
    # What the decision is held to later: the forecast of what was decided.
    expected = models.JSONField(default=dict, editable=False)
    # What was done for it, by id, so that it can be taken back: {"change": …, "line": …,
    # "agreements": {measure: [agreement, the one before]}}.
    done = models.JSONField(default=dict, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "engagement"], name="papers_of_engagement"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_decided(self) -> bool:
        return bool(self.outcome)


class PaperOption(CustomerModel):
    """Something that can be done. The first one is recommended.

    What it does to the plan is tried on a what-if, named by its id: the copy goes when it is taken
    over. `forecast` is kept when the paper is sent.
    """

    paper = TenantForeignKey(
        DecisionPaper, on_delete=models.CASCADE, related_name="options", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    name = models.CharField(_("option"), max_length=120)
    justification = models.TextField(
        _("why it would work"), max_length=1000, help_text=_("What makes you expect it to work.")
    )
    source = models.CharField(
        _("where that comes from"),
        max_length=200,
        blank=True,
        help_text=_("Such as another engagement, a figure, or somebody's experience."),
    )
    money = amount_field(_("what it costs"))
    work_days = models.FloatField(
        _("days of work"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(10_000)],
    )
    resources = models.CharField(_("people and things it needs"), max_length=200, blank=True)
    what_if_id = models.UUIDField(null=True, blank=True, editable=False)
    what_if_name = models.CharField(max_length=200, blank=True, editable=False)
    shared = models.BooleanField(default=False, editable=False)
    forecast = models.JSONField(default=dict, editable=False)
    # What it does to measures, in the form of `metrics.papers`; named by their ids as the what-if.
    measures = models.JSONField(default=list, editable=False)
    # The change of the plan that would do again what a decision had done that was taken back.
    redo_id = models.UUIDField(null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta(CustomerModel.Meta):
        ordering = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "paper"], name="options_of_paper")]

    def __str__(self) -> str:
        return self.name

    @property
    def changes(self) -> tuple[MeasureChange, ...]:
        return tuple(change_from_json(one) for one in self.measures)


class PaperQuestion(CustomerModel):
    """A question about a paper that was sent, with its answer. It stays with the paper."""

    paper = TenantForeignKey(
        DecisionPaper, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    text = models.TextField(_("question"), max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["asked_at", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "paper"], name="questions_of_paper")]

    def __str__(self) -> str:
        return self.text
