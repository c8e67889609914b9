"""A comparison in sentences that an officer understands, in the languages of the releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.dates import format_date

from engine.diffs.model import Act, Change, Comparison, Kind, Meaning, Verdict
from engine.money import DIGITS, plain
from engine.words import Words

_FEW: Final = 6
"""Places, files or leaves named one by one; of more, how many there are."""
_DATED: Final = {"en": "en_GB"}
"""Languages whose dates are written as another's."""
_LONG: Final = 90
"""Characters of a value that are shown."""


class Teller:
    """Tells changes and meanings in one language."""

    def __init__(self, words: Words):
        self._words = words

    def summary(self, found: Comparison) -> Iterator[str]:
        """What there is to know before reading on."""
        if not found.changes and not found.reformatted:
            yield self._say("nothing")
        elif found.text_only:
            yield self._say("text_only")
        counts = {verdict: sum(1 for one in found.meanings if one.verdict is verdict) for verdict in Verdict}
        for verdict, count in counts.items():
            if count:
                yield self._say(f"count.{verdict}", count=count)
        if found.touches_statute:
            yield self._say("statute")
        if found.reformatted:
            yield self._say("reformatted", files=_listed(found.reformatted))

    def change(self, change: Change) -> str:
        """One change of the text, with its law."""
        said = self._value(change) if change.kind is Kind.VALUE and change.act is not Act.MOVED else self._other(change)
        law = _law(change.cite)
        return f"{said} {law}." if law else said

    def meaning(self, meaning: Meaning) -> str:
        """What one difference means for payments."""
        why = self._say(f"why.{meaning.why}")
        parts = [self._where(meaning), self._say(f"verdict.{meaning.verdict}", why=why)]
        if meaning.example is not None and meaning.verdict is Verdict.COUNTEREXAMPLE:
            parts.append(self.example(meaning))
        if meaning.within is not None:
            parts.append(self._say("within", currency=meaning.within))
        return " ".join(parts)

    def example(self, meaning: Meaning) -> str:
        """The payment of a counterexample and both outcomes."""
        example = meaning.example
        assert example is not None
        sent = example.transaction
        day = date.fromisoformat(sent["occurred_at"][:10])
        said = self._say(
            "example", amount=_money(sent["amount"], sent["currency"]), instrument=sent["payment"]["instrument"],
            date=self._date(day), was=_outcome(example.was), now=_outcome(example.now),
        )  # fmt: skip
        if example.past:
            first = date.fromisoformat(example.past[0]["occurred_at"][:10])
            said += " " + self._say("past", count=len(example.past), date=self._date(first))
        if example.day_before is not None:
            said += " " + self._say("day_before" if example.day_before else "day_before_too")
        return said

    def heading(self, key: str) -> str:
        """A word of the page itself."""
        return self._say(f"page.{key}")

    # -- parts --

    def _say(self, key: str, **named: Any) -> str:
        return self._words.say(f"diff.{key}").format(**named)

    def _date(self, day: date) -> str:
        return format_date(day, "long", locale=_DATED.get(self._words.locale, self._words.locale.replace("-", "_")))

    def _since(self, day: date | None) -> str:
        return self._say("at_all_times") if day is None else self._say("from", date=self._date(day))

    def _value(self, change: Change) -> str:
        before, after = (self._shown(data, change.unit) for data in (change.before, change.after))
        since = self._since(change.effective)
        if not change.bears:
            leaves = _listed(change.fields) or change.label
            return self._say("words", kind=self._say("kind.value"), name=change.name, leaves=leaves)
        if change.act is Act.REMOVED:
            return self._say("value_removed", since=since, label=change.label, before=before, after=after)
        if change.fields == ("from",):
            dates = [self._since(_day(data and data["from"])) for data in (change.before, change.after)]
            return self._say("value_moved", label=change.label, after=after, was=dates[0], now=dates[1])
        if change.before is None:
            return self._say("value_new", since=since, label=change.label, after=after)
        return self._say("value", since=since, label=change.label, before=before, after=after)

    def _other(self, change: Change) -> str:
        kind = self._say(f"kind.{change.kind}")
        name = change.name if change.label in ("", change.name) else f"{change.name} ({change.label})"
        if change.kind is Kind.DEMOTION and change.act in (Act.ADDED, Act.REMOVED):
            key, why = ("demoted", change.after["why"]) if change.act is Act.ADDED else ("demotion_lifted", "")
            return self._say(key, name=name, pack=change.pack, why=why)
        if change.kind is Kind.MEMBER and change.act in (Act.ADDED, Act.ENDED):
            place = change.name.partition(" ")[0]
            key = "member_added" if change.act is Act.ADDED else "member_ended"
            return self._say(key, name=place, pack=change.pack, since=self._since(change.effective))
        match change.act:
            case Act.MOVED:
                before = change.was_file or change.file
                return self._say("moved", kind=kind, name=name, before=before, after=change.file)
            case Act.ADDED | Act.REMOVED:
                return self._say(change.act.value, kind=kind, name=name, pack=change.pack)
            case Act.ENDED:
                return self._say("ended", kind=kind, name=name, since=self._since(change.effective))
        leaves = [leaf for leaf in change.fields if leaf != "text"] or list(change.fields)
        if not change.bears:
            return self._say("words", kind=kind, name=name, leaves=_listed(leaves))
        sides = [[_short(_at(data, leaf)) for leaf in leaves[:_FEW]] for data in (change.before, change.after)]
        said = "; ".join(f"{leaf}: {was} -> {now}" for leaf, was, now in zip(leaves, *sides, strict=False))
        return self._say("changed", kind=kind, name=name, leaves=said)

    def _shown(self, data: Mapping[str, Any] | None, unit: str | None) -> str:
        value = data.get("value") if data else None
        if value is None:
            return self._say("none")
        if value == "unread":
            return self._say("unread")
        if unit in DIGITS:
            return _money(str(value), unit)
        return _short(value) + (f" {unit}" if unit else "")

    def _where(self, meaning: Meaning) -> str:
        name = meaning.name if meaning.label in ("", meaning.name) else f"{meaning.name} ({meaning.label})"
        period = self._since(meaning.start)
        if meaning.end is not None:
            period = self._say("until", since=period, date=self._date(meaning.end))
        places = f", {_listed(meaning.places)}" if meaning.places else ""
        return f"{name}, {period}{places}:"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _money(amount: str, currency: str) -> str:
    return f"{currency} {plain(Decimal(amount), currency)}"


def _law(cite: Mapping[str, str | None] | None) -> str:
    if cite is None:
        return ""
    return " ".join(part for part in (cite["title"] or cite["source"], cite["at"]) if part)


def _listed(names: Any) -> str:
    """The first names, and how many more there are."""
    found = list(names)
    more = f" (+{len(found) - _FEW})" if len(found) > _FEW else ""
    return ", ".join(found[:_FEW]) + more


def _at(data: Mapping[str, Any] | None, path: str) -> Any:
    found: Any = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value) if value is not None else "-"
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _outcome(side: Mapping[str, Any]) -> str:
    """The outcome, with what a domain says of it; of tax, its total."""
    parts = [side["said"].get(key) for key in side["said"] if key not in ("outcome", "obligations")]
    verdicts = [str(part.get("total") or part.get("verdict")) for part in parts if isinstance(part, Mapping)]
    return f"{side['outcome']} ({', '.join(verdicts)})" if verdicts else str(side["outcome"])
