"""How many words of our docstrings stand in for a noun, and which class names are taken twice?

`python -m tests.plain_words [PATH ...]` lists both, file by file, the worst first.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LAYERS = ("domain", "infra", "projections", "api")
STAND_INS = re.compile(
    "it|its|itself|that|which|those|these|this|they|them|their|theirs|themselves|"
    "who|whom|whose|whoever|what|whatever|one|ones|such"
)
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


class Docstring(NamedTuple):
    """One docstring: of a module, a class, a function, or below a constant or a field."""

    line: int
    words: tuple[str, ...]

    @property
    def stand_ins(self) -> int:
        """How many of its words stand in for a noun."""
        return sum(STAND_INS.fullmatch(word) is not None for word in self.words)


def product_files(*paths: str) -> list[Path]:
    """The Python files below these paths; of all layers where none are named."""
    found = (each for path in paths or LAYERS for each in sorted((ROOT / path).rglob("*.py")))
    return [*found, *(ROOT / path for path in paths if path.endswith(".py"))]


def docstrings(file: Path) -> Iterator[Docstring]:
    """Every docstring of the file, in order of the tree."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for each in node.body:
                match each:
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        words = tuple(word.lower() for word in _WORD.findall(text))
                        yield Docstring(each.lineno, words)


def stand_in_share(files: list[Path]) -> float:
    """The share of stand-ins among all words of the docstrings of these files."""
    found = [each for file in files for each in docstrings(file)]
    return sum(each.stand_ins for each in found) / sum(len(each.words) for each in found)


def classes(files: list[Path]) -> dict[str, list[str]]:
    """Each class name without leading underscores, and the modules that define such a class."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(str(file.relative_to(ROOT)))
    return dict(found)


def main(*paths: str) -> None:
    """Prints the files with the most stand-ins, their worst docstrings, and doubled class names."""
    shares = [(stand_in_share([f]), f) for f in product_files(*paths) if any(docstrings(f))]
    for share, file in sorted(shares, reverse=True):
        lines = [each.line for each in docstrings(file) if each.stand_ins * 16 > len(each.words)]
        print(f"{share:6.1%}  {file.relative_to(ROOT)}  lines {lines}")
    print(f"{stand_in_share(product_files(*paths)):6.1%}  all together")
    for name, where in sorted(classes(product_files()).items()):
        if len(where) > 1:
            print(f"{name}: {', '.join(where)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
