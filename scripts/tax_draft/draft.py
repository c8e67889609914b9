"""What a place's file is put together from, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scripts.tax_draft.facts import UNREAD, slug

RECALLED = "tax_law"
"""The source that stands for a place's own act where no text of it was read."""


ACT_NOTE = "the act itself was not read; each entry names what was"


_ELI = "https://eur-lex.europa.eu/eli"
_DATELESS = "date not read"
KNOWN: dict[str, tuple[str, dict[str, str]]] = {
    "Directive 2006/112/EC": (
        "vat_directive",
        {"url": f"{_ELI}/dir/2006/112/oj", "published": "2006-12-11", "in_force": "2007-01-01"},
    ),
    "Implementing Regulation (EU) No 282/2011": (
        "vat_implementing_regulation",
        {"url": f"{_ELI}/reg_impl/2011/282/oj", "published": "2011-03-23", "applies": "2011-07-01"},
    ),
    "Directive (EU) 2017/2455": ("directive_2017_2455", {"url": f"{_ELI}/dir/2017/2455/oj", "published": "2017-12-29"}),
    "Directive (EU) 2022/542": ("directive_2022_542", {"url": f"{_ELI}/dir/2022/542/oj", "published": "2022-04-06"}),
    "Directive (EU) 2020/285": ("directive_2020_285", {"url": f"{_ELI}/dir/2020/285/oj", "published": "2020-03-02"}),
    "Directive (EU) 2025/516 (ViDA)": ("vida", {"url": f"{_ELI}/dir/2025/516/oj", "published": "2025-03-25"}),
    "Directive 98/6/EC as transposed": ("directive_98_6", {"url": f"{_ELI}/dir/1998/6/oj", "published": "1998-03-18"}),
    "Directive 98/6/EC": ("directive_98_6", {"url": f"{_ELI}/dir/1998/6/oj", "published": "1998-03-18"}),
    "Directive 2009/132/EC": ("directive_2009_132", {"url": f"{_ELI}/dir/2009/132/oj", "published": "2009-11-10"}),
    "Regulation (EU) No 904/2010": (
        "regulation_904_2010",
        {"url": f"{_ELI}/reg/2010/904/oj", "published": "2010-10-12"},
    ),
    "Regulation (EU) No 952/2013": ("customs_code", {"url": f"{_ELI}/reg/2013/952/oj", "published": "2013-10-10"}),
    "56th GST Council": ("gst_council_56", {"note": _DATELESS}),
}
"""Instruments with an id of their own, and what is known of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated value of a parameter."""

    start: str
    value: str
    """As it is written: `"19"` with its quotes, `true`, `null`, or `unread`."""
    confidence: str = "R"
    cite: tuple[str, str] | None = None
    evidence: str = ""
    note: str = ""


@dataclass(slots=True)
class Parameter:
    """A parameter with its values in the order of their days."""

    kind: str
    unit: str = ""
    label: str = ""
    basis: str = "statute"
    entries: list[Entry] = field(default_factory=list)
    overridable: str = ""
    """The layer below that may set another value."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of rates."""

    category: str
    kind: str
    percent: str | None
    start: str = UNREAD
    end: str | None = None
    component: str = "vat"
    confidence: str = "R"
    cite: tuple[str, str] | None = None
    evidence: str = ""
    condition: str = ""
    note: str = ""
    share: str = ""
    supplies: tuple[str, ...] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Territory:
    """A part of a country, or a neighbour that is taken for one."""

    id: str
    name: str
    vat_area: bool
    customs_area: bool
    confidence: str
    place: str = ""
    postal_codes: tuple[str, ...] = ()
    treated_as: str = ""
    start: str = ""
    end: str = ""
    cite: tuple[str, str] | None = None
    evidence: str = ""
    note: str = ""


@dataclass(slots=True)
class Draft:
    """The tax domain of one place."""

    place: str
    component: str = "vat"
    """The tax that most of its lines speak of."""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def source(self, title: str, *, kind: str = "regulation", **more: str) -> str:
        """The id of an instrument, declared where it is new."""
        for key, known in self.sources.items():
            if known["title"] == title:
                return key
        if title in KNOWN:
            self.sources[KNOWN[title][0]] = {"title": title, "kind": kind, **KNOWN[title][1], **more}
            return KNOWN[title][0]
        key = base = slug(title, 5)
        number = 2
        while key in self.sources:
            key, number = f"{base}_{number}", number + 1
        self.sources[key] = {"title": title, "kind": kind, **({"note": "date not read"} | more)}
        return key

    def set(self, name: str, kind: str, entry: Entry, **more: str) -> None:
        """A value of a parameter, in its place among the others."""
        parameter = self.parameters.setdefault(name, Parameter(kind, **more))
        parameter.entries.append(entry)
        parameter.entries.sort(key=lambda one: (one.start != UNREAD, one.start))


# -- writing -------------------------------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """Text in double quotes; the formatter takes off what is not needed."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flow(pairs: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs if value) + "}"


def _cite(cite: tuple[str, str] | None) -> str:
    if cite is None:
        return ""
    return _flow([("source", cite[0]), ("at", quoted(cite[1]) if cite[1] else "")])


def _day(start: str) -> str:
    return start if start == UNREAD else quoted(start)


def written(draft: Draft, domain: str = "tax") -> str:
    """The file of the domain, not yet in canonical form."""
    out = [f"domain: {domain}"]
    if draft.notes:
        out.append("note: " + quoted(" ".join(draft.notes)))
    if draft.parameters:
        out.append("parameters:")
        for name in sorted(draft.parameters, key=_rank):
            out += _parameter(name, draft.parameters[name])
    if draft.lines:
        out.append("rates:")
        out += [f"  - {line}" for line in _lines(draft)]
    if draft.territories:
        out.append("territories:")
        out += [f"  - {_territory(one)}" for one in draft.territories]
    return "\n".join(out) + "\n"


_FIRST = (
    "has_consumption_tax",
    "tax_name_local",
    "vat_name",
    "gst_name",
    "sales_tax_name",
    "tax_number_name",
    "stdnum_module",
)


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _parameter(name: str, parameter: Parameter) -> list[str]:
    last = parameter.entries[-1]
    shared = next((one for one in reversed(parameter.entries) if one.value != "null"), last)
    out = [f"  {name}:", f"    type: {parameter.kind}"]
    head = [
        ("unit", parameter.unit),
        ("label", quoted(parameter.label) if parameter.label else ""),
        ("basis", parameter.basis),
        ("cite", _cite(shared.cite)),
        ("confidence", shared.confidence),
        ("evidence", quoted(shared.evidence) if shared.evidence else ""),
        ("note", quoted(shared.note) if shared.note else ""),
        ("overridable", f"{{by: {parameter.overridable}, direction: any}}" if parameter.overridable else ""),
    ]
    out += [f"    {key}: {value}" for key, value in head if value]
    out.append("    values:")
    out += [f"      - {_entry(one, shared)}" for one in parameter.entries]
    return out


def _entry(entry: Entry, shared: Entry) -> str:
    unread = entry.value == UNREAD
    pairs = [("from", _day(entry.start)), ("unread" if unread else "value", "true" if unread else entry.value)]
    if entry.value != "null":
        pairs += [
            ("cite", _cite(entry.cite) if entry.cite != shared.cite else ""),
            ("confidence", entry.confidence if entry.confidence != shared.confidence else ""),
            ("evidence", quoted(entry.evidence) if entry.evidence and entry.evidence != shared.evidence else ""),
        ]
    pairs.append(("note", quoted(entry.note) if entry.note and entry.note != shared.note else ""))
    return _flow(pairs)


def _lines(draft: Draft) -> list[str]:
    ordered = sorted(
        draft.lines,
        key=lambda one: (
            one.component != draft.component, one.component, one.category != "standard", one.category,
            one.start != UNREAD, one.start, one.supplies, one.percent or "",
        ),
    )  # fmt: skip
    wanted = [_identity(draft, one, 4) for one in ordered]
    taken: dict[str, int] = {}
    out = []
    for line, short in zip(ordered, wanted, strict=True):
        identity = short if wanted.count(short) == 1 else _identity(draft, line, 10)
        taken[identity] = taken.get(identity, 0) + 1
        if taken[identity] > 1:
            identity = f"{identity}.{'abcdefgh'[taken[identity] - 2]}"
        out.append(_line(line, identity, draft))
    return out


def _identity(draft: Draft, line: Line, length: int) -> str:
    parts = [] if line.component == draft.component else [line.component]
    parts.append(line.category)
    if line.start != UNREAD:
        parts.append(line.start[:length].replace("-", "_"))
    return ".".join(parts)


def _line(line: Line, identity: str, draft: Draft) -> str:
    return _flow(
        [
            ("id", identity),
            ("category", line.category),
            ("kind", line.kind),
            ("component", line.component if line.component != "vat" else ""),
            ("percent", quoted(line.percent) if line.percent is not None else ""),
            ("unread", "true" if line.unread else ""),
            ("share", quoted(line.share) if line.share else ""),
            ("supplies", f"[{', '.join(line.supplies)}]" if line.supplies else ""),
            ("condition", quoted(line.condition) if line.condition else ""),
            ("from", _day(line.start)),
            ("to", quoted(line.end) if line.end else ""),
            ("cite", _cite(line.cite)),
            ("confidence", line.confidence),
            ("evidence", quoted(line.evidence) if line.evidence else ""),
            ("note", quoted(line.note) if line.note else ""),
        ]
    )


def _territory(one: Territory) -> str:
    return _flow(
        [
            ("id", one.id),
            ("name", quoted(one.name)),
            ("place", quoted(one.place) if one.place else ""),
            ("postal_codes", f"[{', '.join(quoted(code) for code in one.postal_codes)}]" if one.postal_codes else ""),
            ("vat_area", str(one.vat_area).lower()),
            ("customs_area", str(one.customs_area).lower()),
            ("treated_as", quoted(one.treated_as) if one.treated_as else ""),
            ("from", _day(one.start) if one.start else ""),
            ("to", quoted(one.end) if one.end else ""),
            ("cite", _cite(one.cite)),
            ("confidence", one.confidence),
            ("evidence", quoted(one.evidence) if one.evidence else ""),
            ("note", quoted(one.note) if one.note else ""),
        ]
    )


def source_lines(sources: dict[str, dict[str, str]]) -> list[str]:
    """Sources as lines of a manifest."""
    out = []
    for key, source in sources.items():
        pairs = [("title", quoted(source["title"])), ("kind", source["kind"])]
        pairs += [(name, quoted(text)) for name, text in source.items() if name not in ("title", "kind") and text]
        out.append(f"  {key}: {_flow(pairs)}")
    return out


def with_category(line: Line, category: str) -> Line:
    """The same line for another category."""
    return replace(line, category=category)
