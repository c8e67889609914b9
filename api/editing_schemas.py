"""Drafts under an officer's hands, as asked for and answered: what is typed, the form beside it, its tests, a payment."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from api.draft_schemas import FILE_PATTERN, Asking, ProblemFound
from api.routes.decisions import no_nul
from api.schemas import Said
from engine.decision import DecisionBody
from engine.editing import Depth
from engine.transaction import Transaction

PathNamed = Annotated[str, StringConstraints(strict=True, pattern=FILE_PATTERN, max_length=200)]
FileText = Annotated[str, StringConstraints(strict=True, max_length=1_000_000), AfterValidator(no_nul)]
_Word = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_.-]{1,120}$")]
_Line = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[^\x00-\x1f\x7f]*$", max_length=2000, strip_whitespace=True),
    AfterValidator(no_nul),
]
_Start = Annotated[str, StringConstraints(strict=True, pattern=r"^(\d{4}-\d{2}-\d{2}|unread)$")]


class Typed(Asking):
    """A file of a draft, as it is typed."""

    path: PathNamed
    text: FileText
    depth: Depth = Depth.CHECKS
    """`reading`: syntax, names, types alone, at once; `checks`: everything that can be said of its pack."""


class Looked(Asking):
    """A file of a draft, as it is kept there or as it is typed."""

    path: PathNamed
    text: FileText | None = None
    """What is typed and not saved yet; default: what the draft has."""


class Running(Looked):
    """The tests of a file, or those of one of its rules or scenarios."""

    rule: _Word | None = None


class Trying(Asking):
    """A payment that is asked under a draft."""

    transaction: Transaction
    day: date | None = None
    """Under the law of another day; default: each place's own date at that instant."""
    domains: Annotated[str, StringConstraints(strict=True, max_length=100)] | None = None
    """Separated by commas; default: all."""


# -- edits ---------------------------------------------------------------------------------------------------------------


class _Edit(Asking):
    """One change of a file."""


class SetValue(_Edit):
    """Another value from the same day on: what was written was wrong, or is not in force yet."""

    kind: Literal["set_value"]
    parameter: _Word
    start: Annotated[_Start, Field(alias="from")]
    value: _Line | None
    """As text, in the unit of the parameter; words of a list with commas between. null: the law has none."""


class AddValue(_Edit):
    """A new value from a day on: the law changes, and what held before holds for the days before."""

    kind: Literal["add_value"]
    parameter: _Word
    start: Annotated[date, Field(alias="from")]
    value: _Line | None
    source: _Word | None = None
    """A source that the pack declares; default: that of the parameter."""
    at: _Line = ""
    """The provision."""
    confidence: Literal["A", "B", "C", "R"] | None = None
    note: _Line = ""


class MoveValue(_Edit):
    """A value that begins on another day."""

    kind: Literal["move_value"]
    parameter: _Word
    start: Annotated[date, Field(alias="from")]
    to: date


class RemoveValue(_Edit):
    """A value taken out: what held before it goes on."""

    kind: Literal["remove_value"]
    parameter: _Word
    start: Annotated[_Start, Field(alias="from")]


class SetCondition(_Edit):
    """Another condition of a rule."""

    kind: Literal["set_condition"]
    rule: _Word
    when: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000), AfterValidator(no_nul)]


class SetText(_Edit):
    """Words of a rule or a parameter. An empty text takes the key away where a record may do without it."""

    kind: Literal["set_text"]
    of: Literal["rule", "parameter"]
    name: _Word
    key: Literal["title", "label", "message", "note", "evidence", "confidence", "basis"]
    text: _Line


class SetCite(_Edit):
    """The provision that a rule or a parameter rests on."""

    kind: Literal["set_cite"]
    of: Literal["rule", "parameter"]
    name: _Word
    source: _Word
    at: _Line


class SetPeriod(_Edit):
    """From which day on a rule holds, to the day before another."""

    kind: Literal["set_period"]
    rule: _Word
    start: Annotated[_Start, Field(alias="from")]
    to: date | None = None


class PutTest(_Edit):
    """A test of a rule: instead of the one of that name, or a new one."""

    kind: Literal["put_test"]
    rule: _Word
    name: Annotated[_Line, StringConstraints(min_length=1, max_length=200)]
    on: date | None = None
    given: dict[str, Any]
    """Facts as tests state them: `{"amount": "30.00 EUR", "payment": {"instrument": "card"}}`."""
    expect: Literal["fires", "silent", "unknown"]
    missing: Annotated[list[_Word], Field(max_length=40, default_factory=list)]
    """Of an unknown one: the facts that are asked for."""


class RemoveTest(_Edit):
    """A test taken out of a rule."""

    kind: Literal["remove_test"]
    rule: _Word
    name: _Line


class AddTests(_Edit):
    """Tests for the day on which a number changes and for its eve, worked out from those that its rules have. They say what the
    draft does, and a person should look whether the law means it so. They may stand in other files of the pack."""

    kind: Literal["add_tests"]
    parameter: _Word
    start: Annotated[date, Field(alias="from")]


class SetPercent(_Edit):
    """Another percentage in a line of tax rates."""

    kind: Literal["set_percent"]
    rate: _Word
    percent: _Line


class AddRate(_Edit):
    """A line of tax rates from a day on, in the place of one that ends then."""

    kind: Literal["add_rate"]
    rate: _Word
    start: Annotated[date, Field(alias="from")]
    percent: _Line
    source: _Word | None = None
    at: _Line = ""
    confidence: Literal["A", "B", "C", "R"] | None = None
    note: _Line = ""


class RaiseVersion(_Edit):
    """The next version of the pack, in its manifest `pack.yaml`."""

    kind: Literal["raise_version"]


class AddSource(_Edit):
    """An instrument that may be cited, in the manifest `pack.yaml`."""

    kind: Literal["add_source"]
    name: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    title: Annotated[_Line, StringConstraints(min_length=1)]
    source_kind: Literal["regulation", "guidance"] = "regulation"
    url: Annotated[_Line, StringConstraints(pattern=r"^(https?://\S+)?$")] = ""
    applies: date | None = None


Edit = Annotated[
    SetValue | AddValue | MoveValue | RemoveValue | SetCondition | SetText | SetCite | SetPeriod | PutTest | RemoveTest
    | AddTests | SetPercent | AddRate | RaiseVersion | AddSource,
    Field(discriminator="kind"),
]  # fmt: skip


class Editing(Asking):
    """One change of a file, as a form makes it."""

    path: PathNamed
    edit: Edit
    text: FileText | None = None
    """What is typed and not saved yet: it is rewritten and given back, and nothing is kept. Default: the file of the draft is
    rewritten and kept, under `If-Match`."""


# -- answers -------------------------------------------------------------------------------------------------------------


class SpannedProblem(ProblemFound):
    """What the checker says, with where it ends on its line."""

    end_column: int
    """Of the first character that is not meant any more."""


class FileNamed(Said):
    """A file of the release that a draft would become."""

    path: str
    changed: bool
    """By the draft."""


class FilePage(Said):
    """By path."""

    data: list[FileNamed]
    next: str | None


class LintBody(Said):
    """What the checker says of a file, those of the file itself first. `ok`: nothing is refused."""

    ok: bool
    depth: Depth
    problems: list[SpannedProblem]


class EditedBody(Said):
    """A file after a change."""

    path: str
    text: str
    etag: str
    """Of the text; where it was kept, to write it back under."""
    stored: bool
    also: list[str]
    """Other files that were changed along."""
    notes: list[str]
    """What a person should know of it."""


class LinesBody(Said):
    """Lines of a file, from 1 on."""

    first: int
    last: int


class CitedProvision(Said):
    """A provision of a source."""

    source: str
    at: str


class ValueOutline(Said):
    """What a parameter is from a day on."""

    start: str
    state: Literal["value", "none", "unread", "pending"]
    value: str
    note: str
    lines: LinesBody


class ParameterOutline(Said):
    """A dated number, word or list."""

    name: str
    label: str
    type: str
    unit: str
    basis: str
    confidence: str
    cite: CitedProvision | None
    note: str
    values: list[ValueOutline]
    said: list[str]
    """Each value with its day as a sentence; none where it cannot be read."""
    lines: LinesBody


class TestOutline(Said):
    """A test of a rule."""

    name: str
    on: str
    given: Any
    expect: str
    missing: list[str]
    lines: LinesBody


class ClauseSaid(Said):
    """A part of a sentence. `kind`: `is` of one without parts; else how its parts belong together (`all`, `any`, ...)."""

    kind: str
    text: str
    children: list[ClauseSaid]


class RuleSaid(Said):
    """A rule in words."""

    when: ClauseSaid
    unless: list[str]
    then: ClauseSaid
    text: str
    """The condition as one sentence."""


class RuleOutline(Said):
    """A rule."""

    id: str
    title: str
    basis: str
    confidence: str
    cite: CitedProvision | None
    by: str
    start: str
    end: str
    when: str
    effect: str
    unless: list[str]
    message: str
    note: str
    tests: list[TestOutline]
    lines: LinesBody
    prose: RuleSaid | None
    """Under the law of today; null: it cannot be read."""


class RateOutline(Said):
    """A line of tax rates."""

    id: str
    category: str
    kind: str
    component: str
    percent: str
    start: str
    end: str
    supplies: list[str]
    condition: str
    note: str
    lines: LinesBody


class LetOutline(Said):
    """A named expression."""

    name: str
    label: str
    text: str
    lines: LinesBody


class SourceOutline(Said):
    """An instrument that may be cited."""

    id: str
    title: str
    url: str
    lines: LinesBody | None
    """null: it is declared by a pack that this one extends, or in another file."""


class SpanBody(Said):
    """From a day to the day before another; null: open."""

    start: date | None
    end: date | None
    state: Literal["value", "none", "unread", "pending"]
    text: str
    line: int


class FaultSpan(Said):
    """Days on which nothing holds where something is asked for, or on which two hold."""

    kind: Literal["gap", "overlap"]
    start: date | None
    end: date | None
    by: str


class RowBody(Said):
    """One line of time."""

    kind: Literal["parameter", "rule", "rate"]
    name: str
    label: str
    spans: list[SpanBody]
    faults: list[FaultSpan]
    line: int


class OutlineBody(Said):
    """What a file says, entry by entry. `readable`: whether it is YAML at all; where it is not, there are no entries."""

    path: str
    readable: bool
    kind: Literal["domain", "pack", "other"]
    domain: str
    version: str
    parameters: list[ParameterOutline]
    lets: list[LetOutline]
    rules: list[RuleOutline]
    rates: list[RateOutline]
    sources: list[SourceOutline]
    """Of a manifest: its own; of a domain: all that may be cited."""
    timeline: list[RowBody]


class RanBody(Said):
    """One test as it was run."""

    kind: Literal["rule", "case", "scenario"]
    of: str
    name: str
    line: int
    on: date | None
    passed: bool
    expected: dict[str, Any]
    found: str
    """What happened instead, and why; empty where it passed."""


class RunBody(Said):
    """Tests that were run in place."""

    passed: int
    failed: int
    data: list[RanBody]


class DifferenceBody(Said):
    """Where two answers differ, by JSON Pointer."""

    pointer: str
    was: Any
    now: Any


class TriedBody(Said):
    """One payment under the release in force and under a draft. Neither answer is kept."""

    release: str
    """In force."""
    same: bool
    """Whether both come to the same, but for the versions of packs."""
    in_force: DecisionBody
    draft: DecisionBody
    differences: list[DifferenceBody]
