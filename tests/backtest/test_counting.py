"""What a back-test counts: chunks come together to the same numbers, stopped work ends in the same bytes, nothing is rounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, partial
from typing import Any

import pytest

from bench.past_payments import past_payments
from engine.backtest import (
    Bench,
    Chunk,
    LeftOut,
    NothingKept,
    Payments,
    Releases,
    Source,
    Stopped,
    Stored,
    Tally,
    Watch,
    compare_payments,
    compare_stored,
    count,
    identity,
    markdown,
    result,
    tally,
    together,
)
from engine.decide import decide
from engine.history import NullHistory
from engine.packs import PackSet
from engine.replay import facts_from
from tests.backtest.past import Past, files, halved, law, rates, release

DOMAINS = ("sca", "kyc")
SOURCE = Source("csv", "past.csv", "sha256:00", "sha256:01", False, {"from": None, "to": None, "limit": None})


@cache
def releases() -> Releases:
    """The law, and the law with its small limits at half."""
    return Releases.of(Bench(law(), DOMAINS, rates()), halved())


@cache
def payments() -> Payments:
    """Eight hundred of them."""
    return past_payments(800, foreign=5)


def chunks(size: int) -> Iterator[Chunk]:
    """The same payments in chunks."""
    for number, start in enumerate(range(0, payments().frame.height, size)):
        left_out = [LeftOut(f"x{number}", "missing", "amount: it is not there")]
        yield Chunk(number, partial(compare_payments, payments().slice(start, size), left_out=left_out))


@cache
def whole() -> Tally:
    """The tally of all of them at once."""
    return count(chunks(800), releases(), NothingKept())


def body(counted: Tally, locale: str = "en") -> dict[str, Any]:
    """What came of it."""
    return result(counted, releases(), SOURCE, law().words(locale))


class Kept:
    """Tallies in memory."""

    def __init__(self) -> None:
        self.found: dict[int, str] = {}

    def tally(self, number: int) -> Tally | None:
        return json.loads(self.found[number]) if number in self.found else None

    def keep(self, number: int, counted: Tally) -> None:
        self.found[number] = json.dumps(counted)


def test_chunks_come_to_the_same_as_the_whole() -> None:
    parts = count(chunks(150), releases(), NothingKept())
    for key in ("payments", "outcomes", "domains", "rules", "money", "labels", "examples", "by"):
        assert parts[key] == whole()[key], key
    assert parts["left_out"] == {"missing": 6}


def test_stopped_work_goes_on_and_ends_in_the_same_bytes() -> None:
    kept, steps = Kept(), []
    watch = Watch(lambda done, asked: steps.append((done, asked)), lambda: len(steps) == 2)
    with pytest.raises(Stopped):
        count(chunks(200), releases(), kept, watch)
    assert steps == [(1, 200), (2, 400)]
    taken_up = count(chunks(200), releases(), kept)
    at_once = count(chunks(200), releases(), NothingKept())
    assert json.dumps(body(taken_up)) == json.dumps(body(at_once))


def test_what_was_counted_is_not_asked_again() -> None:
    kept = Kept()
    count(chunks(400), releases(), kept)

    def never(_releases: Releases) -> Any:
        raise AssertionError("it was counted before")

    again = count([Chunk(0, never), Chunk(1, never)], releases(), kept)
    assert again["payments"] == 800


def test_smaller_limits_ask_more_payers_to_authenticate() -> None:
    found = body(whole())
    moved = {(one["was"], one["now"]) for one in found["outcomes"] if one["was"] != one["now"]}
    assert moved == {("allow", "challenge")}
    contactless = next(one for one in found["rules"] if one["rule"] == "sca.contactless")
    assert contactless["before"] - contactless["lost"] == contactless["after"]
    assert contactless["gained"] == 0 < contactless["lost"]
    assert found["payments"]["changed"] == sum(one["payments"] for one in found["outcomes"] if one["was"] != one["now"])


def test_money_is_added_up_exactly() -> None:
    frame = compare_payments(payments(), releases()).frame
    changed = frame.filter(frame["was.outcome"] != frame["now.outcome"])
    expected = sum((amount for amount in changed["amount"]), Decimal(0))
    euro = next(one for one in body(whole())["money"] if one["currency"] == "EUR")
    assert Decimal(euro["stricter"]["amount"]) == expected
    assert euro["milder"] == {"payments": 0, "amount": "0.00"}


def test_precision_and_recall_are_shares_of_what_is_known() -> None:
    labels = {
        "known": 10,
        "bad": 4,
        "was": {"challenge": {"payments": 3, "bad": 1}},
        "now": {"challenge": {"payments": 6, "bad": 3}},
    }
    found = body({**whole(), "labels": labels})["labels"]
    challenged = {when: found[when][0] for when in ("was", "now")}
    assert (challenged["was"]["precision"], challenged["was"]["recall"]) == ("0.3333", "0.2500")
    assert (challenged["now"]["precision"], challenged["now"]["recall"]) == ("0.5000", "0.7500")
    assert found["now"][2] == {"outcome": "block", "payments": 0, "bad": 0, "precision": None, "recall": "0.0000"}


def test_of_payments_without_labels_nothing_is_claimed() -> None:
    assert body({**whole(), "labels": {}})["labels"] is None


def test_examples_show_what_spoke_before_and_what_speaks_now() -> None:
    shown = next(one for one in body(whole())["examples"] if one["of"] == "outcome")
    assert (shown["was"], shown["now"]) == ("allow", "challenge")
    assert len(shown["payments"]) == 5
    first = shown["payments"][0]
    assert (first["was"]["outcome"], first["now"]["outcome"]) == ("allow", "challenge")
    assert first["only_before"][0]["law"]["provision"]


def test_an_officer_reads_sentences_first() -> None:
    page = markdown(body(whole()))
    assert page.startswith("# Back-test\n")
    assert "would be answered otherwise" in page
    assert "nobody knows: it counts as neither" in page
    assert "The past of the payers was not known here" in page
    assert "| allow | challenge |" in page
    assert "| x0 | missing | amount: it is not there |" in page


def test_the_sentences_come_in_the_readers_language() -> None:
    german = body(whole(), "de")
    assert german["locale"] == "de"
    assert german["sentences"] != body(whole())["sentences"]


def test_the_same_law_changes_nothing_and_says_so() -> None:
    same = Releases.of(Bench(law(), DOMAINS, rates()), law())
    counted = tally(compare_payments(payments().slice(0, 50), same), DOMAINS)
    said = result(counted, same, SOURCE, law().words("en"))
    assert said["sentences"][0] == "Of 50 payments none would be answered otherwise."
    assert said["payments"]["same_by_construction"] == 50
    assert said["examples"] == []


def test_work_is_told_apart_by_all_that_it_hangs_on() -> None:
    mine = identity(releases(), SOURCE, 100)
    other = identity(Releases.of(Bench(law(), ("sca",), rates()), halved(), full=True), SOURCE, 100)
    assert {key for key in mine if mine[key] != other[key]} == {"domains", "full"}


# -- stored decisions ---------------------------------------------------------------------------------------------------------


def stored(domains: tuple[str, ...], count: int = 60, packs: PackSet | None = None) -> list[Stored]:
    """Decisions as the ledger keeps them."""
    found, past = [], Past(9)
    for number in range(count):
        request = json.dumps(past.body(number)).encode()
        facts = facts_from(request)
        decision = decide(
            facts,
            packs or law(),
            NullHistory(),
            rates=rates(),
            decision_id=f"dec_{number}",
            now=facts["occurred_at"],
            domains=domains,
        )
        found.append(Stored(f"dec_{number}", request, json.dumps(decision.inputs).encode()))
    return found


def test_stored_decisions_are_asked_as_they_were() -> None:
    entries = stored(("sca", "kyc"))
    compared = compare_stored(entries, releases())
    assert compared.frame.height == 60
    assert compared.frame["ref"].to_list() == [one.id for one in entries]
    was, now = compared.bodies(0)
    assert was["id"] == now["id"] == "dec_0"


def test_a_domain_that_was_not_decided_is_not_asked_now() -> None:
    found = tally(compare_stored(stored(("kyc",), 5), releases()), DOMAINS)
    assert found["domains"]["sca"] == {"not_asked>not_asked": 5}


def test_a_stored_request_that_cannot_be_read_is_left_out() -> None:
    broken = Stored("dec_x", b'{"amount": 1}', b"{}")
    compared = compare_stored([broken, *stored(("sca",), 1)], releases())
    assert [(one.ref, one.reason) for one in compared.left_out] == [("dec_x", "unreadable")]
    assert compared.frame.height == 1


def test_tax_is_told_by_country_to_the_cent() -> None:
    path, text = "FR/tax.yaml", files()["FR/tax.yaml"]
    other = release({path: text.replace('"5.5"', '"6.5"')}, "4")
    entry = {
        "occurred_at": "2026-11-02T10:00:00+01:00", "amount": "100.01", "currency": "EUR",
        "payment": {"instrument": "card", "acquirer_country": "FR"}, "payer": {"type": "individual", "country": "FR"},
        "payee": {"country": "FR", "registrations": [{"jurisdiction": "FR", "scheme": "standard"}]},
        "lines": [
            {"id": "1", "kind": "goods", "category": "books", "amount": "100.01", "tax_inclusive": True,
             "ship_from": {"country": "FR"}, "ship_to": {"country": "FR"}}
        ],
    }  # fmt: skip
    request = json.dumps(entry).encode()
    facts = facts_from(request)
    decision = decide(
        facts, law(), NullHistory(), rates=rates(), decision_id="dec_t", now=facts["occurred_at"], domains=("tax",)
    )
    both = Releases.of(Bench(law(), ("tax",), rates()), other)
    counted = tally(
        compare_stored([Stored("dec_t", request, json.dumps(decision.inputs).encode())] * 2, both), ("tax",)
    )
    said = result(together([counted, counted]), both, SOURCE, law().words("en"))
    assert said["tax"] == [
        {"country": "FR", "currency": "EUR", "payments": 4, "before": "20.84", "after": "24.40", "difference": "3.56"}
    ]
    assert "Tax in FR goes from 20.84 to 24.40 EUR, on 4 payments." in said["sentences"]


def test_countries_come_to_the_whole_and_to_what_changed() -> None:
    found = body(whole())
    countries = found["countries"]
    assert sum(one["payments"] for one in countries) == found["payments"]["evaluated"]
    assert sum(one["stricter"] + one["milder"] for one in countries) == found["payments"]["changed"] > 0
    assert len({one["country"] for one in countries}) == len(countries) > 1


def test_what_an_earlier_version_has_counted_is_added_without_what_it_did_not_count() -> None:
    kept = {key: value for key, value in whole().items() if key != "countries"}
    assert together([kept, whole()])["payments"] == 2 * whole()["payments"]
    assert together([kept, whole()])["countries"] == whole()["countries"]
