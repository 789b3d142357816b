"""Can a person check an event in the browser, and does a check fail at the step that is wrong?"""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Browser, Route, expect

from infra.log.key_files import write_signer_key
from infra.log.signed_notes import KeyType, SignerKey
from tests.console.browser import CALM, Person, built
from tests.console.check_servers import OTHERWISE, TOWN, signed, unsigned
from tests.logs import SIGNER, WITNESS

OTHER = SignerKey(SIGNER.name, KeyType.NOTE, bytes(32))
"""Another key under the same name."""

STEPS = {
    "checkpoint": "The checkpoint",
    "signature": "Its signature",
    "entry": "The entry",
    "inclusion": "The entry is in the log",
    "content": "The entry says what the page says",
    "memory": "Nothing you saw before was rewritten",
    "witnesses": "Witnesses saw the same log",
}
TOLD = "passed, with the key that the server itself told"
Opening = Callable[[str], Person]
EXPECTED = re.compile(
    "Failed to load resource|The Cross-Origin-Opener-Policy header has been ignored"
)
"""What the browser itself complains of where the network refuses, or is not safe."""


@pytest.fixture
def before(chromium_browser: Browser) -> Iterator[Opening]:
    """Somebody before a fresh page of the server at an address."""
    with ExitStack() as stack:
        people = []

        def somebody(address: str) -> Person:
            context = chromium_browser.new_context(locale="en-GB", timezone_id="UTC")
            stack.callback(context.close)
            people.append(Person.before(context.new_page(), address))
            return people[-1]

        yield somebody
        complaints = [each for person in people for each in person.complaints]
        assert [each for each in complaints if not EXPECTED.match(each)] == []


@pytest.fixture(scope="module")
def first_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key that has signed nothing yet."""
    folder: Path = tmp_path_factory.mktemp("key")
    write_signer_key(folder / "log.key", SIGNER)
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, first_key: Path) -> Iterator[str]:
    """A server with a log that a witness has cosigned."""
    built()
    with signed(tmp_path_factory.mktemp("log"), TOWN, key=first_key) as address:
        yield address


@pytest.fixture(scope="module")
def opened(chromium_browser: Browser, log: str) -> Iterator[Person]:
    with chromium_browser.new_context(locale="en-GB", timezone_id="UTC") as context:
        person = Person.before(context.new_page(), log)
        checks(person)
        yield person


@pytest.fixture
def reader(opened: Person) -> Iterator[Person]:
    """Somebody who has the check of an event open, in a browser that remembers nothing."""
    opened.evaluates("localStorage.clear()")
    yield opened
    opened.page.unroute_all()


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory, first_key: Path) -> Iterator[str]:
    """A server with another history, signed with the same key."""
    folder = tmp_path_factory.mktemp("rewritten")
    with signed(folder, OTHERWISE, TOWN, key=first_key) as address:
        yield address


def kidals_event(address: str) -> str:
    query = '{ control(location: "kidal", at: "2023-11-20") { evidence { eventId } } }'
    event: str = asked(address, query)["control"]["evidence"][0]["eventId"]
    return event


def asked(address: str, query: str) -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(
        f"{address}/graphql", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)["data"]
        return found


def checks(person: Person) -> None:
    person.opens(f"/?check={kidals_event(person.address)}")


def checks_again(person: Person) -> None:
    person.page.get_by_role("button", name="Check again").click()


def ends(person: Person, step: str, outcome: str, *said: str) -> None:
    """The step is there with that outcome, and its words."""
    heading = person.page.get_by_role("heading", name=f"{STEPS[step]} {outcome}", exact=True)
    expect(heading).to_be_visible(timeout=CALM)
    item = person.page.get_by_role("listitem").filter(has=heading)
    for each in said:
        expect(item).to_contain_text(each)


def fails(person: Person, step: str, *said: str) -> None:
    """The check ends at that step."""
    ends(person, step, "failed", *said)
    person.sees(f"Failed: “{STEPS[step]}”.")
    person.sees("Don't rely on this event until you know why.")
    expect(person.page.get_by_role("heading", name="What this shows")).to_have_count(0)
    later = list(STEPS)[list(STEPS).index(step) + 1 :]
    for each in later:
        expect(person.page.get_by_role("heading", name=STEPS[each])).to_have_count(0)


def gives(person: Person, key: str, witnesses: str = "") -> None:
    person.page.get_by_text("Give the verifier key of the log").click()
    person.page.get_by_label("Verifier key of the log").fill(key)
    person.page.get_by_label("Verifier keys of witnesses").fill(witnesses)
    person.page.get_by_role("button", name="Keep and check").click()


def altering(change: Callable[[bytes], bytes]) -> Callable[[Route], None]:
    """Somebody between server and browser, who changes what comes."""

    def handle(route: Route) -> None:
        answer: APIResponse = route.fetch()
        route.fulfill(response=answer, body=change(answer.body()))

    return handle


def replacing(old: bytes, new: bytes) -> Callable[[Route], None]:
    def change(body: bytes) -> bytes:
        assert old in body, "there is something to change"
        return body.replace(old, new)

    return altering(change)


def answered_by(server: str) -> Callable[[Route], None]:
    """Another server answers in place of the one that is asked."""

    def handle(route: Route) -> None:
        address = urlsplit(route.request.url)
        route.fulfill(response=route.fetch(url=f"{server}{address.path}?{address.query}"))

    return handle


# ---- What passes ------------------------------------------------------------------------------


def test_a_newcomer_checks_an_event_of_the_demo_from_the_page_of_its_place(person: Person) -> None:
    person.opens("/?at=2023-11-20&place=kidal")
    person.page.get_by_role("button", name="Check it yourself").first.click()
    for step in ("checkpoint", "entry", "inclusion", "content"):
        ends(person, step, "passed")
    ends(person, "signature", TOLD, "the server itself told this key")
    ends(person, "content", "passed", '"location": "kidal"')
    ends(person, "memory", "not checked", "for the first time")
    ends(person, "witnesses", "not checked")
    person.sees("The server’s own log holds the entry.")
    person.sees("4 steps passed, 1 passed with the key that the server itself told, 2 not checked.")
    person.sees("That the report is true.")
    person.sees("Whose log it is: that takes its verifier key from elsewhere.")
    person.page.reload()
    ends(person, "memory", "passed", "It is the log that this browser saw")


def test_an_event_of_every_type_in_the_demo_passes(person: Person) -> None:
    events = asked(person.address, "{ events(first: 500) { nodes { __typename eventId } } }")
    by_type = {each["__typename"]: each["eventId"] for each in events["events"]["nodes"]}
    assert len(by_type) > 20
    person.opens(f"/?check={by_type.popitem()[1]}")
    for event in by_type.values():
        person.evaluates(f"history.pushState(null, '', '/?check={event}')")
        person.evaluates("dispatchEvent(new PopStateEvent('popstate'))")
        ends(person, "content", "passed", event)


def test_with_keys_from_elsewhere_signature_and_witness_are_checked_against_them(
    before: Opening, log: str
) -> None:
    person = before(log)
    checks(person)
    gives(person, str(SIGNER.verifier), str(WITNESS.verifier))
    ends(person, "signature", "passed", "that you gave")
    ends(person, "witnesses", "passed", "1 of 1 witnesses cosigned", "2023-11-14T22:13:20")
    person.sees("Most of your witnesses saw the same log.")
    person.page.reload()
    ends(person, "signature", "passed", "that you gave")


def test_what_comes_of_a_check_stands_above_its_steps_and_their_values_are_folded(
    person: Person,
) -> None:
    checks(person)
    ends(person, "witnesses", "not checked")
    said = [
        person.page.get_by_role("heading", name=name)
        for name in ("What this shows", "What this does not show", "Steps of the check")
    ]
    heights = [box["y"] for each in said if (box := each.bounding_box())]
    assert len(heights) == 3
    assert heights == sorted(heights)
    expect(said[1]).to_be_in_viewport()
    expect(person.page.locator(".check details[open]")).to_have_count(0)
    expect(person.page.get_by_text('"location": "kidal"')).to_be_hidden()
    traps = """() => [...document.querySelectorAll(".check pre")]
      .filter((each) => getComputedStyle(each).overflowY !== "visible").length"""
    assert person.evaluates(traps) == 0


# ---- What fails, and where --------------------------------------------------------------------


def test_an_altered_entry_is_not_in_the_log(reader: Person) -> None:
    reader.page.route("**/tlog/tile/entries/**", replacing(b'"by":["fama"]', b'"by":["jnim"]'))
    checks_again(reader)
    fails(reader, "inclusion", "The entry that the server gave is not the one in the log.")


def test_altered_hashes_do_not_lead_to_the_signed_root(reader: Person) -> None:
    reader.page.route("**/tlog/tile/0/**", altering(lambda row: bytes([row[0] ^ 1]) + row[1:]))
    checks_again(reader)
    fails(reader, "inclusion", "The hashes that the server gave don't lead to the root")


def test_an_altered_checkpoint_is_forged(reader: Person) -> None:
    reader.page.route("**/tlog/checkpoint", replacing(b"\n5\n", b"\n6\n"))
    checks_again(reader)
    fails(reader, "signature", "was not made with its key", "altered after it was signed")


def test_the_key_of_another_log_is_told_from_that_of_this_one(before: Opening, demo: str) -> None:
    person = before(demo)
    checks(person)
    gives(person, f"{SIGNER.verifier}"[:-8])
    expect(person.page.get_by_role("alert")).to_contain_text("This is no verifier key of a log")
    person.page.get_by_label("Verifier key of the log").fill(str(SIGNER.verifier))
    person.page.get_by_role("button", name="Keep and check").click()
    fails(person, "signature", "bears no signature with the key of example.com/tenure")


def test_what_is_no_key_is_told_beside_its_field_and_nothing_passes_with_it(
    person: Person,
) -> None:
    person.page.set_viewport_size({"width": 390, "height": 844})
    checks(person)
    ends(person, "content", "passed")
    gives(person, "example.com/tenure+1a2b3c4d+" + "Ab" * 200, "neither")
    field = person.page.get_by_label("Verifier key of the log")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("^This is no verifier key of a log"))
    expect(person.page.get_by_label("Verifier keys of witnesses")).to_have_accessible_description(
        re.compile("^This is no verifier key of a witness: neither")
    )
    person.sees("Nothing was checked: what you typed is no verifier key")
    expect(person.page.get_by_text("steps passed")).to_have_count(0)
    widths = person.evaluates(
        "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('aside'))"
    )
    assert widths[0] == widths[1]
    field.fill("")
    person.page.get_by_label("Verifier keys of witnesses").fill("")
    person.page.get_by_role("button", name="Keep and check").click()
    ends(person, "content", "passed")


def test_what_the_browser_saw_is_forgotten_only_when_asked_twice(person: Person) -> None:
    checks(person)
    ends(person, "memory", "not checked", "for the first time")
    person.page.get_by_text("Give the verifier key of the log").click()
    person.page.get_by_role("button", name="Forget what this browser saw").click()
    expect(person.page.get_by_role("button", name="Keep them")).to_be_focused()
    assert person.evaluates("localStorage.getItem('check.seen')")
    person.page.get_by_role("button", name="Forget them").click()
    person.sees("Forgotten. The next check is the first one.")
    assert person.evaluates("localStorage.getItem('check.seen')") is None


def test_a_page_that_shows_something_else_than_the_entry_is_caught(reader: Person) -> None:
    reader.page.route("**/graphql?*", altering(lambda body: body.replace(b'"fama"', b'"jnim"')))
    checks_again(reader)
    fails(reader, "content", "The page shows “jnim” as event", "Believe the entry.")


def test_a_server_that_answers_with_another_event_is_caught(reader: Person) -> None:
    other = b"00000000-0000-5000-8000-000000000000"
    event = kidals_event(reader.address).encode()
    reader.page.route("**/graphql?*", replacing(event, other))
    checks_again(reader)
    expect(reader.page.get_by_role("alert")).to_contain_text("answers with another event")
    expect(reader.page.get_by_role("list", name="Steps of the check")).to_be_empty()


def test_a_history_that_was_rewritten_under_the_same_key_is_caught(
    before: Opening, log: str, rewritten: str
) -> None:
    person = before(log)
    checks(person)
    ends(person, "memory", "not checked", "for the first time")
    for part in ("**/tlog/**", "**/graphql?*"):
        person.page.route(part, answered_by(rewritten))
    checks_again(person)
    fails(person, "memory", "it was rewritten", "signed two histories")
    ends(person, "signature", TOLD)
    for step in ("inclusion", "content"):
        ends(person, step, "passed")
    checks_again(person)
    fails(person, "memory", "it was rewritten")


def test_a_log_that_lost_entries_is_caught(before: Opening, log: str, rewritten: str) -> None:
    person = before(rewritten)
    checks(person)
    ends(person, "memory", "not checked", "for the first time")
    for part in ("**/tlog/**", "**/graphql?*"):
        person.page.route(part, answered_by(log))
    checks_again(person)
    fails(person, "memory", "This browser saw 6 entries of this log, and now it has 5.")


def test_a_server_that_tells_another_key_than_before_is_caught(reader: Person) -> None:
    checks_again(reader)
    ends(reader, "memory", "not checked", "for the first time")
    told, other = str(SIGNER.verifier).encode(), str(OTHER.verifier).encode()
    reader.page.route("**/graphql?*", altering(lambda body: body.replace(told, other)))
    checks_again(reader)
    fails(reader, "signature", "The server tells another key than it told this browser on")


def test_a_server_that_signs_no_more_is_caught(reader: Person) -> None:
    checks_again(reader)
    ends(reader, "memory", "not checked", "for the first time")
    reader.page.route("**/tlog/checkpoint", lambda route: route.fulfill(status=404, body=""))
    checks_again(reader)
    fails(reader, "checkpoint", "this browser saw one that was signed")
    reader.complaints[:] = [each for each in reader.complaints if "404" not in each]


def test_a_server_that_tells_no_key_any_more_is_held_to_the_one_it_told(reader: Person) -> None:
    checks_again(reader)
    ends(reader, "memory", "not checked", "for the first time")
    key = json.dumps(str(SIGNER.verifier)).encode()
    reader.page.route("**/graphql?*", replacing(key, b"null"))
    reader.page.route("**/tlog/checkpoint", replacing(b"\n5\n", b"\n6\n"))
    checks_again(reader)
    fails(reader, "signature")


def test_a_cosignature_by_another_than_the_given_witness_is_none(before: Opening, log: str) -> None:
    person = before(log)
    person.page.route("**/tlog/cosigned", replacing(b"\n5\n", b"\n4\n"))
    checks(person)
    gives(person, str(SIGNER.verifier), str(WITNESS.verifier))
    fails(person, "witnesses", "was not made with its key")


# ---- What can't be checked --------------------------------------------------------------------


def test_where_nothing_is_signed_and_entries_are_for_auditors_the_rest_is_checked(
    before: Opening, tmp_path: Path
) -> None:
    built()
    with unsigned(tmp_path) as address:
        person = before(address)
        checks(person)
        ends(person, "checkpoint", "not checked", "This node signs nothing")
        ends(person, "signature", "not checked")
        ends(person, "entry", "not checked", "only to tokens with the scope audit")
        ends(person, "inclusion", "passed", "Nobody signed its root.")
        ends(person, "content", "not checked")
        person.sees("The entry agrees with the hashes of this server.")


def test_over_plain_http_from_another_machine_the_page_says_that_it_cannot_check(
    before: Opening, log: str
) -> None:
    person = before("http://tenure.test")
    person.page.route("http://tenure.test/**", answered_by(log))
    person.page.route_web_socket("ws://tenure.test/**", lambda _: None)
    person.opens("/?check=any")
    person.sees("Your browser can't check here")
    person.sees("tenure verify-log http://tenure.test/tlog")
