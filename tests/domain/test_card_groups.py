"""Who is on the list by the words on their card, in which category, and with which tags."""

import pytest

from connectd.domain.card_groups import Membership, membership
from connectd.domain.contacts import check_person

OURS = ("results", "organization", "business")


@pytest.mark.parametrize(
    ("words", "category"),
    [
        (["connect/business"], "business"),
        (["Friends", "CONNECT / Business"], None),
        (["CONNECT/Business"], "business"),
        (["connect", "Results"], "results"),
        (["results", "connect/business"], "business"),
        (["connect"], None),
        (["connect/buisness"], None),
        (["connect/buisness", "results"], "results"),
    ],
)
def test_the_category_is_the_nearest_word(words: list[str], category: str | None) -> None:
    found = membership(words, "connect", OURS, None)
    if words[-1] == "CONNECT / Business":
        assert found is None
    else:
        assert found is not None
        assert found.category == category


@pytest.mark.parametrize("words", [[], ["friends"], ["business"], ["connected"], ["x/connect"]])
def test_without_the_word_nobody_is_on_the_list(words: list[str]) -> None:
    assert membership(words, "connect", OURS, "business") is None


def test_what_the_configuration_says_counts_last() -> None:
    assert membership(["connect"], "connect", OURS, "results") == Membership("results", ())
    found = membership(["connect/business"], "connect/business", OURS, "results")
    assert found == Membership("business", ())


def test_the_other_words_are_tags_each_once_and_without_blanks() -> None:
    words = ["connect", "business", "Book club", "book  Club", "python", "connect/x", ""]
    assert membership(words, "connect", OURS, None) == Membership(
        "business", ("Book-club", "python")
    )


def test_what_no_tag_may_have_is_left_out_of_it() -> None:
    words = ["connect/business", "a\x1b\x07b", "c\u2028d", "e\x1ff", "\x00", "\ud800g"]
    found = membership(words, "connect", OURS, None)
    assert found is not None
    assert found.tags == ("ab", "c-d", "e-f", "g")
    assert not check_person("Bob", ["b@x.test"], "business", categories=OURS, tags=found.tags)


def test_tags_have_bounds() -> None:
    found = membership(["connect", *(f"{n}{'x' * 100}" for n in range(99))], "connect", OURS, None)
    assert found is not None
    assert (len(found.tags), max(map(len, found.tags))) == (50, 60)
