"""The cases of the packs, decided: each by the decision that callers get, with the rules compiled and once more interpreted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from engine.decide import decide
from engine.facts import Facts
from engine.features import StatedFeatures
from engine.history import FeatureAnswer, FeatureQuestion, NullHistory
from engine.language.compile import Evaluate
from engine.language.law import Moment
from engine.language.specialise import Grown
from engine.money import FixedRates
from engine.packs.cases import EXPECTED, Expectation, NoTransaction, facts_in, moment_of
from engine.packs.compile import Compiled
from engine.packs.model import Case, Pack
from engine.packs.packset import PackSet
from engine.packs.testing import ELSEWHERE, FAILS, GIVEN, CaseResult, see_all

NO_RATES: Final = FixedRates(())
"""A case is the same in every year: amounts are written in the currency of the law, and nothing is converted."""

Body = Mapping[str, Any]


def run_cases(packs: PackSet, jurisdictions: Iterable[str] | None = None) -> Iterator[CaseResult]:
    """Decide every case of these packs, or of all."""
    interpreted = Interpreted(packs)
    for code in sorted(jurisdictions or packs.packs):
        pack = packs.packs[code]
        for name, domain in pack.domains.items():
            for case in domain.cases:
                yield _run(case, pack, name, (packs, interpreted))


class Interpreted(PackSet):
    """The same release with every rule asked of the interpreter: the definition, beside what was compiled from it."""

    def __init__(self, packs: PackSet):
        super().__init__(packs.packs, packs.files, packs.release)
        self._quick = packs
        self._slow: dict[int, Compiled] = {}

    def compiled(self, place: str, domain: str, day: date) -> Compiled:
        """The law of one domain at a place on a day, as `law` and `laws` have it. Two places under one law get one
        object, as of the compiled one."""
        compiled = self._quick.law(place, domain, day)
        if id(compiled) not in self._slow:
            # Without an executor no shape of payment ever gets code of its own.
            self._slow[id(compiled)] = replace(
                compiled, evaluate=_interpreter(compiled), executor=Grown((), compiled.law), derived={}, spoken={}
            )
        return self._slow[id(compiled)]


def _interpreter(compiled: Compiled) -> Evaluate:
    def evaluate(facts: Mapping[str, Any], moment: Moment) -> tuple[bool | None, ...]:
        seen = see_all(compiled, facts, moment)
        return tuple(seen[active.rule.id].value for active in compiled.rules)

    return evaluate


def _run(case: Case, pack: Pack, domain: str, both: tuple[PackSet, PackSet]) -> CaseResult:
    known, read = EXPECTED[domain], READ[domain]
    result = CaseResult(pack.jurisdiction, case.name, case.spot, expected=case.expect)
    try:
        facts = facts_in(case, pack)
    except NoTransaction as error:
        return replace(result, code=GIVEN, found=f"no caller could state these facts: {error}")
    quick, slow = (_decided(facts, packs, case, pack, domain) for packs in both)
    got = {key: read[key](quick) for key in case.expect}
    result = replace(result, got=got)
    packs_asked = read["packs"](quick)
    if pack.jurisdiction not in packs_asked:
        asked = ", ".join(packs_asked) or "nobody, as no provider's place is stated"
        found = f"{pack.jurisdiction} has no say in this payment of {moment_of(case, pack).date()}: asked was {asked}"
        return replace(result, code=ELSEWHERE, found=found)
    if quick != slow:
        return replace(result, code=FAILS, found=f"the executors disagree: {_apart(quick, slow, read)}")
    wrong = [key for key, expected in case.expect.items() if not _as_expected(known[key], expected, got[key])]
    if wrong:
        return replace(result, code=FAILS, found=_told(case, domain, wrong, quick))
    return result


class CaseHistory(NullHistory):
    """The past as a case states it; of the counters it says nothing."""

    def __init__(self, case: Case):
        self._stated = StatedFeatures(case.given)

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """What the case says under the names of the features."""
        return self._stated.features(asked)


def _decided(facts: Facts, packs: PackSet, case: Case, pack: Pack, domain: str) -> Body:
    """The answer, asked at the moment of the payment by somebody who remembers what the case says, and nothing else."""
    when = moment_of(case, pack)
    decision = decide(
        facts, packs, CaseHistory(case), rates=NO_RATES, decision_id="case", now=when, locale="en", domains=(domain,)
    )
    return decision.body


# -- reading an answer -------------------------------------------------------------------------------------------------------


def _names(field: str, key: str) -> Callable[[Body], tuple[str, ...]]:
    """Names in the order of the answer, once: the laws of two places may say the same."""
    return lambda body: tuple(dict.fromkeys(entry[key] for entry in body[field]))


def _inner(part: str, field: str, key: str) -> Callable[[Body], tuple[str, ...]]:
    """Names in a list of one domain's own part."""
    of_part = _names(field, key)
    return lambda body: of_part(body[part])


def _own(part: str, *fields: str) -> dict[str, Callable[[Body], Any]]:
    """Fields of one domain's own part."""

    def reader(field: str) -> Callable[[Body], Any]:
        return lambda body: body[part][field]

    return {field: reader(field) for field in fields}


def _exceeded(part: str) -> Callable[[Body], tuple[str, ...]]:
    """Names of the limits that a payment does not keep within."""
    return lambda body: tuple(entry["name"] for entry in body[part]["limits"] if entry["exceeded"])


Reader = Callable[[Body], Any]

_EVERYWHERE: Final[Mapping[str, Reader]] = {
    "outcome": lambda body: body["outcome"],
    "missing": _names("missing", "field"),
    "obligations": _names("obligations", "code"),
    "because": _names("findings", "rule"),
    "packs": _names("rulepacks", "jurisdiction"),
}

READ: Final[Mapping[str, Mapping[str, Reader]]] = {
    "sca": {
        **_EVERYWHERE,
        **_own("sca", "verdict", "exemption", "by", "reason", "regime", "satisfied", "one_leg", "dynamic_linking", "confidence"),
        "available": _inner("sca", "available", "name"),
        "closed": _inner("sca", "closed", "name"),
        "methods": _inner("sca", "method_rules", "code"),
    },
    "aml": {
        **_EVERYWHERE,
        **_own("aml", "verdict", "due_diligence", "retain_until", "confidence"),
        "reports": _inner("aml", "reports", "code"),
        "due": _inner("aml", "reports", "due"),
        "travel_rule": lambda body: body["aml"]["travel_rule"]["applies"],
        "travel_missing": lambda body: tuple(body["aml"]["travel_rule"]["missing"]),
    },
    "residency": {
        **_EVERYWHERE,
        **_own("residency", "verdict", "confidence"),
        "verdicts": _inner("residency", "checks", "verdict"),
        "grounds": _inner("residency", "checks", "ground"),
        "mechanisms": _inner("residency", "checks", "mechanism"),
        "regimes": _inner("residency", "checks", "regime"),
    },
    "kyc": {
        **_EVERYWHERE,
        **_own("kyc", "verdict", "level_required", "confidence"),
        "collect": _inner("kyc", "collect", "field"),
        "exceeded": _exceeded("kyc"),
    },
    "methods": {
        **_EVERYWHERE,
        **_own("method", "verdict", "confidence"),
        "collect": _inner("method", "collect", "field"),
        "exceeded": _exceeded("method"),
        "failed": lambda body: tuple(one["name"] for one in body["method"]["checks"] if one["verdict"] == "failed"),
    },
}  # fmt: skip
"""Domain -> where an answer has what a case expects."""


def _as_expected(wanted: Expectation, expected: Any, got: Any) -> bool:
    if wanted.kind == "all":
        return set(expected) == set(got)
    return set(expected) <= set(got) if wanted.kind == "some" else bool(expected == got)


def _apart(quick: Body, slow: Body, readers: Mapping[str, Reader]) -> str:
    """The first field of the answer in which the executors differ."""
    for key, read in readers.items():
        if read(quick) != read(slow):
            return f"{key} {_said(read(quick))} compiled, {_said(read(slow))} interpreted"
    return "their answers differ in words only"


def _told(case: Case, domain: str, wrong: list[str], body: Body) -> str:
    """What was expected, what was got, and what the answer itself gives as the reason."""
    known, read, sentences = EXPECTED[domain], READ[domain], []
    for key in wrong:
        among = "among others " if known[key].kind == "some" else ""
        sentences.append(f"expected {key} {among}{_said(case.expect[key])}, got {_said(read[key](body))}")
    reasons = _sca_reasons(case, body) if domain == "sca" else [str(read["verdict"](body))]
    missing = read["missing"](body)
    reasons += [f"not stated: {', '.join(missing)}"] if missing else []
    return f"{'; '.join(sentences)} ({'; '.join(reasons)})"


def _sca_reasons(case: Case, body: Body) -> list[str]:
    verdict = body["sca"]
    meant = {case.expect.get("exemption"), *case.expect.get("available", ())}
    closed = [entry for entry in verdict["closed"] if entry["name"] in meant]
    said = [f"{entry['name']} is closed: {entry['because']}" for entry in closed]
    return [f"{verdict['verdict']}, reason {_said(verdict['reason'])}", *said]


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return {None: "null", True: "true", False: "false"}.get(value, str(value))
