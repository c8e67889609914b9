"""Silence never helps, a mechanism never harms, home is never the wrong place, the unknown is never allowed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from engine.places import COUNTRIES
from tests.property.shipped import packs
from tests.residency.asking import TODAY, Body, decided, payment, question

LEVELS = {"allow": 0, "allow_with_mechanism": 1, "require_local_copy": 2, "deny": 3}
PLACES = sorted(
    code
    for code, pack in packs().packs.items()
    if "residency" in pack.domains and (code in COUNTRIES or code == "CA-QC")
)
WORDS: dict[str, list[Any]] = {
    "data_class": ["identifiers", "contact", "payment_credential", "sensitive_auth_data", "transaction_record",
     "accounting_record",
                   "biometric", "kyc_document", "aml_record", "bvn", "website"],
    "data_form": ["plain_pan", "encrypted_pan", "truncated", "keyed_hash", "sha256_unkeyed", "network_token", "anonymised",
     "encrypted"],
    "action": ["store", "process", "transfer", "mirror"],
    "region_country": ["DE", "US", "CN", "SG", "IN", "RU", "GB", "CA", "HK", "NG"],
    "actor_role": ["merchant", "bank", "payment_institution", "issuer", "card_network", "ciio", "telecom", "public_body"],
    "actor_establishment": ["DE", "VN", "US", "CN"],
    "phase": ["collection", "after_collection", "before_authorisation", "after_authorisation"],
    "transaction": ["domestic", "cross_border"],
    "purpose": ["contract", "payment", "bank_transfer", "marketing", "analytics", "aml", "guest_checkout", "statutory"],
    "remote_access": [True, False],
    "operator_country": ["US", "CN", "DE"],
}  # fmt: skip
MECHANISMS: list[Body] = [
    {"kind": "scc", "template": "eu", "tia_done": True}, {"kind": "scc", "template": "anpd", "filed": True},
     {"kind": "consent", "explicit": True},
    {"kind": "consent", "explicit": True, "informed": True, "routine": False}, {"kind": "permit", "ref": "1"}, {"kind": "bcr",
     "approved": True},
    {"kind": "adequacy", "certified": True}, {"kind": "security_assessment", "approved": True}, {"kind": "certificate",
     "approved": True},
    {"kind": "dossier", "filed": False}, {"kind": "notification", "filed": True}, {"kind": "none"}, {"pia_done": True},
]  # fmt: skip

SILENCE_MEANS = {
    "actor_role": "a merchant, or whom the obliged entity is said to be",
    "classification": "no label of the state", "recipient": "an ordinary recipient",
     "operator_is_covered_person": "nobody designated it",
    "erasure_requested": "no request", "retention_ordered": "no order", "operator_country": "the region's own",
    "actor_establishment": "the obliged entity's, else the payee's; otherwise the person's law alone is asked",
    "clock.business_days_abroad": "within the hours that are stated",
    "mechanism.template": "the Union's own, where its law is asked", "mechanism.also": "nothing beside it",
}  # fmt: skip
"""Facts whose absence is a statement of its own, and why."""


def level(asked: Body, **more: Any) -> int:
    """How strict the answer is."""
    return LEVELS[decided(payment(asked, **more))["residency"]["verdict"]]


def grown(rnd: Random) -> Body:
    """A question of many facts, some of them left out."""
    found = {name: rnd.choice(words) for name, words in WORDS.items() if rnd.random() < 0.75}
    place = rnd.choice(PLACES)
    found["subject_country"] = place
    if rnd.random() < 0.7:
        found["mechanism"] = dict(rnd.choice(MECHANISMS))
    if rnd.random() < 0.5:
        number = rnd.choice([9_999, 10_000, 10_001, 100_000, 1_000_000])
        found["volumes"] = {
            "persons_since_january_1": number,
            "sensitive_since_january_1": number,
            "persons_last_12_months": number,
        }
    if rnd.random() < 0.5:
        found["clock"] = {
            "hours_abroad": rnd.choice(["20", "24", "25"]),
            "years_since_end": rnd.choice(["2", "5.5", "11"]),
        }
    return found


def less(asked: Body) -> Iterator[tuple[str, Body]]:
    """Every way to leave one thing unsaid, inside objects as well."""
    for name, value in asked.items():
        yield name, {key: other for key, other in asked.items() if key != name}
        if isinstance(value, dict):
            for inner in value:
                yield f"{name}.{inner}", {**asked, name: {key: other for key, other in value.items() if key != inner}}


@pytest.mark.parametrize("seed", range(60))
def test_silence_never_helps(seed: int) -> None:
    rnd = Random(seed)
    for _ in range(4):
        asked = grown(rnd)
        whole = level(asked)
        for name, shorter in less(asked):
            if name not in SILENCE_MEANS:
                assert level(shorter) >= whole, (name, asked)


@pytest.mark.parametrize("seed", range(60))
def test_a_mechanism_never_harms(seed: int) -> None:
    """From nothing stated to any mechanism, and from any mechanism to the same with another beside it."""
    rnd = Random(1000 + seed)
    for _ in range(6):
        asked = grown(rnd)
        bare = {key: value for key, value in asked.items() if key != "mechanism"}
        for mechanism in rnd.sample(MECHANISMS, 4):
            held = {**bare, "mechanism": mechanism}
            assert level(held) <= level(bare), (mechanism, bare)
            more = {**mechanism, "also": [rnd.choice(["scc", "consent", "certificate", "permit"])]}
            assert level({**bare, "mechanism": more}) <= level(held), (more, bare)


@pytest.mark.parametrize("place", PLACES)
def test_home_is_never_the_wrong_place(place: str) -> None:
    """With no ban of form, nothing kept at home is denied for its place or for want of a ground of transfer."""
    home = {"region_country": place[:2], **({"region_subdivision": place} if "-" in place else {})}
    for role in ("merchant", "bank", "payment_institution"):
        for data_class in ("contact", "transaction_record", "payment_credential", "accounting_record"):
            asked = {**question(place, data_class, "store", None, data_form="network_token", actor_role=role), **home}
            (check,) = decided(payment(asked))["residency"]["checks"]
            assert check["ground"] not in ("place", "mechanism_missing", "no_rulepack"), (
                role,
                data_class,
                check["reasons"],
            )


@pytest.mark.parametrize("place", PLACES)
def test_every_place_says_something_of_a_copy_abroad(place: str) -> None:
    abroad = "SG" if place != "SG" else "AU"
    body = decided(
        payment(question(place, "contact", "store", abroad, purpose="marketing", mechanism={"kind": "none"}))
    )
    (check,) = body["residency"]["checks"]
    assert check["ground"] != "no_rulepack"
    assert check["confidence"] in "ABCR"
    assert check["regime"]


@pytest.mark.parametrize("seed", range(40))
def test_a_local_copy_names_its_country(seed: int) -> None:
    rnd = Random(2000 + seed)
    for _ in range(5):
        (check,) = decided(payment(grown(rnd)))["residency"]["checks"]
        if check["verdict"] == "require_local_copy":
            assert check["copy_in"] in COUNTRIES
            assert any(one["code"].startswith("keep_copy_in_") for one in check["obligations"]) or check["obligations"]


@pytest.mark.parametrize("unknown", ["AQ", "BV", "TF", "HM", "UM", "GS"])
def test_a_country_nobody_has_law_of_is_never_allowed(unknown: str) -> None:
    for region in ("DE", unknown):
        (check,) = decided(payment(question(unknown, "contact", "store", region)))["residency"]["checks"]
        assert (check["verdict"], check["ground"]) == ("deny", "no_rulepack")


def test_tightening_with_a_second_law_never_loosens() -> None:
    rnd = Random(7)
    for _ in range(60):
        asked = {key: value for key, value in grown(rnd).items() if key != "actor_establishment"}
        for home in ("DE", "CN", "BR"):
            if asked["subject_country"] != "VN":  # whose law asks where the enterprise is established
                assert level({**asked, "actor_establishment": home}) >= level(
                    {**asked, "actor_establishment": asked["subject_country"][:2]}
                )


def test_every_field_of_the_answer_is_documented() -> None:
    """The answer validates against the model that describes it."""
    from engine.decision import DecisionBody

    rnd = Random(11)
    for _ in range(40):
        DecisionBody.model_validate(decided(payment(grown(rnd), grown(rnd), on=TODAY)))
