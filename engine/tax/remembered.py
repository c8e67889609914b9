"""What was said of the tax of a sale, remembered for sales that differ in nothing but amounts and names.

A ruling hangs on the law of the day, on who sells what to whom and where, and now and then on an amount: a threshold, the value
of a consignment. The procedure reads a sale of the first kind through `engine.tax.watched`, which notes whether it looked at
anything that varies. Where it did not, the next sale that states the same is told the same, with its own amounts in the blanks.
Nothing here changes an answer: `tests/property/test_tax_remembered.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final, NamedTuple

import orjson

from engine.facts import Facts, Shape
from engine.local_times import LocalTimes
from engine.money import RateKey, RateTable, plain
from engine.packs.packset import PackSet
from engine.tax import told
from engine.tax.amounts import Amounts, Charged, Reckoning, sum_of
from engine.tax.answer import exact
from engine.tax.assess import Assessed, assessed
from engine.tax.exchange import Found
from engine.tax.ids import checker
from engine.tax.law import TaxLaw
from engine.tax.profile import with_profile
from engine.tax.recorder import Recorder, Totals, nothing_recorded, recorder_of
from engine.tax.registers import UNASKED, Registers
from engine.tax.sale import IdCheck, Price, Profiles, evidence, prices_of, sale_of, tax_id
from engine.tax.territories import district
from engine.tax.told import Answered
from engine.tax.watched import EVIDENCE, Reads, watched
from engine.words import Words

_KEPT: Final = 4000
"""Lines of answers that are kept for a release, some 8 kB each."""
_SEEN: Final = 20_000
"""Sales that came once; what never comes again is not worth keeping."""
_DAYS: Final = 4
"""Forms of one kind of sale, for places whose local days differ from those of the others."""
_LONGEST: Final = 20
"""Lines of the longest basket that is remembered."""

_FACTS: Final = (
    "currency", "payee.country", "payee.region", "payer.country", "payer.region", "payer.type",
)  # fmt: skip
_OPEN: Final = ("payee.facts", "payer.facts", "facts")
_PARTIES: Final = (("payee.country", "payee.postal_code"), ("payer.country", "payer.postal_code"))
_MERCHANT, _REGISTERED, _NUMBERS, _LINES = "payee.merchant", "payee.registrations", "payer.tax_ids", "lines"
_LINE: Final = (
    "kind", "category", "tax_inclusive", "ship_from.country", "ship_from.region", "ship_to.country", "ship_to.region",
    "supplied_at.country", "supplied_at.region", "origin.country", "marketplace",
)  # fmt: skip
"""What `engine.tax.sale` reads, but for amounts, quantities and names: `tests/tax/test_remembered.py` holds it to that."""
_NEVER: Final = ("discount", "price_of_home_rate")
"""Facts of a sale with which amounts decide more than amounts."""

_ZERO: Final = Decimal(0)

Key = tuple[Any, ...]


class Kind(NamedTuple):
    """Sales that are told the same: whatever the evidence of the customer's place is, or with the same."""

    key: Key
    facts: Facts

    @property
    def with_evidence(self) -> Key:
        """The key of sales with the same evidence."""
        return (self.key, tuple(evidence(self.facts).items()))


class Memory:
    """The forms of one release. Safe between threads: forms never change, and every step on the tables is one operation."""

    __slots__ = ("_forms", "_held", "_seen", "_stated")

    def __init__(self) -> None:
        self._stated: dict[Shape, _Stated] = {}
        self._forms: dict[Key, tuple[Form, ...]] = {}
        self._seen: set[int] = set()
        self._held = 0

    def find(self, kind: Kind, times: LocalTimes) -> Form | None:
        """The form of sales like this one, on their local days."""
        known = self._forms.get(kind.key) or self._forms.get(kind.with_evidence, ())
        for form in known:
            if form.holds(times):
                return form
        return None

    def stated(self, shape: Shape) -> _Stated:
        """What sales of one shape state of what tells sales apart."""
        found = self._stated.get(shape)
        if found is None:
            if len(self._stated) >= _KEPT:
                self._stated.clear()
            found = self._stated[shape] = _Stated.of(shape)
        return found

    def recurs(self, key: Key) -> bool:
        """Whether such a sale came before. Only a number is kept of the first one, and a false yes does no harm."""
        number = hash(key)
        if number in self._seen:
            return True
        if len(self._seen) >= _SEEN:
            self._seen.clear()
        self._seen.add(number)
        return False

    def keep(self, key: Key, form: Form) -> None:
        """Keep a form; all are forgotten when they grow too many."""
        if self._held > _KEPT:
            self._forms, self._held = {}, 0
        known = self._forms.get(key, ())
        if len(known) < _DAYS:
            self._held += len(form.lines)
        self._forms[key] = (form, *known)[:_DAYS]


class _Line(NamedTuple):
    """A line of the answer with blanks: its name, its amounts and those of its taxes."""

    said: dict[str, Any]
    at: int | None
    """Which of the reckoned amounts is its own; None: undecided, it has none."""


class _Finding(NamedTuple):
    """A finding with a blank: the names of its lines."""

    said: dict[str, Any]
    lines: tuple[int, ...]


_NO_RATES: Final[Mapping[RateKey, Found]] = {}


@dataclass(frozen=True, slots=True)
class Form:
    """The answer to every sale of one kind."""

    days: tuple[tuple[tzinfo, date], ...]
    """The local days on which it holds."""
    tax: dict[str, Any]
    lines: tuple[_Line, ...]
    decided: tuple[int, ...]
    """The lines that have amounts."""
    reckoning: Reckoning
    currency: str
    findings: tuple[_Finding, ...]
    missing: list[dict[str, Any]]
    rulepacks: list[dict[str, Any]]
    outcomes: frozenset[str]
    obligations: list[dict[str, Any]]

    def holds(self, times: LocalTimes) -> bool:
        """Whether it is the law's day everywhere it was asked."""
        for zone, day in self.days:  # noqa: SIM110  a generator takes longer than what it looks at
            if times[zone].date() != day:
                return False
        return True

    def fill(self, prices: Sequence[Price], names: Sequence[str]) -> Answered:
        """The answer to one of them."""
        currency = self.currency
        amounts = self.reckoning.of([prices[at][0] for at in self.decided])
        lines = []
        for (said, at), name in zip(self.lines, names, strict=True):
            line = said.copy()
            line["id"] = name
            if at is not None:
                _fill(line, amounts[at], currency)
            lines.append(line)
        tax = self.tax.copy()
        tax["lines"] = lines
        if tax["verdict"] == "determined":
            tax["total"] = lines[0]["tax"] if len(lines) == 1 else plain(sum_of([one.tax for one in amounts]), currency)
        findings = [_named(*one, names) for one in self.findings]
        return Answered(tax, findings, self.missing, self.rulepacks, self.outcomes, _NO_RATES, self.obligations)


def _fill(line: dict[str, Any], amounts: Amounts, currency: str) -> None:
    """The blanks of a decided line."""
    net, tax = plain(amounts.net, currency), plain(amounts.tax, currency)
    components = []
    for said, levied in zip(line["components"], amounts.levied, strict=True):
        component = said.copy()
        component["taxable_amount"] = net if levied.base is amounts.net else plain(levied.base, currency)
        component["amount"] = tax if levied.amount is amounts.tax else plain(levied.amount, currency)
        component["unrounded"] = exact(levied.unrounded)
        components.append(component)
    line["components"] = components
    line["net"], line["tax"], line["gross"] = net, tax, plain(amounts.gross, currency)


def _named(said: dict[str, Any], lines: tuple[int, ...], names: Sequence[str]) -> dict[str, Any]:
    """A finding that names its lines."""
    finding = said.copy()
    finding["because"] = because = said["because"].copy()
    because["lines"] = names[lines[0]] if len(lines) == 1 else ", ".join([names[at] for at in lines])
    return finding


# -- asking -----------------------------------------------------------------------------------------------------------------


class Question(NamedTuple):
    """What a decision asks of tax."""

    facts: Facts
    packs: PackSet
    words: Words
    times: LocalTimes
    legal_day: date | None
    rates: RateTable
    registers: Registers = UNASKED
    """What was heard of the customer's numbers; with it nothing is remembered."""
    totals: Totals = nothing_recorded
    """What is recorded of the seller's sales; where it declared that all are, nothing is remembered."""


def answered(
    question: Question, profiles: Profiles
) -> tuple[Answered | None, Mapping[str, Any] | None, Recorder | None]:
    """The tax of the sale that is stated, if one is, with the stored merchant behind it; that merchant's profile; and what
    was looked up of its recorded sales, where it declared that all are."""
    facts, packs, words, times, legal_day, rates, registers, totals = question
    occurred = times.instant
    merchant = facts.get("payee.merchant")
    profile = profiles(merchant) if merchant is not None else None
    day = occurred.date()
    facts = with_profile(facts, profile, day)
    if facts.get("kind", "sale") != "sale":
        return None, profile, None
    law = told.law_of(packs)
    check, prices = checker(law, legal_day or day), prices_of(facts)
    asked = _Asked(law, check, day, legal_day, words.locale, rates.by_law)
    recorder = recorder_of(merchant, profile, totals)
    memory = memory_of(packs)
    kind = None if registers.heard or recorder is not None else _kind(facts, prices, asked, memory.stated(facts.shape))
    form = memory.find(kind, times) if kind is not None else None
    if form is not None:
        return form.fill(prices, _names(facts)), profile, None
    sale = sale_of(facts, occurred, check)
    assert sale is not None
    sale = registers.told(sale)
    reads = Reads() if kind is not None and memory.recurs(kind.key) else None
    if reads is not None:
        sale = watched(sale, reads)
    found = assessed(sale, law, rates, legal_day=legal_day, recorded=recorder, ruled=reads.close if reads else None)
    said = told.answered(found, packs, words)
    if kind is not None and reads is not None and reads.names <= {EVIDENCE}:
        form = _form(found, said, facts["currency"], packs)
        if form is not None:
            memory.keep(kind.with_evidence if reads.names else kind.key, form)
    return said, profile, recorder


def memory_of(packs: PackSet) -> Memory:
    """The forms of a release."""
    found: Memory | None = packs.derived.get("tax.remembered")
    if found is None:
        found = packs.derived.setdefault("tax.remembered", Memory())
    return found


def _names(facts: Facts) -> list[str]:
    """The lines' own names, or their numbers."""
    stated = facts.get("lines")
    return [line.get("id") or str(at) for at, line in enumerate(stated, 1)] if stated else ["1"]


# -- what is alike ----------------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """Under which law, on which day, in which language, with what kind of rates."""

    law: TaxLaw
    check: IdCheck
    day: date
    legal_day: date | None
    locale: str
    by_law: bool
    """Whether every rate is the one that the law of its place wants, as in all answers but the oldest."""


class _Stated(NamedTuple):
    """What all sales of one shape state of what tells sales apart."""

    names: tuple[str, ...]
    """Of everything below: with them in the key, nothing has to stand for what is not stated."""
    plain: Callable[[Facts], Any]
    open: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    merchant: bool
    registered: bool
    numbers: bool
    lines: bool

    @classmethod
    def of(cls, shape: Shape) -> _Stated:
        """Of one shape."""
        paths = shape.paths
        plain = [path for path in _FACTS if path in paths]
        open_ = tuple(path for path in _OPEN if path in paths)
        parties = tuple(pair for pair in _PARTIES if pair[1] in paths)
        merchant = _MERCHANT in paths and "payee.country" not in paths
        lists = [path for path in (_REGISTERED, _NUMBERS, _LINES) if path in paths]
        names = (*plain, *open_, *[pair[1] for pair in parties], *((_MERCHANT,) if merchant else ()), *lists)
        has = (_REGISTERED in paths, _NUMBERS in paths, _LINES in paths)
        return cls(names, itemgetter(*plain), open_, parties, merchant, *has)


def _kind(facts: Facts, prices: Sequence[Price], asked: _Asked, stated: _Stated) -> Kind | None:
    """What sales have in common that are told the same: all that they state, but for amounts and names. None: not remembered."""
    names, plain, open_, parties, merchant, registered, numbers, lines = stated
    law, whole = asked.law, facts.get("facts")
    if len(prices) > _LONGEST or (whole and any(name in whole for name in _NEVER)):
        return None
    key = [names, plain(facts), *asked[2:]]
    try:
        key += [_json(facts[path]) for path in open_]
        key += [_district(facts, party, law) for party in parties]
        if merchant:
            key.append(facts[_MERCHANT])
        if registered:
            key.append(tuple([tuple(one.items()) for one in facts[_REGISTERED]]))
        if numbers:
            key.append(_states(facts[_NUMBERS], asked.check))
        if lines:
            key += [_line(line, price[1], law) for line, price in zip(facts[_LINES], prices, strict=False)]
    except TypeError:  # an open fact that is no JSON
        return None
    return Kind(tuple(key), facts)


def _district(stated: Mapping[str, Any], paths: tuple[str, str], law: TaxLaw) -> Any:
    """The postcode of a place as far as any law tells it from others: never a customer's own, where its country is known."""
    postcode = stated.get(paths[1])
    if postcode is None:
        return None
    country = stated.get(paths[0])
    return postcode if country is None else district(country[:2], postcode, law)


_PRESENT: Final = ("consignment_value", "quantity")
"""What a ruling may turn on where it is not stated; how much it is varies."""
_ENDS: Final = tuple((f"{end}.country", f"{end}.postal_code") for end in ("ship_from", "ship_to", "supplied_at"))


def _json(stated: Any) -> bytes:
    """Open facts in a form in which true is not 1 and a number is no text."""
    return orjson.dumps(stated, option=_STRICT)


_STRICT: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def _states(numbers: Sequence[Mapping[str, Any]], check: IdCheck) -> tuple[tuple[str | None, str], ...]:
    """Of the payer's tax numbers what is kept: whose they are and what was found out about them, never the number."""
    looked_at = [tax_id(number, check) for number in numbers if number.get("value")]
    return tuple([(number.country, number.state) for number in looked_at])


def _line(line: Mapping[str, Any], unpriced: str | None, law: TaxLaw) -> Key:
    row = [*map(line.get, _LINE), unpriced]
    row += [name for name in _PRESENT if name in line]
    for end in _ENDS:
        if end[1] in line:
            row += (end[1], _district(line, end, law))
    if stated := line.get("facts"):
        row.append(_json(stated))
    return tuple(row)


def _form(found: Assessed, said: Answered, currency: str, packs: PackSet) -> Form | None:
    """The answer with blanks, or None where its amounts do not follow from the prices alone."""
    parts = [portions[0] for portions in found.settled]
    if found.rates or any(len(portions) != 1 or portions[0].ruling.duties for portions in found.settled):
        return None
    charged: list[Charged] = [part.charged._replace(amount=_ZERO) for part in parts if part.charged is not None]
    decided = tuple([at for at, part in enumerate(parts) if part.charged is not None])
    at_part = {id(part): at for at, part in enumerate(parts)}
    findings = [
        _Finding(_blank(finding), tuple([at_part[id(part)] for part in alike]))
        for finding, alike in zip(said.findings, told.ruled_alike(found), strict=True)
    ]
    zones = {packs.layers.zone(place): day for (place, _), day in found.days.items()}
    return Form(
        tuple(zones.items()),
        {**found.answer, "lines": [], "total": None},
        tuple(
            [
                _Line(_blank_line(line), decided.index(at) if at in decided else None)
                for at, line in enumerate(found.answer["lines"])
            ]
        ),
        decided,
        Reckoning(charged, currency),
        currency,
        tuple(findings),
        said.missing,
        said.rulepacks,
        said.outcomes,
        said.obligations,
    )


def _blank_line(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the answer without its name and its amounts: nobody's stay in memory."""
    components = [{**one, **_BLANK_COMPONENT} for one in line["components"]]
    return {**line, **_BLANK_LINE, "components": components}


_BLANK_COMPONENT: Final = dict.fromkeys(("taxable_amount", "amount", "unrounded"))
_BLANK_LINE: Final = dict.fromkeys(("id", "net", "tax", "gross"))


def _blank(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding without the names of its lines."""
    return {**finding, "because": {**finding["because"], "lines": ""}}
