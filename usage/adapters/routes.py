"""Every address client libraries send to, and what is spoken there."""

from __future__ import annotations

from collections.abc import Mapping

from usage.adapters import amplitude, mixpanel, posthog, segment
from usage.adapters.bodies import read_object
from usage.adapters.requests import Asked, Form, Opened, Refusal, Reply


def _is_amplitude(body: Mapping[str, object]) -> bool:
    """Two libraries send batches to one address: one calls its list “events”, the other “batch”."""
    return "events" in body and "batch" not in body


def _open_batch(asked: Asked) -> Opened:
    if asked.body.lstrip().startswith(b"{"):
        body = read_object(asked.body)
        if _is_amplitude(body):
            return amplitude.open_body(asked, body)
    return posthog.EVENTS.open(asked)


def _refuse_batch(refusal: Refusal, asked: Asked) -> Reply:
    # An answer for either of them: each finds the words it looks for.
    if b'"events"' in asked.body and b'"batch"' not in asked.body:
        return amplitude.refuse(refusal, asked)
    return posthog.refuse(refusal, asked)


# Without slashes at either end; each is answered with and without one.
ROUTES: Mapping[str, Form] = {
    **segment.ROUTES,
    **posthog.ROUTES,
    **mixpanel.ROUTES,
    **amplitude.ROUTES,
    "batch": Form(_open_batch, _refuse_batch),
}
