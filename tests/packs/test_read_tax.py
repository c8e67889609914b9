"""Rates and territories of a tax domain: what is read, exactly, and what is refused where it stands."""

import re
from datetime import date
from decimal import Decimal

import pytest

from engine.packs import PackSet, read_packs
from engine.packs.layers import Layers
from engine.packs.model import UNREAD_START, Basis, Confidence, Domain
from engine.packs.problems import Spot
from engine.packs.release import seal
from tests.packs.fixture import HERE, TODAY, edited, good, lint

RATE = 'id: standard.2021, category: standard, kind: standard, percent: "19", from: "2021-01-01", confidence: A'
PLACE = "id: rock, name: The Rock, vat_area: false, customs_area: true, confidence: C"


def _read(rates: str = "", territories: str = "", domain: str = "tax") -> tuple[Domain | None, list[str]]:
    """The tax domain of France with these records, and what was said of them."""
    text = f"domain: {domain}\n"
    text += f"rates:\n  - {{{rates}}}\n" if rates else ""
    text += f"territories:\n  - {{{territories}}}\n" if territories else ""
    packs, notes = read_packs(edited([{"file": f"FR/{domain}.yaml", "new": text}]))
    return packs["FR"].domains.get(domain), [str(problem) for problem in notes.problems]


def _said(rates: str = "", territories: str = "", domain: str = "tax") -> str:
    """The one problem, without its file."""
    _, problems = _read(rates, territories, domain)
    assert len(problems) == 1, problems
    return problems[0].removeprefix(f"FR/{domain}.yaml:3:")


def test_a_rate_without_more_is_statute_of_all_supplies_from_its_day_on() -> None:
    domain, problems = _read(RATE)
    assert problems == []
    assert domain is not None
    (rate,) = domain.rates
    assert (rate.id, rate.category, rate.kind, rate.component) == ("standard.2021", "standard", "standard", "vat")
    assert (rate.percent, rate.unread, rate.share) == (Decimal(19), False, Decimal(1))
    assert (rate.supplies, rate.condition, rate.basis, rate.confidence) == ((), "", Basis.STATUTE, Confidence.A)
    assert (rate.start, rate.end, rate.cite, rate.verified) == (date(2021, 1, 1), None, None, None)
    assert rate.spot == Spot("FR/tax.yaml", 3, 5)


def test_a_rate_with_everything() -> None:
    more = (
        ', to: "2024-07-01", component: gst, share: "11/12", supplies: [goods, digital], condition: on paper, basis: guidance, '
        'cite: {source: code, at: art. 1}, evidence: "seen <u>", note: a note, verified: {on: "2026-01-01", by: me}'
    )
    domain, problems = _read(RATE + more)
    assert problems == []
    assert domain is not None
    (rate,) = domain.rates
    assert (rate.component, rate.supplies, rate.condition) == ("gst", ("goods", "digital"), "on paper")
    assert (rate.basis, rate.evidence, rate.note) == (Basis.GUIDANCE, "seen <u>", "a note")
    assert rate.cite is not None
    assert (rate.cite.source, rate.cite.at, rate.cite.spot.line) == ("code", "art. 1", 3)
    assert rate.verified is not None
    assert rate.verified.on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ('"11/12"', Decimal("0.9166666666666666666666666667")),
        ("4/5", Decimal("0.8")),
        ('"0.8"', Decimal("0.8")),
        ('"1"', Decimal(1)),
        ('"1/1"', Decimal(1)),
    ],
)
def test_a_share_is_a_fraction_or_a_decimal(written: str, exact: Decimal) -> None:
    domain, problems = _read(f"{RATE}, share: {written}")
    assert problems == []
    assert domain is not None
    assert domain.rates[0].share == exact


def test_the_last_day_is_outside() -> None:
    domain, _ = _read(f'{RATE}, to: "2024-07-01"')
    assert domain is not None
    (rate,) = domain.rates
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2024, 6, 30), date(2024, 7, 1)]
    assert [rate.on(day) for day in days] == [False, True, True, False]


def test_a_start_that_was_not_read_holds_on_every_earlier_day() -> None:
    domain, _ = _read(RATE.replace('"2021-01-01"', "unread"))
    assert domain is not None
    assert domain.rates[0].start == UNREAD_START
    assert domain.rates[0].on(date(1968, 1, 1))


def test_a_rate_that_nobody_has_read_has_no_percentage() -> None:
    domain, problems = _read(RATE.replace('percent: "19"', "unread: true"))
    assert problems == []
    assert domain is not None
    assert (domain.rates[0].percent, domain.rates[0].unread) == (None, True)


def test_an_exempt_line_has_no_percentage() -> None:
    domain, problems = _read('id: cure, category: medicine, kind: exempt, from: "2021-01-01", confidence: A')
    assert problems == []
    assert domain is not None
    assert (domain.rates[0].percent, domain.rates[0].unread) == (None, False)


def test_a_territory_is_known_by_postcode_or_place() -> None:
    codes = 'postal_codes: ["27498", "6991-6993", "CH:8238", BT]'
    domain, problems = _read(territories=f'{PLACE}, place: ES-CN, treated_as: UK, {codes}, to: "2027-01-01"')
    assert problems == []
    assert domain is not None
    (rock,) = domain.territories
    assert (rock.name, rock.place, rock.treated_as) == ("The Rock", "ES-CN", "GB")
    assert (rock.vat_area, rock.customs_area) == (False, True)
    assert rock.postal_codes == ("27498", "6991-6993", "CH:8238", "BT")
    assert (rock.start, rock.end, rock.confidence) == (UNREAD_START, date(2027, 1, 1), Confidence.C)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (RATE.replace("kind: standard, ", ""), "5: error [key-missing] The rate standard.2021 has no `kind`."),
        (RATE + ", percnt: 3", "111: error [key-unknown] The rate standard.2021 has no key `percnt`. Did you mean percent?"),
        (
            RATE.replace('percent: "19"', 'percant: "19"'),
            "5: error [key-missing] The rate standard.2021 has neither `percent` nor `unread: true`. Did you mean percant?",
        ),
        (RATE.replace("kind: standard", "kind: reducd"), "51: error [value] `kind` is never 'reducd'. Did you mean reduced?"),
        (RATE.replace('"19"', "19"), "70: error [yaml-unquoted] 19 stands without quotes. Write \"19\"."),
        (RATE.replace('"19"', '"19 %"'), "70: error [value-type] '19 %' is not a plain decimal number."),
        (RATE.replace('"2021-01-01"', '"2021-02-30"'), "82: error [date] '2021-02-30' is not a day. Write it as \"2026-11-22\"."),
        (
            RATE + ", supplies: [good]",
            "122: error [enum-value] No line of a sale is ever of the kind 'good'. Did you mean goods?",
        ),
        (RATE + ', share: "1/0"', "118: error [value-type] '1/0' is not a plain decimal number."),
    ],
)  # fmt: skip
def test_a_faulty_rate_is_refused_where_it_stands(rate: str, said: str) -> None:
    assert _said(rate) == said


@pytest.mark.parametrize("flag", ["vat_area", "customs_area"])
def test_a_border_is_never_left_to_silence(flag: str) -> None:
    without = PLACE.replace(f"{flag}: false, ", "").replace(f"{flag}: true, ", "")
    assert _said(territories=f"{without}, place: GP") == f"5: error [key-missing] The territory rock has no `{flag}`."


def test_every_fault_of_a_line_is_named_at_once() -> None:
    line = RATE.replace("category: standard", "category: Hot-Food").replace('"19"', '"190"') + ', share: "2"'
    _, problems = _read(line)
    assert [problem.partition("[")[2].partition("]")[0] for problem in problems] == [
        "rate-token", "rate-percent", "rate-share",
    ]  # fmt: skip


def test_other_domains_have_no_rates() -> None:
    _, problems = _read(RATE, domain="kyc")
    assert [problem.partition(" Known")[0] for problem in problems] == [
        "FR/kyc.yaml:2:1: error [key-unknown] A domain file has no key `rates`."
    ]


def test_the_period_of_a_day_ends_where_a_rate_or_a_territory_does() -> None:
    rates = f'rates:\n  - {{{RATE}, to: "2024-07-01"}}\n'
    text = f'domain: tax\n{rates}territories:\n  - {{{PLACE}, place: GP, from: "2022-05-01"}}\n'
    packs, _ = read_packs(edited([{"file": "FR/tax.yaml", "new": text}]))
    layers = Layers(packs)
    chain = layers.chain("FR", date(2026, 1, 1))
    assert layers.segment(chain, "tax", date(2021, 12, 31)) == date(2021, 1, 1)
    assert layers.segment(chain, "tax", date(2024, 6, 30)) == date(2022, 5, 1)
    assert layers.segment(chain, "tax", date(2026, 1, 1)) == date(2024, 7, 1)


def test_the_example_of_the_reference_page_is_without_fault() -> None:
    page = (HERE.parents[1] / "docs/reference/rulepack-format.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(domain: tax\n.*?)```", page, re.DOTALL)
    assert found
    manifest = (
        'schema: rulepack/v1\njurisdiction: DE\nname: Germany\nversion: "2026.1.0"\nextends: [WORLD]\ntime_zone: Europe/Berlin\n'
        'currency: EUR\nsources:\n  ustg: {title: Umsatzsteuergesetz, kind: regulation, published: "2005-02-21"}\n'
        'verified: {on: "2026-01-10", by: the tests}\n'
    )
    edits = [{"file": "DE/pack.yaml", "new": manifest}, {"file": "DE/tax.yaml", "new": found[1]}]
    assert [str(problem) for problem in lint(edits, TODAY)] == []


def test_a_sealed_release_holds_the_rates() -> None:
    files = good()
    packs = PackSet.from_canonical(seal(files, "1").canonical)
    part = packs.packs["FR"].domains["tax"]
    assert [rate.percent for rate in part.rates if rate.category == "standard"] == [Decimal("19.6"), Decimal(20)]
    other = seal(edited([{"file": "FR/tax.yaml", "old": '"19.6"', "new": '"19.60"'}]), "1")
    assert other.digest != packs.release.digest
