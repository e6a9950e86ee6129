"""What scores before and after training say: who needs attention, and perhaps why."""

from collections.abc import Iterable

from metrics.learning import GroupResult, Hint, Learning, Level, Matched, Passing
from metrics.narrative.words import say_list, say_number, say_share, say_signed
from rendering.sentences import Sentence, sentence

LEVELS = {
    Level.REACTION: sentence("reaction: what people thought of it"),
    Level.LEARNING: sentence("learning: what they can now"),
    Level.BEHAVIOUR: sentence("behaviour: what they do at work"),
    Level.RESULTS: sentence("results: what it brought"),
}


def say_score(score: float) -> str:
    """A score, with its decimal only where it has one: 56, 56.5."""
    return say_number(score, 0 if score == int(score) else 1)


def learning_finding(found: Learning) -> Sentence:
    """The title of the chart: which groups are below the standard, by how much."""
    below, minimum = found.below, say_score(found.minimum)
    if not found.passing.among:
        return sentence("No group has been tested after training yet")
    if not below:
        return _all_pass(found.passing, minimum)
    if len(below) == 1:
        return _one_below(below[0], found.passing, minimum)
    names = say_list([result.group.name for result in below])
    worst = below[0]
    return sentence(
        "%(names)s are below the standard of %(minimum)s, %(worst)s by most: %(gap)s short",
        names=names,
        minimum=minimum,
        worst=worst.group.name,
        gap=say_score(worst.gap or 0),
    )


def _all_pass(passing: Passing, minimum: str) -> Sentence:
    if passing.untested:
        return sentence(
            "Every group tested so far reaches the standard of %(minimum)s; still to be tested: "
            "%(rest)s",
            minimum=minimum,
            rest=passing.untested,
        )
    return sentence("Every group reaches the standard of %(minimum)s", minimum=minimum)


def _one_below(result: GroupResult, passing: Passing, minimum: str) -> Sentence:
    facts = {"name": result.group.name, "minimum": minimum, "gap": say_score(result.gap or 0)}
    if passing.among > 1:
        return sentence(
            "Only %(name)s is below the standard of %(minimum)s: %(gap)s short", **facts
        )
    return sentence("%(name)s is below the standard of %(minimum)s: %(gap)s short", **facts)


def learning_details(found: Learning) -> tuple[Sentence, ...]:
    """Further sentences: each group below with its hints, who met the standard before."""
    said = [text for result in found.below for text in group_hints(result)]
    early = [result.group.name for result in found.met_before]
    if len(early) == 1:
        said.append(sentence("%(name)s met the standard before training already.", name=early[0]))
    elif early:
        names = say_list(early)
        said.append(sentence("%(names)s met the standard before training already.", names=names))
    return tuple(said)


def group_hints(result: GroupResult) -> tuple[Sentence, ...]:
    """What stands beside a score below the standard. Facts in order, never a proven cause."""
    if result.group.is_small:
        return (
            sentence(
                "Too few people of %(name)s took both tests (%(n)s) to say why.",
                name=result.group.name,
                n=result.group.n or 0,
            ),
        )
    return tuple(_hints(result))


def _hints(result: GroupResult) -> Iterable[Sentence]:
    for hint in result.hints:
        if hint is Hint.LOW_START:
            yield _say_start(result)
        elif hint is Hint.LOW_GAIN:
            yield _say_gain(result)
        elif hint is Hint.LOW_EFFORT:
            yield _say_effort(result)
        elif hint is Hint.LOW_ACCESS:
            access = say_share(result.group.access or 0)
            yield sentence(
                "%(share)s of the people in %(name)s have access.",
                name=result.group.name,
                share=access,
            )
        else:
            yield sentence(
                "In the way of %(name)s: %(barriers)s.",
                name=result.group.name,
                barriers=say_list(result.group.barriers),
            )


def _say_start(result: GroupResult) -> Sentence:
    facts = {
        "name": result.group.name,
        "before": say_score(result.group.before or 0),
        "gain": say_signed(result.gain or 0, 0 if (result.gain or 0) % 1 == 0 else 1),
    }
    weak = Hint.LOW_GAIN in result.hints
    if result.starts_lowest and not weak:
        return sentence(
            "%(name)s started lowest, at %(before)s, and gained %(gain)s: the gap comes from the "
            "start more than from the training.",
            **facts,
        )
    if result.starts_lowest:
        return sentence("%(name)s started lowest, at %(before)s, and gained %(gain)s.", **facts)
    return sentence(
        "%(name)s started lower than most, at %(before)s, and gained %(gain)s.", **facts
    )


def _say_gain(result: GroupResult) -> Sentence:
    return sentence(
        "%(name)s gained less than most: %(share)s of what was left to learn.",
        name=result.group.name,
        share=say_share(result.normalised_gain or 0),
    )


def _say_effort(result: GroupResult) -> Sentence:
    facts = {"name": result.group.name, "share": say_share(result.group.effort or 0)}
    if result.passed_with_less:
        return sentence(
            "%(name)s had %(share)s of the resources; %(others)s passed with no more.",
            others=say_list(result.passed_with_less),
            **facts,
        )
    return sentence("%(name)s had %(share)s of the resources.", **facts)


def say_reason(result: GroupResult) -> str:
    """The first hint in a few words, for a label beside a score; empty without one."""
    if not result.hints:
        return ""
    first = result.hints[0]
    if first is Hint.LOW_START:
        before = say_score(result.group.before or 0)
        if result.starts_lowest:
            return sentence("started lowest, at %(before)s", before=before)
        return sentence("started low, at %(before)s", before=before)
    if first is Hint.LOW_GAIN:
        gain = say_share(result.normalised_gain or 0)
        return sentence("learnt %(share)s of the rest", share=gain)
    if first is Hint.LOW_EFFORT:
        return sentence("%(share)s of the resources", share=say_share(result.group.effort or 0))
    if first is Hint.LOW_ACCESS:
        return sentence("%(share)s have access", share=say_share(result.group.access or 0))
    return sentence("barrier: %(barrier)s", barrier=result.group.barriers[0])


def say_matched(found: Matched) -> Sentence:
    """Whom means compare: people with both tests, and who is left out."""
    left_out = found.only_before + found.only_after
    if left_out:
        return sentence(
            "People with both tests: %(n)s. Left out, with one test only: %(rest)s.",
            n=found.n,
            rest=left_out,
        )
    return sentence("People with both tests: %(n)s, all of them.", n=found.n)
