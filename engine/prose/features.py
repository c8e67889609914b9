"""What is asked of past payments, in words: what is counted, whose, and over which time."""

from __future__ import annotations

from engine.history import COLUMNS
from engine.packs.feature import Feature
from engine.prose.clause import Piece, Pieces
from engine.prose.phrases import Phrases
from engine.prose.values import counted, listed, word
from engine.windows import Window, WindowKind


def feature_told(phrases: Phrases, feature: Feature) -> Pieces:
    """`the sum of past payments with the same: the payer's id, on the same day`."""
    form = feature.form
    whose = [_fact(phrases, column) for column in (*form.key, *form.same)]
    only = [_only(phrases, column, values) for column, values in form.where]
    said = phrases.say(
        f"feature.{form.of.value}",
        whose=phrases.say("feature.whose", facts=phrases.joined(whose)) if whose else "",
        where=phrases.say("feature.where", facts=phrases.joined(only)) if only else "",
        window=_window(phrases, feature.window),
        field=_fact(phrases, form.column) if form.column else "",
    )
    return phrases.say("feature.own", said=said) if feature.own_included else said


def _fact(phrases: Phrases, column: str) -> Pieces:
    path = COLUMNS.get(column, column)
    named = phrases.named(path)
    return (Piece("fact", named if isinstance(named, str) else named[0], path),)


def _only(phrases: Phrases, column: str, values: tuple[str, ...]) -> Pieces:
    field = COLUMNS.get(column, column).rpartition(".")[2]
    words = listed(phrases.lexicon, [word(phrases.lexicon, value, field) for value in values])
    return phrases.say("feature.is", fact=_fact(phrases, column), words=(Piece("value", words),))


def _window(phrases: Phrases, window: Window) -> Pieces:
    amount, unit = (window.days, "days") if window.kind is WindowKind.LINKED else (window.hours, "hours")
    return phrases.say(f"window.{window.kind.value}", span=counted(phrases.lexicon, amount, unit))
