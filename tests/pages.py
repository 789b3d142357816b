"""The README and the pages in docs/, and the examples in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
"""The text of each page, by its path."""
EVERYTHING = "\n".join(PAGES.values())

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def languages(page: str) -> set[str]:
    """The languages of the page's examples; an empty text for an example without a language."""
    return {language for _, language, _ in _BLOCK.findall(PAGES[page])}


def examples(language: str, *pages: str) -> list[str]:
    """The examples in the language, on these pages or on all of them."""
    return [
        re.sub(f"^{indent}", "", text, flags=re.MULTILINE)
        for page in pages or PAGES
        for indent, shown, text in _BLOCK.findall(PAGES[page])
        if shown == language
    ]


def without_examples(page: str) -> str:
    """The prose of the page."""
    return _BLOCK.sub("", PAGES[page])
