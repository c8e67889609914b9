"""Where a business may keep its data: every region of the cloud providers asked, for each country, class of data and action.

The same rules decide as decide a payment. What is not stated is asked for and never assumed, so that a plan without a ground of
transfer allows only what needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from engine.catalogue import FIELDS
from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import FixedRates, Money
from engine.packs import PackSet
from engine.packs.regions import Region

PROVIDERS: Final = ("aws", "azure", "google")
ALLOWED: Final = ("allow", "allow_with_mechanism")
NO_REGION: Final = "no_region_available"
FORMS: Final[Mapping[str, str]] = {"payment_credential": "network_token"}
"""The form that is assumed of a class of data where none is stated: a stored card number is a question of form first."""
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a business plans."""

    countries: tuple[str, ...]
    classes: tuple[str, ...]
    actions: tuple[str, ...]
    day: date
    providers: tuple[str, ...] = PROVIDERS
    more: Mapping[str, Any] | None = None
    """Further facts of every question, by their names: `actor_role`, `mechanism.kind`."""


def planned(packs: PackSet, wanted: Wanted) -> dict[str, Any]:
    """The plan: one row a country, class and action; and the regions that every row allows."""
    regions = list(packs.regions.of(wanted.providers))
    rows = [
        _row(packs, wanted, regions, country, data_class, action)
        for country in wanted.countries
        for data_class in wanted.classes
        for action in wanted.actions
    ]
    shared = [one.name for one in regions if all(one.name in row["regions"] for row in rows)]
    return {
        "date": wanted.day.isoformat(),
        "providers": list(wanted.providers),
        "assumed": {name: str(value) for name, value in _assumed(wanted).items()},
        "rows": rows,
        "business": {
            "verdict": "regions" if shared else NO_REGION,
            "regions": shared,
            "pairs_abroad": _pairs(packs, shared),
        },
    }


def _assumed(wanted: Wanted) -> dict[str, Any]:
    forms = {
        f"data_form of {name}": FORMS[name]
        for name in wanted.classes
        if name in FORMS and "data_form" not in (wanted.more or {})
    }
    return {"actor_role": "merchant", **forms, **(wanted.more or {})}


def _row(
    packs: PackSet, wanted: Wanted, regions: Sequence[Region], country: str, data_class: str, action: str
) -> dict[str, Any]:
    form = {"data_form": FORMS[data_class]} if data_class in FORMS else {}
    question = {"data_class": data_class, "action": action, "subject_country": country, **form, **(wanted.more or {})}
    home, *answers = _asked(
        packs, wanted.day, [{**question, **_home(country)}, *({**question, "region_id": one.name} for one in regions)]
    )
    by_name = dict(zip((one.name for one in regions), answers, strict=True))
    allowed = {name: check for name, check in by_name.items() if check["verdict"] in ALLOWED}
    copies = [name for name, check in by_name.items() if check["verdict"] == "require_local_copy"]
    return {
        "country": country,
        "data_class": data_class,
        "action": action,
        "verdict": _verdict(allowed, copies),
        "regions": {name: check["verdict"] for name, check in allowed.items()},
        "with_local_copy": copies,
        "at_home": {"verdict": home["verdict"], "ground": home["ground"], "missing": _short(home["missing"])},
        "denied": _denied(by_name),
        "missing": sorted({name for check in by_name.values() for name in _short(check["missing"])}),
        "mechanisms": sorted(
            {name for check in by_name.values() if check["verdict"] == "deny" for name in check["mechanisms"]}
        ),
        "regimes": sorted({check["regime"] for check in by_name.values() if check["regime"]}),
        "confidence": max((check["confidence"] or "R" for check in by_name.values()), default=None),
        "valid_until": min((check["valid_until"] for check in by_name.values() if check["valid_until"]), default=None),
    }


def _home(country: str) -> dict[str, str]:
    head, _, part = country.partition("-")
    return {"region_country": head, **({"region_subdivision": country} if part else {})}


def _verdict(allowed: Mapping[str, Mapping[str, Any]], copies: Sequence[str]) -> str:
    """The mildest that some region has; honest where none has any."""
    verdicts = {check["verdict"] for check in allowed.values()}
    return next((one for one in ALLOWED if one in verdicts), "require_local_copy" if copies else NO_REGION)


def _denied(by_name: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many regions are denied, by ground."""
    grounds = [check["ground"] for check in by_name.values() if check["verdict"] == "deny"]
    return {ground: grounds.count(ground) for ground in sorted(set(grounds))}


def _short(missing: Sequence[str]) -> list[str]:
    return [name.partition("].")[2] or name for name in missing]


def _pairs(packs: PackSet, shared: Sequence[str]) -> list[dict[str, str]]:
    """Regions whose pair, to which backups may be copied, is not allowed itself."""
    found = []
    for name in shared:
        region = packs.regions.find(name)
        if region is not None and region.paired_with and f"{region.provider}:{region.paired_with}" not in shared:
            found.append({"region": name, "pair": region.paired_with})
    return found


def _asked(packs: PackSet, day: date, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entry of `checks` for each question, asked at noon of the day."""
    when = datetime.combine(day, time(12), UTC)
    checks: list[dict[str, Any]] = []
    for at in range(0, len(questions), _AT_ONCE):
        facts = Facts(
            {
                "amount": Money(Decimal(1), "EUR"),
                "currency": "EUR",
                "kind": "sale",
                "asked_by": "merchant",
                "payment.instrument": "card",
                "occurred_at": when,
                "data": tuple({"date": day, **one} for one in questions[at : at + _AT_ONCE]),
            }
        )
        body = decide(
            facts, packs, NullHistory(), rates=FixedRates(()), decision_id="plan", now=when, domains=("residency",)
        ).body
        checks += body["residency"]["checks"]
    return checks


NAMES: Final = tuple(FIELDS["data"].item)
"""What may be said of a question beside country, class, action and region."""
