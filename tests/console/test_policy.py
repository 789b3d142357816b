"""Does the browser hold the page to what its content security policy says?"""

import re
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.console.browser import Person, built, served
from tests.console.built_files import got, script
from tests.keys import write_keys
from tests.proxies import nginx_program, proxied

FETCH = """async (address) => {
  try { await fetch(address); return "answered"; } catch { return "refused"; }
}"""
INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.body.append(script);
  return window.ran === true;
}"""
PICTURE = """(address) => new Promise((tell) => {
  const picture = new Image();
  picture.onload = () => tell("shown");
  picture.onerror = () => tell("refused");
  picture.src = address;
})"""
FRAME = """(address) => new Promise((tell) => {
  const frame = document.createElement("iframe");
  frame.onload = () => tell(frame.contentDocument === null ? "refused" : "shown");
  frame.src = address;
  document.body.append(frame);
})"""


@pytest.fixture
def hostile(chromium_browser: Browser, demo: str) -> Iterator[Person]:
    """A page whose scripts try what they may not; its complaints are what is wanted."""
    context = chromium_browser.new_context()
    person = Person.before(context.new_page(), demo)
    person.page.goto(demo, wait_until="domcontentloaded")
    yield person
    context.close()


def refusals(person: Person) -> int:
    return sum("Content Security Policy" in each for each in person.complaints)


def test_no_script_of_the_page_reaches_another_server(hostile: Person, tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    other = {"TENURE_KEYS": str(keys), "TENURE_CORS_ORIGINS": "*"}
    with served(tmp_path, "serve", **other) as elsewhere:  # it would answer every page
        assert hostile.page.evaluate(FETCH, f"{elsewhere}/healthz") == "refused"
        assert hostile.page.evaluate(PICTURE, f"{elsewhere}/console/x.svg") == "refused"
        assert refusals(hostile) >= 2
        assert got(elsewhere, "GET", "/healthz", {})[1].status == 200
    assert hostile.page.evaluate(FETCH, f"{hostile.address}/healthz") == "answered"


def test_no_script_runs_that_did_not_come_with_the_page(hostile: Person) -> None:
    assert hostile.page.evaluate(INLINE) is False
    assert refusals(hostile) >= 1


def test_no_other_page_shows_this_one_within_a_frame(hostile: Person) -> None:
    page = hostile.page
    page.goto(f"{hostile.address}/healthz")  # a page without a policy
    assert page.evaluate(FRAME, f"{hostile.address}/") == "refused"
    assert page.evaluate(FRAME, f"{hostile.address}/readyz") == "shown"


def test_a_style_of_the_settings_opens_the_policy_to_its_server_alone(tmp_path: Path) -> None:
    built()
    style = "https://maps.example.org:8443/style.json?key=a,b;c"
    with served(tmp_path, "serve", TENURE_MAP_STYLE=style) as address:
        page, answer = got(address, "GET", "/", {})
        policy = answer.getheader("Content-Security-Policy", "")
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives["connect-src"] == "'self' https://maps.example.org:8443"
    assert directives["script-src"] == "'self'"
    assert f'"mapStyle":"{style}"' in page.decode()


def test_the_page_comes_through_a_proxy_as_it_is(tmp_path: Path) -> None:
    program = nginx_program()
    built()
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    (tmp_path / "proxy").mkdir()
    settings = {"TENURE_KEYS": str(keys), "TENURE_READ": "anybody"}
    gzip = {"Accept-Encoding": "gzip"}
    with (
        served(tmp_path, "serve", **settings) as behind,
        proxied(program, tmp_path / "proxy", behind) as before,
    ):
        for path in ("/", f"/console/{script().name}"):
            here, there = got(before, "GET", path, gzip), got(behind, "GET", path, gzip)
            assert here[0] == there[0]
            assert headers(here[1]) == headers(there[1])
            known = {"If-None-Match": there[1].getheader("ETag", "")}
            assert got(before, "GET", path, {**gzip, **known})[1].status == 304
            assert got(before, "HEAD", path, gzip)[1].status == 200
        kept = got(before, "GET", f"/console/{script().name}", gzip)[1]
        assert kept.getheader("Tenure-Cache") == "HIT"


def headers(answer: HTTPResponse) -> dict[str, str]:
    hop = {"Connection", "Date", "Server", "Tenure-Cache", "Transfer-Encoding"}
    return {name.lower(): value for name, value in answer.getheaders() if name.title() not in hop}


def test_several_workers_serve_one_page(tmp_path: Path) -> None:
    built()
    with served(tmp_path, "serve", "--workers", "2") as address:
        pages = {got(address, "GET", "/", {})[0] for _ in range(12)}
        (page,) = pages
        (script,) = re.findall(rb'src="(/console/[^"]*\.js)"', page)
        told = {got(address, "GET", script.decode(), {})[1].getheader("ETag") for _ in range(12)}
        assert len(told) == 1
