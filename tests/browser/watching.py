"""What a page may never do unnoticed: log an error, throw, break the policy, fail to load."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

# The policy's own event, because not every refusal reaches the console.
TELL_OF_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.effectiveDirective} refused ${event.blockedURI} in ${location}`);
});
"""
LOUD = {"error", "warning"}
FAILED_LOAD = "Failed to load resource"


@dataclass
class Watch:
    """Listens to every page of a context."""

    faults: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    @classmethod
    def on(cls, context: BrowserContext) -> "Watch":
        watch = cls()
        context.add_init_script(TELL_OF_REFUSALS)
        context.on("console", watch._console)
        context.on("weberror", watch._error)
        context.on("response", watch._response)
        return watch

    def taken(self) -> list[str]:
        """What went wrong since it was last asked, of a context that goes on."""
        faults, self.faults = self.faults, []
        self.expected.clear()
        return faults

    def expect_failure(self, address: str) -> None:
        """This one address answers with an error, and is meant to."""
        self.expected.add(urlsplit(address).path)

    def _console(self, message: ConsoleMessage) -> None:
        # A failed load is told with its status by the response.
        if message.type in LOUD and not message.text.startswith(FAILED_LOAD):
            self.faults.append(f"{message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"thrown: {error.error}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and urlsplit(response.url).path not in self.expected:
            self.faults.append(f"{response.status}: {response.url}")
