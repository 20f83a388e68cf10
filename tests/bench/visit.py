"""The first visit, by a real browser: bytes over the wire and requests."""

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Request, sync_playwright

from tests.bench import servers
from tests.bench.rows import Row, row
from tests.bench.servers import OURS, REFERENCE, Filled
from tests.browser.install import ARGUMENTS, system_chromium

BYTES_LIMIT, MORE_REQUESTS = 0.4, 8
_READY = "[data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
_QUIET_SECONDS = 1.0


@dataclass
class Visit:
    """What one visit with an empty cache asked for; ``bytes`` with headers, as received."""

    requests: int = 0
    bytes: float = 0
    last: float = 0

    def asked(self, _request: Request) -> None:
        self.requests += 1
        self.last = time.monotonic()

    def received(self, event: dict[str, float]) -> None:
        self.bytes += event["encodedDataLength"]
        self.last = time.monotonic()


def first_visit(folder: Path, filled: Filled) -> list[Row]:
    """Sign-in and the home screen of ours beside a plain ``streamlit run`` of the reference."""
    with (
        servers.running(OURS, folder, database=filled.database) as ours,
        servers.running(REFERENCE, folder, plain=True) as plain,
    ):
        base, entrance = _visit(plain.url), _visit(ours.url)
        home = _visit(ours.url, filled.cookie)
    most = (base.requests + MORE_REQUESTS) / base.requests
    found = []
    for name, own in (("sign-in", entrance), ("home", home)):
        data = [base.bytes / 1e6], [own.bytes / 1e6]
        found.append(row(f"first visit, {name}, data", *data, BYTES_LIMIT, "MB"))
        requests = [float(base.requests)], [float(own.requests)]
        found.append(row(f"first visit, {name}, requests", *requests, most, "requests"))
    return found


def _visit(url: str, cookie: str = "") -> Visit:
    found = Visit()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        context = browser.new_context()
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
        page: Page = context.new_page()
        client: CDPSession = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.on("Network.loadingFinished", found.received)
        page.on("request", found.asked)
        page.goto(url)
        page.locator(_READY).first.wait_for(state="attached", timeout=60_000)
        while time.monotonic() - found.last < _QUIET_SECONDS:
            page.wait_for_timeout(100)
        browser.close()
    return found
