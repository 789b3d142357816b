"""Takes the picture of the README: `python -m tests.console.picture`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.command_line import ROOT
from tests.console.browser import Person, browser, built, served

PICTURE = ROOT / "docs" / "console.png"
SHOWN = "/?at=2023-11-20&place=kidal"
SIZE = (1280, 800)


def take(person: Person) -> bytes:
    """The page as it is once it has come to rest."""
    person.opens(SHOWN)
    person.page.get_by_role("heading", name="Kidal", level=2).wait_for()
    person.page.wait_for_load_state("networkidle")
    person.page.wait_for_timeout(1_500)  # labels are laid out after the last request
    return person.page.screenshot()


def main() -> None:
    built()
    width, height = SIZE
    with (
        TemporaryDirectory() as folder,
        served(Path(folder), "demo") as address,
        browser() as opened,
    ):
        page = opened.new_page(viewport={"width": width, "height": height}, locale="en-GB")
        PICTURE.write_bytes(take(Person.before(page, address)))


if __name__ == "__main__":
    main()
