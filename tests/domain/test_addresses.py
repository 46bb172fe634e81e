"""Which text is an e-mail address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.addresses import valid_address


@pytest.mark.parametrize(
    "text",
    [
        "bob@example.test",
        "b@localhost",
        "Bob.Baker+cal@mail.example.test",
        "o'brien@example.test",
        "r&d_1@xn--bcher-kva.example",
        "b@1.example.test",
        f"{'a' * 64}@example.test",
    ],
)
def test_an_address(text: str) -> None:
    assert valid_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "@example.test",
        "bob@",
        "bob@@example.test",
        "bob@example@test",
        "bob@example.test,eve@evil.test",
        "bob@example.test\n",
        "bob@example.test\r\nBcc: eve@evil.test",
        " bob@example.test",
        "bob baker@example.test",
        "bob@example.test?bcc=eve@evil.test",
        "bob%40evil.test@example.test",
        "<bob@example.test>",
        "Bob <bob@example.test>",
        '"bob"@example.test',
        "mailto:bob@example.test",
        "bob;eve@example.test",
        ".bob@example.test",
        "bob.@example.test",
        "bo..b@example.test",
        "bob@.test",
        "bob@example.test.",
        "bob@-example.test",
        "bob@exam_ple.test",
        "bob@[127.0.0.1]",
        "bob(comment)@example.test",
        "böb@example.test",
        "bob@bücher.example",
        "bob@example.test\u200b",
        "bob@ｅxample.test",  # noqa: RUF001 (a full-width letter)
        "bob\x00@example.test",
        f"{'a' * 65}@example.test",
        f"bob@{'a' * 64}.test",
        f"bob@{'a.' * 150}test",
    ],
)
def test_no_address(text: str) -> None:
    assert not valid_address(text)


@given(text=st.emails() | st.text(st.sampled_from('ab.@,<>"? \r\n\x00%é')))
def test_an_address_is_safe_wherever_it_is_written(text: str) -> None:
    if valid_address(text):
        assert text.isascii()
        assert text.isprintable()
        assert text.count("@") == 1
        assert not set(text) & set(' ,;:<>"?%/\\()[]')
