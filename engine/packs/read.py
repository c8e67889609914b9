"""From files to packs: `rulepacks/<JURISDICTION>/pack.yaml` and one file a domain beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.catalogue import Field, fields_of, objects_of
from engine.language.check import check
from engine.language.errors import LanguageError
from engine.language.law import Gap
from engine.language.scope import NamedLet, Scope
from engine.language.types import BOOL, Type
from engine.money import DIGITS
from engine.packs.cases import read_case
from engine.packs.effects import read_effect
from engine.packs.feature import Feature
from engine.packs.fields import Keys, Notes, Stop, each, is_null
from engine.packs.model import (
    DOMAINS,
    Basis,
    Case,
    Confidence,
    Domain,
    LetDef,
    Member,
    Overridable,
    Pack,
    Parameter,
    Reading,
    Rule,
    Source,
    Test,
    Value,
)
from engine.packs.problems import PackError
from engine.packs.read_features import read_features
from engine.packs.read_scenarios import Around, read_scenarios
from engine.packs.read_tax import DOMAIN, read_rates, read_territories
from engine.packs.records import maybe_verified, read_cite, read_start, read_verified
from engine.packs.values import KINDS, RATE_UNITS, parameter_type, read_given, read_hour, read_value
from engine.packs.yaml import Scalar, YamlNode, read_yaml
from engine.places import UnknownPlace, place

SCHEMA: Final = "rulepack/v1"
CONNECTING_DATES: Final = ("payment_date", "supply_date", "decision_date", "order_date")
OUTCOMES: Final = ("allow", "challenge", "collect", "review", "block")
PACK_FILE: Final = "pack.yaml"
_WORD: Final = re.compile(r"[A-Za-z0-9_.]+")

Files = Mapping[str, str]
"""`"EEA/sca.yaml"` -> text."""


def read_pack(
    jurisdiction: str, top: YamlNode, files: Files, parents: Mapping[str, Pack], groups: frozenset[str], notes: Notes
) -> Pack | None:
    """One pack with its domains, from the root of its manifest and its own files.

    Problems go to `notes`; None where the manifest itself says too little.
    """
    try:
        manifest = _manifest(jurisdiction, top, notes)
    except Stop:
        return None
    domains: dict[str, Domain] = {}
    for name in DOMAINS:
        paths = domain_files(jurisdiction, name, files)
        if paths:
            try:
                domains[name] = _DomainReader(manifest, name, parents, groups, notes).read(
                    {path: files[path] for path in paths}
                )
            except (Stop, PackError) as error:
                notes.problems.extend(error.problems if isinstance(error, PackError) else ())
    return Pack(**{slot: getattr(manifest, slot) for slot in manifest.__slots__ if slot != "domains"}, domains=domains)


def domain_files(jurisdiction: str, domain: str, files: Files) -> list[str]:
    """`DE/sca.yaml`, or every file of the folder `DE/sca/`."""
    single, folder = f"{jurisdiction}/{domain}.yaml", f"{jurisdiction}/{domain}/"
    return sorted(path for path in files if path == single or (path.startswith(folder) and path.endswith(".yaml")))


def _manifest(jurisdiction: str, top: YamlNode, notes: Notes) -> Pack:
    keys = Keys(top, notes, "A pack")
    schema = keys.text("schema")
    if schema != SCHEMA:
        raise notes.stop("schema", keys.where("schema"), f"The schema {schema!r} is not {SCHEMA}.")
    code = keys.text("jurisdiction")
    if code != jurisdiction:
        notes.add(
            "jurisdiction",
            keys.where("jurisdiction"),
            f"The folder is {jurisdiction}, the pack says {code}.",
            "Name them alike.",
        )
    currency = keys.text("currency", "EUR")
    if currency not in DIGITS:
        notes.add("currency", keys.where("currency"), f"{currency!r} is not an ISO 4217 currency.")
    on_unknown = {key.text: _outcome(value, notes) for key, value in keys.entries("on_unknown")}
    pack = Pack(
        jurisdiction=code,
        name=keys.text("name"),
        version=keys.text("version"),
        extends=keys.words("extends"),
        members=tuple(each(keys.items("members"), lambda node: _member(node, notes))),
        time_zone=keys.text("time_zone", "UTC"),
        currency=currency,
        on_unknown=on_unknown,
        sources=dict(_sources(keys, notes)),
        verified=read_verified(keys.need("verified"), notes),
        spot=keys.spot,
        list_for=_list_for(keys, notes),
    )
    keys.done()
    return pack


def _list_for(keys: Keys, notes: Notes) -> tuple[str, ...]:
    found = keys.words("list_for")
    for name in found:
        if name not in DOMAINS:
            notes.add(
                "domain", keys.where("list_for"), f"There is no domain {name!r}.", f"Known: {', '.join(DOMAINS)}."
            )
    return found


def _outcome(node: YamlNode, notes: Notes) -> str:
    if not isinstance(node, Scalar) or node.text not in OUTCOMES[1:]:
        raise notes.stop(
            "on-unknown", node.spot, "What is not known never allows.", f"Known: {', '.join(OUTCOMES[1:])}."
        )
    return node.text


def _sources(keys: Keys, notes: Notes) -> list[tuple[str, Source]]:
    def one(entry: tuple[Scalar, YamlNode]) -> tuple[str, Source]:
        key, node = entry
        inner = Keys(node, notes, f"The source {key.text}")
        source = Source(
            key.text, inner.text("title"), inner.text("kind"), inner.maybe("url"),
            inner.day("published"), inner.day("in_force"), inner.day("applies"), key.spot,
        )  # fmt: skip
        inner.maybe("language"), inner.maybe("note")
        inner.done()
        return key.text, source

    found = []
    for entry in keys.entries("sources"):
        try:
            found.append(one(entry))
        except Stop:
            continue
    return found


def _member(node: YamlNode, notes: Notes) -> Member:
    keys = Keys(node, notes, "A member")
    code = keys.text("place")
    try:
        code = place(code)
    except UnknownPlace:
        notes.add("place-unknown", keys.where("place"), f"{code!r} is not an ISO 3166 place.")
    member = Member(
        code, read_start(keys, notes), keys.day("to"), keys.maybe("time_zone"), read_cite(keys, notes),
        keys.maybe_of("confidence", Confidence), keys.text("note", ""), keys.text("evidence", ""), keys.spot,
    )  # fmt: skip
    keys.done()
    return member


class _DomainReader:
    """Reads one domain file of one pack."""

    def __init__(self, pack: Pack, name: str, parents: Mapping[str, Pack], groups: frozenset[str], notes: Notes):
        self.pack, self.name, self.notes = pack, name, notes
        inherited = [parent.domains[name] for parent in parents.values() if name in parent.domains]
        self.params: dict[str, Type] = {
            key: parameter.type
            for domain in inherited
            for key, parameter in domain.parameters.items()
            if parameter.type
        }
        self.lets: dict[str, NamedLet] = {
            key: NamedLet(let.label, let.body) for domain in inherited for key, let in domain.lets.items()
        }
        self.features = {key: feature for domain in inherited for key, feature in domain.features.items()}
        self.past = {key: feature.named for key, feature in self.features.items()}
        self.scope = Scope(self.params, self.lets, groups, fields_of(name), objects_of(name), self.past)
        self.faulty: set[str] = set()
        """Parameters and lets that could not be read: an expression that names one has no fault of its own."""

    def read(self, files: Files) -> Domain:
        """All files of the domain: every parameter first, then the lets, then the rules, in the order of the file names."""
        tables = [self._open(path, text) for path, text in files.items()]
        parameters: dict[str, Parameter] = {}
        for keys in tables:
            self._parameters(keys, parameters)
        features = {name: feature for keys in tables for name, feature in self._features(keys).items()}
        lets = {name: let for keys in tables for name, let in self._lets(keys).items()}
        rules = tuple(rule for keys in tables for rule in each(keys.items("rules"), self._rule))
        cases = tuple(case for keys in tables for case in each(keys.items("cases"), self._case))
        scenarios = tuple(one for keys in tables for one in read_scenarios(keys, self.notes, self._around()))
        tax = [keys for keys in tables if self.name == DOMAIN]
        rates = tuple(rate for keys in tax for rate in read_rates(keys, self.notes))
        territories = tuple(part for keys in tax for part in read_territories(keys, self.notes))
        note = " ".join(filter(None, (keys.text("note", "") for keys in tables)))
        for keys in tables:
            keys.words("retired")  # ids that were given up: read by the linter
            keys.done()
        return Domain(
            self.name, parameters, lets, rules, cases, note, tuple(files), rates, territories, features, scenarios
        )

    def _around(self) -> Around:
        return Around(self.features, self.scope.groups, self.pack.currency)

    def _open(self, path: str, text: str) -> Keys:
        keys = Keys(read_yaml(text, path), self.notes, "A domain file")
        named = keys.text("domain")
        if named != self.name:
            self.notes.add("domain", keys.where("domain"), f"The file belongs to {self.name}, its domain says {named}.")
        return keys

    def _parameters(self, keys: Keys, found: dict[str, Parameter]) -> None:
        for key, node in keys.entries("parameters"):
            if key.text in found:
                self.notes.add(
                    "duplicate-id", key.spot, f"The parameter {key.text} stands twice.", f"See {found[key.text].spot}."
                )
                continue
            try:
                found[key.text] = self._parameter(key, node)
            except Stop:
                self.faulty.add(key.text)
                continue
            kind = found[key.text].type
            if kind is not None:
                self.params[key.text] = kind

    def _parameter(self, key: Scalar, node: YamlNode) -> Parameter:
        keys = Keys(node, self.notes, f"The parameter {key.text}")
        kind = keys.text("type")
        if kind not in KINDS:
            raise self.notes.stop(
                "value", keys.where("type"), f"There is no type {kind!r}.", f"Known: {', '.join(KINDS)}."
            )
        unit = keys.maybe("unit")
        if (kind == "money" and unit not in DIGITS) or (kind == "rate" and unit not in RATE_UNITS):
            raise self.notes.stop(
                "unit-missing",
                keys.where("unit"),
                f"The parameter {key.text} needs its unit.",
                "A currency, percent or bps.",
            )
        parameter = Parameter(
            name=key.text, label=keys.text("label", key.text.replace("_", " ")), kind=kind, unit=unit,
            type=parameter_type(kind, unit), basis=keys.one_of("basis", Basis, Basis.STATUTE), cite=read_cite(keys, self.notes),
            confidence=keys.one_of("confidence", Confidence), note=keys.text("note", ""), evidence=keys.text("evidence", ""),
            values=tuple(each(keys.items("values"), lambda item: self._value(item, kind, unit))),
            overridable=self._overridable(keys), verified=maybe_verified(keys, self.notes), spot=key.spot,
        )  # fmt: skip
        keys.done()
        return parameter

    def _overridable(self, keys: Keys) -> Overridable | None:
        node = keys.node_of("overridable")
        if node is None:
            return None
        inner = Keys(node, self.notes, "overridable")
        found = Overridable(inner.text("by"), inner.text("direction"))
        inner.done()
        if found.by not in ("country", "subdivision", "tenant") or found.direction not in ("lower", "higher", "any"):
            raise self.notes.stop(
                "overridable", node.spot, "overridable is by country, subdivision or tenant; lower, higher or any."
            )
        return found

    def _value(self, node: YamlNode, kind: str, unit: str | None) -> Value:
        keys = Keys(node, self.notes, "A value")
        pending, raw, value, deadline = keys.node_of("pending"), keys.node_of("value"), Gap.NONE, None
        unread = keys.flag("unread")
        found: Any = value
        if pending is not None:
            deadline = self._pending(pending)
        elif unread:
            found = Gap.UNREAD
        elif raw is None:
            raise self.notes.stop("key-missing", keys.spot, "A value has `value`, `unread: true` or `pending`.")
        elif not is_null(raw):
            found = read_value(raw, kind, unit, self.notes)
        start = read_start(keys, self.notes) if pending is None else date.max
        shown = raw.text if isinstance(raw, Scalar) else ""
        cite, confidence = read_cite(keys, self.notes), keys.maybe_of("confidence", Confidence)
        note, evidence = keys.text("note", ""), keys.text("evidence", "")
        keys.day("published")
        keys.done()
        return Value(start, found, shown, cite, confidence, note, evidence, keys.spot, pending is not None, deadline)

    def _pending(self, node: YamlNode) -> date | None:
        keys = Keys(node, self.notes, "pending")
        keys.text("awaiting")
        deadline = keys.day("deadline")
        keys.done()
        return deadline

    def _features(self, keys: Keys) -> dict[str, Feature]:
        taken = {*self.params, *self.lets, *self.features}
        found = read_features(keys, self.notes, self.pack.time_zone, taken, self.faulty)
        self.features.update(found)
        self.past.update((name, feature.named) for name, feature in found.items())
        return found

    def _lets(self, keys: Keys) -> dict[str, LetDef]:
        lets: dict[str, LetDef] = {}
        for key, node in keys.entries("lets"):
            try:
                inner = Keys(node, self.notes, f"The let {key.text}")
                label, text = inner.text("label", key.text.replace("_", " ")), inner.scalar(inner.need("is"), "is")
                inner.done()
                body = self._expression(text, None)
            except Stop:
                self.faulty.add(key.text)
                continue
            lets[key.text] = LetDef(key.text, label, text, body, key.spot)
            self.lets[key.text] = NamedLet(label, body)
        return lets

    def _expression(self, text: Scalar, want: Type | None) -> Any:
        source = text.text.replace("\n", " ").rstrip()
        try:
            return check(source, self.scope, want=want)
        except LanguageError as error:
            if error.code == "name-unknown" and self.faulty & set(_WORD.findall(source)):
                raise Stop from None
            raise self.notes.stop(error.code, text.locate(error.column - 1), error.message, error.hint or "") from None

    def _rule(self, node: YamlNode) -> Rule:
        keys = Keys(node, self.notes, "A rule")
        identity = keys.identifier("id")
        keys.said = f"The rule {identity}"
        applies = self._applies(keys)
        text = keys.scalar(keys.need("when"), "when")
        title = keys.text("title")
        rule = Rule(
            id=identity, title=title, basis=keys.one_of("basis", Basis), cite=read_cite(keys, self.notes),
            confidence=keys.one_of("confidence", Confidence), connecting=applies[0], start=applies[1], end=applies[2],
            text=text, when=self._expression(text, BOOL), effect=read_effect(keys, self.name, self.notes),
            unless=keys.words("unless"), message=keys.text("message", title), reading=self._reading(keys),
            note=keys.text("note", ""), evidence=keys.text("evidence", ""), spot=keys.spot,
            tests=tuple(each(keys.items("tests"), self._test)), verified=maybe_verified(keys, self.notes),
        )  # fmt: skip
        keys.done()
        return rule

    def _applies(self, keys: Keys) -> tuple[str, date, date | None]:
        inner = Keys(keys.need("applies"), self.notes, "applies")
        by = inner.text("by")
        if by not in CONNECTING_DATES:
            hint = f"Known: {', '.join(CONNECTING_DATES)}."
            raise self.notes.stop(
                "connecting-date", inner.where("by"), f"No fact is called {by!r} that could pick the version.", hint
            )
        found = by, read_start(inner, self.notes), inner.day("to")
        inner.done()
        return found

    def _reading(self, keys: Keys) -> Reading | None:
        node = keys.node_of("reading")
        if node is None:
            return None
        inner = Keys(node, self.notes, "A reading")
        reading = Reading(inner.text("chosen"), inner.text("alternative"), inner.text("by"))
        inner.done()
        return reading

    def _test(self, node: YamlNode) -> Test:
        keys = Keys(node, self.notes, "A test")
        expect = keys.need("expect")
        missing: tuple[str, ...] = ()
        if isinstance(expect, Scalar):
            outcome = expect.text
        else:
            inner = Keys(expect, self.notes, "expect")
            outcome, missing = "unknown", inner.words("unknown")
            inner.done()
        if outcome not in ("fires", "silent", "unknown"):
            raise self.notes.stop(
                "test-expect", keys.where("expect"), f"A test expects fires, silent or unknown, not {outcome!r}."
            )
        given = read_given(
            keys.need("given"), self.notes, currency=self.pack.currency, domain=self.name, features=self._fields()
        )
        hour = read_hour(keys, self.notes)
        test = Test(keys.text("name"), keys.day("on"), hour, given, outcome, tuple(missing), keys.spot)
        keys.done()
        return test

    def _case(self, node: YamlNode) -> Case:
        return read_case(node, self.pack, self.name, self.notes, self._fields())

    def _fields(self) -> dict[str, Field]:
        """What of the past a test may state, as it states facts."""
        return {name: feature.field for name, feature in self.features.items()}
