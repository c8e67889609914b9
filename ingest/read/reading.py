"""An item read: language, classes, numbers, days, laws, places, and how far the change is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ingest.read.classes import Classes, Classify
from ingest.read.classify import Classifier
from ingest.read.dates import days
from ingest.read.instruments import instruments
from ingest.read.languages import language_of, warm
from ingest.read.modality import corrects, marks
from ingest.read.model import ChangeType, Dated, Named, Reading, Span, Status, Unit
from ingest.read.pairs import pairs
from ingest.read.pipelines import Names, Pipelines
from ingest.read.places import places
from ingest.read.quantities import is_taken, quantities
from ingest.read.regulator_names import Regulator
from ingest.read.relative import relative_days
from ingest.read.roles import ahead_only, dated, moved_only, without_effect
from ingest.read.sentences import READ_UP_TO
from ingest.read.sheet import Sheet, lay_out
from ingest.read.short_names import Known, short_names
from ingest.read.status import Decided, Grounds, decide
from ingest.read.subject_words import is_another_subject


class Reader:
    """Reads items; built once. The same input has the same reading. Not for several threads at once."""

    def __init__(self, classify: Classify, *, regulators: Iterable[Regulator] = ()) -> None:
        """`regulators`: (name, place) of the directory of sources, beside the common ones."""
        self._classify = classify
        self._pipelines = Pipelines(regulators)
        self._short: dict[str | None, dict[str, Known]] = {}

    @classmethod
    def shipped(cls, *, regulators: Iterable[Regulator] = ()) -> Reader:
        """With the classifier that comes with Lexgate."""
        return cls(Classifier.shipped(), regulators=regulators)

    def warm(self, languages: Iterable[str] = ("en",)) -> None:
        """Load what is loaded at first use: the model of languages, and the pipelines of some."""
        warm()
        for one in languages:
            self._pipelines.of(one)

    def read(
        self, title: str, text: str, *, published: date | None, language: str | None, jurisdiction: str | None
    ) -> Reading:
        """All that an item says. `language` and `jurisdiction`: the source's own, if it has them.

        Never raises for what a text holds: what cannot be read is left out, and the status is then the one that is less law.
        """
        whole = f"{title}\n{text}"
        told = language_of(whole, language)
        sheet = lay_out(
            whole[:READ_UP_TO], language=told, jurisdiction=jurisdiction, published=published,
            title_end=min(len(title) + 1, READ_UP_TO),
        )  # fmt: skip
        names = self._pipelines.of(told).names(sheet.plain)
        known = self._laws(names, jurisdiction)
        names = _without_laws(names, known)
        laws = instruments(sheet, known)
        found = tuple(one for one in days(sheet) if not is_taken(one.span, tuple(law.span for law in laws)))
        numbers, bare = quantities(sheet, [*(one.span for one in found), *(one.span for one in laws)])
        changed = pairs(sheet, numbers, bare)
        told_days = dated(sheet, found, [one.span for one in changed])
        told_days = (*told_days, *relative_days(sheet, told_days))
        clauses = marks(sheet)
        draft = Reading(
            text=whole, language=told, status=Status.GUIDANCE, status_span=None, relevance=0, relevant=True, topics=(),
            change=ChangeType.NONE, change_score=0, places=places(sheet, names, laws),
            regulators=_once(names), instruments=laws, quantities=numbers, pairs=changed, dates=told_days,
            clauses=tuple(one.clause for one in clauses), corrects=corrects(sheet),
        )  # fmt: skip
        founded = bool(laws or names.regulators)
        decided = decide(sheet, clauses, Grounds(draft.effective, bool(changed), founded, bool(laws)))
        return _with_classes(draft, decided, self._classify.scores(whole[:READ_UP_TO], told), sheet)

    def _laws(self, names: Names, jurisdiction: str | None) -> tuple[tuple[Span, Known], ...]:
        """Short names that hold in the place of the text."""
        if jurisdiction not in self._short:
            self._short[jurisdiction] = short_names(jurisdiction)
        known = self._short[jurisdiction]
        return tuple((span, known[name]) for span, name in names.laws if name in known)


def _without_laws(names: Names, known: tuple[tuple[Span, Known], ...]) -> Names:
    """What is a law in the place of the text is no regulator there: `PSR`."""
    laws = {span for span, _ in known}
    return replace(names, regulators=tuple(one for one in names.regulators if one[0] not in laws))


def _once(names: Names) -> tuple[Named, ...]:
    """Each regulator at its first mention."""
    seen: dict[str, Named] = {}
    for span, (name, _) in names.regulators:
        seen.setdefault(name, Named(span, name))
    return tuple(seen.values())


def _with_classes(draft: Reading, decided: Decided, classes: Classes, sheet: Sheet) -> Reading:
    """The classifier's word on relevance holds, unless the text has all the marks of a change of a number by a law.

    Where the title tells of another subject, no mark of law makes the item one of ours.
    """
    relevant = not is_another_subject(sheet) and (classes.relevant or _is_plainly_law(draft, decided.status))
    return replace(
        draft,
        status=decided.status if relevant else Status.IRRELEVANT,
        status_span=decided.span if relevant else None,
        relevance=classes.relevance,
        relevant=relevant,
        topics=classes.topics if relevant else (),
        change=_change(draft, decided, classes.change) if relevant else ChangeType.NONE,
        change_score=classes.change_score,
        dates=_ordered(_of_status(draft.dates, decided.status, sheet.published)),
    )


def _is_plainly_law(draft: Reading, status: Status) -> bool:
    """Adopted, with an old number and a new one, under a law or a regulator that is named."""
    whole = any(one.old is not None for one in draft.pairs)
    return status.is_law and whole and bool(draft.instruments) and draft.effective is not None


def _change(draft: Reading, decided: Decided, told: ChangeType) -> ChangeType:
    """The classifier's word, where the rules that read status and numbers do not say more: `ingest/training/labelling.md`.

    A measure or an explanation changes nothing; of two numbers of which one takes the place of the other the number is what is
    changed; what is put off changes its day.
    """
    explains = decided.status is Status.GUIDANCE and decided.span is not None
    if decided.status is Status.ENFORCEMENT or explains:
        return ChangeType.NONE
    whole = next((one for one in draft.pairs if one.old is not None), None)
    if whole is not None:
        of_words = (ChangeType.DUTY, ChangeType.PROHIBITION, ChangeType.LIST)
        number = ChangeType.RATE if whole.new.unit is Unit.PERCENT else ChangeType.THRESHOLD
        return number if told in of_words else told
    return ChangeType.DATE if decided.status is Status.POSTPONED and told is not ChangeType.NONE else told


def _of_status(found: tuple[Dated, ...], status: Status, published: date | None) -> tuple[Dated, ...]:
    """The days as the status leaves them."""
    match status:
        case Status.WITHDRAWN | Status.ENFORCEMENT:
            return without_effect(found)
        case Status.POSTPONED:
            return moved_only(found)
        case Status.GUIDANCE:
            return ahead_only(found, published)
    return found


def _ordered(found: tuple[Dated, ...]) -> tuple[Dated, ...]:
    return tuple(sorted(found, key=lambda one: (one.span.start, one.span.end)))
