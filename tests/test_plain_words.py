"""Docstrings name their thing, and a class name means one thing in the whole tree."""

from tests.plain_words import classes, product_files, stand_in_share


def test_few_words_of_the_docstrings_stand_in_for_a_noun() -> None:
    assert stand_in_share(product_files()) <= 0.06


def test_no_two_modules_give_one_name_to_two_classes() -> None:
    taken_twice = {
        name: where for name, where in classes(product_files()).items() if len(where) > 1
    }
    assert not taken_twice
