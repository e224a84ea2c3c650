"""Which texts count as English words on a page in another language."""

from orchestration.release.site_check.words import _runs


def test_letters_of_a_checksum_are_no_words() -> None:
    assert list(_runs("21383cd7d93e6c79685eef6641749758d47d94ddbc9e8407f47a3fb2dcf6fbd9")) == []


def test_three_words_in_a_row_are_a_run() -> None:
    assert list(_runs("l’Union of states-members, x2")) == [("l’union", "of", "states-members")]
