"""The texts of the snippets: @HOST@ stands for the host, @KEY@ for the write key."""

from __future__ import annotations

EVENT, USER, GROUP, FEATURE = "Report Exported", "ann", "acme", "Reports"

CURL = """
curl @HOST@/v1/track -u @KEY@: -d '{
  "event": "Report Exported",
  "userId": "ann",
  "context": {"groupId": "acme"},
  "properties": {"feature": "Reports"}
}'
"""
SEGMENT_PYTHON = """
from segment.analytics.client import Client

client = Client("@KEY@", host="@HOST@")
client.track(
    "ann", "Report Exported", {"feature": "Reports"}, context={"groupId": "acme"}
)
client.flush()
"""
SEGMENT_NODE = """
const { Analytics } = require("@segment/analytics-node");

const analytics = new Analytics({ writeKey: "@KEY@", host: "@HOST@" });
analytics.track({
  userId: "ann",
  event: "Report Exported",
  properties: { feature: "Reports" },
  context: { groupId: "acme" },
});
analytics.closeAndFlush();
"""
SEGMENT_BROWSER = """
import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({ writeKey: "@KEY@", cdnURL: "@HOST@" });
analytics.identify("ann");
analytics.group("acme");
analytics.track("Report Exported", { feature: "Reports" });
"""
RUDDER_PYTHON = """
import rudderstack.analytics as rudder

rudder.write_key = "@KEY@"
rudder.dataPlaneUrl = "@HOST@"
rudder.track(
    "ann", "Report Exported", {"feature": "Reports"}, context={"groupId": "acme"}
)
rudder.flush()
"""
RUDDER_NODE = """
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");

const client = new RudderAnalytics("@KEY@", { dataPlaneUrl: "@HOST@" });
client.track({
  userId: "ann",
  event: "Report Exported",
  properties: { feature: "Reports" },
  context: { groupId: "acme" },
});
client.flush();
"""
POSTHOG_PYTHON = """
from posthog import Posthog

client = Posthog("@KEY@", host="@HOST@")
client.capture(
    "Report Exported",
    distinct_id="ann",
    properties={"feature": "Reports"},
    groups={"company": "acme"},
)
client.shutdown()
"""
POSTHOG_BROWSER = """
import posthog from "posthog-js";

posthog.init("@KEY@", { api_host: "@HOST@" });
posthog.identify("ann");
posthog.group("company", "acme");
posthog.capture("Report Exported", { feature: "Reports" });
"""
MIXPANEL_PYTHON = """
from mixpanel import Consumer, Mixpanel

consumer = Consumer(
    events_url="@HOST@/track",
    people_url="@HOST@/engage",
    groups_url="@HOST@/groups",
    import_url="@HOST@/import",
)
client = Mixpanel("@KEY@", consumer=consumer)
client.track("ann", "Report Exported", {"feature": "Reports", "company": "acme"})
"""
AMPLITUDE_PYTHON = """
from amplitude import Amplitude, BaseEvent, Config

client = Amplitude("@KEY@", Config(server_url="@HOST@/2/httpapi"))
client.track(
    BaseEvent(
        "Report Exported",
        user_id="ann",
        event_properties={"feature": "Reports"},
        groups={"company": "acme"},
    )
)
client.shutdown()
"""

# key, title, language, what gets it, the code
SNIPPETS: tuple[tuple[str, str, str, str, str], ...] = (
    ("curl", "curl", "Shell", "", CURL),
    (
        "segment-browser",
        "Segment, browser",
        "JavaScript",
        "npm install @segment/analytics-next",
        SEGMENT_BROWSER,
    ),
    (
        "segment-python",
        "Segment, Python",
        "Python",
        "pip install segment-analytics-python",
        SEGMENT_PYTHON,
    ),
    (
        "segment-node",
        "Segment, Node",
        "JavaScript",
        "npm install @segment/analytics-node",
        SEGMENT_NODE,
    ),
    (
        "rudder-python",
        "RudderStack, Python",
        "Python",
        "pip install rudder-sdk-python",
        RUDDER_PYTHON,
    ),
    (
        "rudder-node",
        "RudderStack, Node",
        "JavaScript",
        "npm install @rudderstack/rudder-sdk-node",
        RUDDER_NODE,
    ),
    (
        "posthog-browser",
        "PostHog, browser",
        "JavaScript",
        "npm install posthog-js",
        POSTHOG_BROWSER,
    ),
    ("posthog-python", "PostHog, Python", "Python", "pip install posthog", POSTHOG_PYTHON),
    ("mixpanel-python", "Mixpanel, Python", "Python", "pip install mixpanel", MIXPANEL_PYTHON),
    (
        "amplitude-python",
        "Amplitude, Python",
        "Python",
        "pip install amplitude-analytics",
        AMPLITUDE_PYTHON,
    ),
)
