"""A comparison told to an officer: sentences, a page, Markdown, JSON."""

from __future__ import annotations

from html.parser import HTMLParser

import orjson
import pytest

from api.diff_page import page
from api.diff_schemas import ComparisonBody
from engine.diffs import Comparison, compare
from engine.diffs.body import body_of, markdown
from engine.words import TEMPLATES, Words
from tests.diffs.releases import base, edited
from tests.diffs.seeded import SEEDED, Seeded, seeded

ENGLISH = Words("en", {})


def told(story: str) -> Comparison:
    """The comparison of a seeded change."""
    return compare(*seeded(story).sides())


def sentences(story: str) -> list[str]:
    """What is said of its changes, then of its meanings."""
    body = body_of(told(story), ENGLISH)
    return [one["said"] for key in ("changes", "meanings") for one in body[key]]


def test_a_limit_from_a_day_on() -> None:
    change, meaning = sentences("a limit is raised from a day to come")
    assert (
        change == "ceiling of a small payment, from 1 December 2026: EUR 60.00 (was EUR 50.00). Payment Act section 4."
    )
    assert meaning == (
        "sca.small (Small remote payment), from 1 December 2026, DE: Payments are decided otherwise. "
        "For example EUR 50.01 by card on 1 December 2026: was challenge (required), now allow (exempt). "
        "A day before, it is decided alike under both."
    )


def test_a_first_day_that_moved() -> None:
    change, meaning = sentences("a date is moved")
    assert change == (
        "ceiling of a small payment: EUR 50.00 holds from 1 February 2024, no longer from 1 January 2024. Payment Act section 4."
    )
    assert meaning.startswith(
        "sca.small (Small remote payment), from 1 January 2024 to the day before 1 February 2024, DE:"
    )


def test_a_membership_that_ends() -> None:
    assert sentences("a membership ends")[0] == "DE no longer belongs to AREA from 1 March 2026."


def test_a_rate_of_tax() -> None:
    change, meaning = sentences("a rate of tax")
    assert change.startswith("Changed: rate of tax reduced.books: percent: 5.5 -> 7.")
    assert "was allow (5.50), now allow (7.00)" in meaning


@pytest.mark.slow
def test_a_window_names_the_payments_made_before() -> None:
    assert any(
        "Payments made before it: 1, the first on" in said
        for said in sentences("a window of 24 hours in place of a day")
    )


def test_words_alone_and_a_proof_for_one_currency() -> None:
    (change,) = sentences("other words for a rule")
    assert change.startswith("Told otherwise, and nothing else: rule sca.low_risk (Hardly any fraud): message, title.")
    said = sentences("less than thirty euros and a cent is at most thirty euros")[-1]
    assert said.endswith(
        "Proved for payments in EUR; an amount converted from another currency may lie between two cents."
    )


@pytest.mark.parametrize(
    "story", ["a value stated again, with another citation", "a line of a table in two halves", "another currency"]
)
def test_the_summary_counts_what_was_found(story: str) -> None:
    found = told(story)
    summary = body_of(found, ENGLISH)["said"]
    assert sum(int(line.rpartition(": ")[2].rstrip(".")) for line in summary if line[-2].isdigit()) == len(
        found.meanings
    )


def test_the_value_that_is_no_longer_set_and_the_one_not_read() -> None:
    small = 'from: "2024-01-01", value: "50.00"'
    ended = compare(
        base("small"), edited("small", (("AREA/sca.yaml", small, 'from: "2024-01-01", value: null'),)), meaning=False
    )
    unread = compare(
        base("small"), edited("small", (("AREA/sca.yaml", small, 'from: "2024-01-01", unread: true'),)), meaning=False
    )
    texts = [body_of(found, ENGLISH)["changes"][0]["said"] for found in (ended, unread)]
    assert [text.partition(": ")[2].partition(".")[0] for text in texts] == ["none (was EUR 50", "not read (was EUR 50"]


@pytest.mark.parametrize("one", SEEDED[::3], ids=lambda one: one.story.replace(" ", "-"))
def test_every_face_tells_it(one: Seeded) -> None:
    found = compare(*one.sides())
    body = body_of(found, ENGLISH)
    ComparisonBody.model_validate_json(orjson.dumps(body))
    text, html = markdown(found, ENGLISH), page(found, ENGLISH)
    for change in body["changes"]:
        assert change["said"] in text
    assert "{" not in " ".join(one["said"] for one in (*body["changes"], *body["meanings"]))
    assert _Page(html).balanced
    assert "<script" not in html
    assert "http:" not in html


class _Page(HTMLParser):
    """Whether every element is closed where it was opened."""

    def __init__(self, text: str):
        super().__init__()
        self._open: list[str] = []
        self._wrong = False
        self.feed(text)

    @property
    def balanced(self) -> bool:
        return not self._open and not self._wrong

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._wrong |= not self._open or self._open.pop() != tag


@pytest.mark.parametrize("language", ["de", "es", "fr", "id", "pt", "vi", "zh"])
def test_every_language_has_every_sentence_of_its_own(language: str) -> None:
    words = base("shipped").words(language)
    assert words.locale == language
    keys = [key for key in TEMPLATES if key.startswith("diff.")]
    same = [key for key in keys if words.say(key) == TEMPLATES[key]]
    assert set(same) <= {
        "diff.value_new",
        "diff.kind.test",
        "diff.kind.source",
        "diff.kind.parameter",
        "diff.kind.region",
    }
    assert "2026" in "".join(
        line["said"] for line in body_of(told("a limit is raised from a day to come"), words)["changes"]
    )
