"""What may be written at all. Every refusal has a code, a column and a sentence."""

import pytest

from engine.language.errors import LanguageError, ParseError
from engine.language.parse import MAX_DEPTH, MAX_LENGTH, MAX_NODES, parse


def refusal(text: str) -> LanguageError:
    """The error that a text meets."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "expr-empty", 1),
        ("   ", "expr-empty", 1),
        ("a and", "expr-syntax", 6),
        ("a b", "expr-syntax", 1),
        ("a = b", "expr-syntax", 1),
        ("a) or (b", "expr-syntax", 2),
        ("(a", "expr-syntax", 1),
        ('a == "b', "expr-syntax", 6),
        ("a; b", "expr-syntax", 2),
        ('a in ["b" "c"]', "expr-syntax", 11),
        ("import os", "expr-syntax", 1),
    ],
)
def test_what_is_no_expression(text: str, code: str, column: int) -> None:
    error = refusal(text)
    assert (error.code, error.column) == (code, column)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lambda: a", "a lambda"),
        ("a[0]", "indexing with [ ]"),
        ("a[1:2]", "indexing with [ ]"),
        ('f"{a}"', "an f-string"),
        ('b"a"', "a text with a prefix"),
        ('u"a" == a', "a text with a prefix"),
        ("{}", "a dictionary"),
        ("{a: b}", "a dictionary"),
        ("{a}", "a set"),
        ("(a, b)", "a tuple"),
        ("()", "a tuple"),
        ("[x for x in a]", "a list comprehension"),
        ("{x for x in a}", "SetComp"),
        ("{x: x for x in a}", "DictComp"),
        ("(a := b)", "an assignment"),
        ("min(*a)", "a star"),
        ("await a", "await"),
        ("(yield)", "yield"),
        ("(yield from a)", "YieldFrom"),
        ("a is b", "`is`: write =="),
        ("a is not b", "`is not`: write !="),
        ("a ** b", "a power"),
        ("a % b", "%"),
        ("a // b", "//"),
        ("a @ b", "MatMult"),
        ("a & b", "BitAnd"),
        ("a | b", "BitOr"),
        ("a ^ b", "BitXor"),
        ("a << b", "LShift"),
        ("a >> b", "RShift"),
        ("~a", "Invert"),
        ("+a", "UAdd"),
        ("min(a, key=b)", "keyword"),
        ("a # a note", "a comment"),
        ('a == "(" # and b', "a comment"),
    ],
)
def test_constructs_of_python_that_the_language_lacks(text: str, said: str) -> None:
    error = refusal(text)
    assert error.code == "expr-construct"
    assert said in error.message


@pytest.mark.parametrize("number", ["1_000", "0x1F", "0b1", "0o7", "1e3", "1j", "1.", "1.5.2", "5if"])
def test_numbers_are_plain_digits(number: str) -> None:
    error = refusal(f"a < {number} ")
    assert (error.code, error.column) == ("expr-number", 5)
    assert number in error.message


@pytest.mark.parametrize(
    ("text", "column", "point"),
    [
        ("аmount > 1", 1, "U+0430"),  # a Cyrillic letter that looks Latin
        ('payment.channel == "rеmote"', 22, "U+0435"),
        ("a\u202e and b", 2, "U+202E"),  # right-to-left override
        ("a\u200b", 2, "U+200B"),  # zero width space
        ("a\u00a0and b", 2, "U+00A0"),
        ("ａ", 1, "U+FF41"),  # Python would read a full-width letter as the plain one
        ("a\nand b", 2, "U+000A"),
        ("a\tand b", 2, "U+0009"),
        ("a\x00", 2, "U+0000"),
        ('"\ud800"', 2, "U+D800"),
        ('"é"', 2, "U+00E9"),
    ],
)
def test_only_printable_ascii(text: str, column: int, point: str) -> None:
    error = refusal(text)
    assert (error.code, error.column) == ("expr-character", column)
    assert point in error.message


def test_no_backslash() -> None:
    error = refusal(r'a == "\x41"')
    assert (error.code, error.column) == ("expr-character", 7)
    assert "backslash" in error.message


def test_length() -> None:
    assert parse("a" * MAX_LENGTH)
    assert refusal("a" * (MAX_LENGTH + 1)).code == "expr-too-long"


def test_number_of_parts() -> None:
    fits = " and ".join(["a"] * (MAX_NODES - 1))
    assert parse(fits)
    error = refusal(f"{fits} and a")
    assert error.code == "expr-too-large"
    assert "Name a let" in error.message


def test_depth() -> None:
    def deep(levels: int) -> str:
        return "not " * levels + "a"

    assert parse(deep(MAX_DEPTH))
    assert refusal(deep(MAX_DEPTH + 1)).code == "expr-too-deep"


def test_names_of_many_parts() -> None:
    assert parse(".".join("a" * MAX_DEPTH))
    assert refusal(".".join("a" * (MAX_DEPTH + 1))).code == "expr-too-deep"


def test_brackets_are_no_depth_until_there_are_too_many() -> None:
    assert parse("(" * 40 + "a" + ")" * 40)
    assert refusal("(" * 49 + "a" + ")" * 49).code == "expr-too-deep"


def test_brackets_within_texts_are_text() -> None:
    assert parse('payment.method == ")(" or payment.method == "]["')


def test_blanks_and_quotes_of_either_kind() -> None:
    assert parse("   a   ==   'b'   ")
    assert parse("""a == 'say "b"'""")
