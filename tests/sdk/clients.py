"""Runs in the environment of this folder: the Python libraries, pointed at a host and used.

`python clients.py <host> <keys as JSON>` prints what went wrong, by library.
"""

import json
import logging
import sys
import threading
from collections.abc import Callable

import amplitude
import mixpanel
import posthog
from rudderstack.analytics.client import Client as RudderStack
from segment.analytics.client import Client as Segment

EVENT, FEATURE = "Report Exported", {"feature": "reports"}
Faults = list[str]


def segment(host: str, key: str, user: str, faults: Faults) -> None:
    client = Segment(key, host=host, gzip=True, upload_interval=0.1, on_error=note(faults))
    client.identify(user, {"email": f"{user}@acme.example"})
    client.group(user, "acme", {"name": "Acme"})
    client.track(user, EVENT, FEATURE)
    client.page(user, "Docs", "Home")
    client.alias("anonymous", user)
    client.flush()
    client.join()


def rudder(host: str, key: str, user: str, faults: Faults) -> None:
    client = RudderStack(key, host=host, upload_interval=0.1, on_error=note(faults))
    client.identify(user, {"email": f"{user}@acme.example"})
    client.group(user, "acme", {"name": "Acme"})
    client.track(user, EVENT, FEATURE)
    client.screen(user, "App", "Home")
    client.flush()
    client.join()


def post_hog(host: str, key: str, user: str, faults: Faults) -> None:
    client = posthog.Posthog(key, host=host, flush_interval=0.1, on_error=note(faults))
    groups = {"company": "acme"}
    client.group_identify("company", "acme", {"name": "Acme"})
    client.set(distinct_id=user, properties={"email": f"{user}@acme.example"})
    client.capture(EVENT, distinct_id=user, properties=FEATURE, groups=groups)
    if client.get_all_flags(user, groups=groups):
        faults.append("there should be no switches")
    client.shutdown()


def post_hog_bearer(host: str, key: str, user: str, faults: Faults) -> None:
    client = posthog.Posthog(
        key, host=host, flush_interval=0.1, on_error=note(faults), capture_mode="v1"
    )
    client.capture(EVENT, distinct_id=user, properties=FEATURE, groups={"company": "acme"})
    client.shutdown()


def mix_panel(host: str, key: str, user: str, faults: Faults) -> None:
    urls = {
        f"{name}_url": f"{host}/{path}"
        for name, path in (("events", "track"), ("people", "engage"), ("groups", "groups"))
    }
    consumer = mixpanel.Consumer(**urls, import_url=f"{host}/import")
    client = mixpanel.Mixpanel(key, consumer=consumer)
    try:
        client.track(user, EVENT, {**FEATURE, "company": "acme"})
        client.people_set(user, {"$email": f"{user}@acme.example"})
        client.group_set("company", "acme", {"name": "Acme"})
        old = {"company": "acme", "feature": "imports"}
        client.import_data(None, user, "Old Report", 1_760_000_000, old, api_secret=key)
    except mixpanel.MixpanelException as fault:
        faults.append(repr(fault))


def ampli_tude(host: str, key: str, user: str, faults: Faults) -> None:
    over = threading.Semaphore(0)

    def answered(_event: object, code: int, message: str) -> None:
        if code != 200:
            faults.append(f"{code} {message}")
        over.release()

    server = f"{host}/2/httpapi"
    config = amplitude.Config(server_url=server, callback=answered, flush_interval_millis=100)
    client = amplitude.Amplitude(key, config)
    person = amplitude.EventOptions(user_id=user)
    client.identify(amplitude.Identify().set("email", f"{user}@acme.example"), person)
    groups = {"company": "acme"}
    client.track(amplitude.BaseEvent(EVENT, user_id=user, event_properties=FEATURE, groups=groups))
    client.flush()
    for _event in range(2):
        over.acquire(timeout=15)
    client.shutdown()


def note(faults: Faults) -> Callable[..., None]:
    return lambda *words: faults.append(" ".join(map(repr, words[:1])))


LIBRARIES = {
    "segment-python": segment,
    "rudder-python": rudder,
    "posthog-python": post_hog,
    "posthog-python-v1": post_hog_bearer,
    "mixpanel-python": mix_panel,
    "amplitude-python": ampli_tude,
}


def main(host: str, keys: dict[str, str]) -> None:
    logging.disable(logging.CRITICAL)
    faults: dict[str, Faults] = {name: [] for name in LIBRARIES}
    threads = [
        threading.Thread(target=use, args=(host, keys[name], name, faults[name]))
        for name, use in LIBRARIES.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(25)
    for name, thread in zip(LIBRARIES, threads, strict=True):
        if thread.is_alive():
            faults[name].append("did not come to an end")
    print(json.dumps(faults), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
