"""Does the README show the page as it is?"""

from tests.command_line import ROOT
from tests.console.browser import Person
from tests.console.picture import PICTURE, SIZE, take

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(PNG)
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


def test_the_readme_shows_a_picture_that_the_tests_can_take(person: Person) -> None:
    assert f"](docs/{PICTURE.name})" in (ROOT / "README.md").read_text()
    assert size_of(PICTURE.read_bytes()) == size_of(take(person)) == SIZE
