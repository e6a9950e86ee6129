"""What tests say, as the API gives it."""

from typing import Any

from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers

from metrics.narrative.learning import group_hints, learning_details, learning_finding
from metrics.queries import (
    GroupStanding,
    LearningView,
)
from rendering.translation import translated


class LearningTestSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    minimum = serializers.FloatField(help_text=_lazy("The score after training that is enough."))
    highest = serializers.FloatField()


class LearningGroupSerializer(serializers.Serializer[Any]):
    """A group against the standard. Shares are 0 to 1, what is not known is null."""

    group = serializers.UUIDField()
    name = serializers.CharField()
    people = serializers.IntegerField(
        allow_null=True, help_text=_lazy("With both tests, or behind the score of a group.")
    )
    left_out = serializers.IntegerField(help_text=_lazy("With one test only."))
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    gain = serializers.FloatField(allow_null=True)
    normalised_gain = serializers.FloatField(
        allow_null=True, help_text=_lazy("Of what could still be learnt, the part that was.")
    )
    gap = serializers.FloatField(allow_null=True, help_text=_lazy("Short of the standard."))
    met_before = serializers.BooleanField()
    share_of_resources = serializers.FloatField(allow_null=True)
    share_with_access = serializers.FloatField(allow_null=True)
    barriers = serializers.ListField(child=serializers.UUIDField())
    open_packages = serializers.IntegerField()
    hints = serializers.ListField(
        child=serializers.CharField(), help_text=_lazy("What stands beside a low score, in words.")
    )


class BelowSerializer(serializers.Serializer[Any]):
    external_id = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField()
    gap = serializers.FloatField()
    has_access = serializers.BooleanField()
    is_proficient = serializers.BooleanField()


class LearningSerializer(serializers.Serializer[Any]):
    """What a test says. `below` names people for those who may see single scores; `hidden` are
    groups too small to be told of to others."""

    test = LearningTestSerializer()
    finding = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    groups = LearningGroupSerializer(many=True)
    hidden = serializers.ListField(child=serializers.CharField())
    people_passing = serializers.IntegerField()
    people_tested = serializers.IntegerField()
    people_untested = serializers.IntegerField()
    below = BelowSerializer(many=True)


def learning_of(view: LearningView) -> dict[str, Any]:
    """What a test says, with the figures and words of its page."""
    return {
        "test": view.test,
        "finding": translated(learning_finding(view.found)),
        "details": [translated(text) for text in learning_details(view.found)],
        "groups": [_group(one) for one in view.standings],
        "hidden": view.hidden,
        "people_passing": view.people.count,
        "people_tested": view.people.among,
        "people_untested": view.people.untested,
        "below": view.below,
    }


def _group(one: GroupStanding) -> dict[str, Any]:
    result, group = one.result, one.result.group
    return {
        "group": one.group_id,
        "name": group.name,
        "people": group.n,
        "left_out": one.left_out,
        "before": group.before,
        "after": group.after,
        "gain": result.gain,
        "normalised_gain": result.normalised_gain,
        "gap": result.gap,
        "met_before": result.met_before,
        "share_of_resources": group.effort,
        "share_with_access": group.access,
        "barriers": [row.id for row in one.barriers],
        "open_packages": one.open_packages,
        "hints": [translated(text) for text in group_hints(result)] if result.is_below else [],
    }
