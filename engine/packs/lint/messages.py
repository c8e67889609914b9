"""Messages: every sentence in every language, with the placeholders of the English one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from babel.messages.pofile import PoFileError, read_po

from engine.language.errors import did_you_mean
from engine.packs.lint.view import View
from engine.packs.problems import PackError, Spot
from engine.packs.yaml import read_yaml
from engine.words import FALLBACK, TEMPLATES

_KEY: Final = re.compile(r'^msgid\s+"(?P<key>(?:[^"\\]|\\.)+)"\s*$')


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry of a catalogue."""

    key: str
    text: str
    fuzzy: bool
    spot: Spot


def catalogues(view: View) -> None:
    """Every catalogue of the release. Rule sentences are compared only where every pack could be read."""
    rules = [rule for pack in view.packs.values() for part in pack.domains.values() for rule in part.rules]
    wanted = {rule.message: rule.title for rule in rules if rule.effect.kind != "flag"}
    known = {**{rule.message: rule.title for rule in rules}, **TEMPLATES}
    for path, text in view.files.items():
        if not path.endswith(".po"):
            continue
        sentences = _read(view, path, text)
        if sentences is None:
            continue
        for sentence in sentences.values():
            _sentence(view, sentence, known)
        if view.whole:
            _complete(view, path, sentences, {**TEMPLATES, **wanted})


def _read(view: View, path: str, text: str) -> dict[str, Sentence] | None:
    """The entries of a catalogue by key, or None where it cannot be read."""
    if not _characters(view, path, text):
        return None
    places = dict(_places(view, path, text))
    try:
        catalogue = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except PoFileError as error:
        said, line = str(error).rpartition(" on ")[0], (error.lineno or 0) + 1
        view.report("message-syntax", Spot(path, line, 1), f"Not a message catalogue: {said}.")
        return None
    except (ValueError, IndexError, LookupError) as error:
        view.report("message-syntax", Spot(path, 1, 1), f"Not a message catalogue: {error}.")
        return None
    found = ((str(message.id), message) for message in catalogue if message.id)
    return {
        key: Sentence(
            key, str(message.string or ""), bool(message.fuzzy), places.get(key, Spot(path, message.lineno or 1, 1))
        )
        for key, message in found
    }


def _characters(view: View, path: str, text: str) -> bool:
    """The rules for the characters of packs hold for what people read as well."""
    plain = "\n".join(f"# {line}" for line in text.split("\n"))
    try:
        read_yaml(f"{plain}\nend: true\n", path)
    except PackError as error:
        for problem in error.problems:
            spot = Spot(path, problem.spot.line, max(1, problem.spot.column - 2))
            view.report(problem.code, spot, problem.message, problem.remedy)
        return False
    return True


def _places(view: View, path: str, text: str) -> Iterator[tuple[str, Spot]]:
    seen: dict[str, Spot] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        match = _KEY.match(line)
        if match is None:
            continue
        key, spot = match["key"].replace('\\"', '"').replace("\\\\", "\\"), Spot(path, number, 1)
        if key in seen:
            view.report("message-duplicate", spot, f"The key {key} stands twice.", f"See {seen[key]}.")
        else:
            seen[key] = spot
            yield key, spot


def _sentence(view: View, sentence: Sentence, known: Mapping[str, str]) -> None:
    if sentence.fuzzy:
        view.report("message-fuzzy", sentence.spot, f"The translation of {sentence.key} is marked fuzzy.")
    if sentence.key not in known or not sentence.text:
        return
    offered = _placeholders(TEMPLATES.get(sentence.key, "")) or frozenset()
    used = _placeholders(sentence.text)
    if used is None:
        view.report("message-placeholder-unknown", sentence.spot, f"The braces of {sentence.key} do not close.")
        return
    for name in sorted(used - offered):
        hint = did_you_mean(name, offered) or ""
        view.report(
            "message-placeholder-unknown", sentence.spot, f"{sentence.key} has no placeholder {{{name}}}.", hint
        )
    for name in sorted(offered - used):
        view.report("message-placeholder-lost", sentence.spot, f"{sentence.key} has lost its placeholder {{{name}}}.")


def _placeholders(text: str) -> frozenset[str] | None:
    """Names in braces, or None where the braces do not match. Sentences without placeholders keep their braces."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _complete(view: View, path: str, sentences: Mapping[str, Sentence], wanted: Mapping[str, str]) -> None:
    language = path.removeprefix("messages/").removesuffix(".po")
    for key, english in wanted.items():
        if language != FALLBACK and not (key in sentences and sentences[key].text):
            spot = sentences[key].spot if key in sentences else Spot(path, 1, 1)
            said = repr(key) if key == english else f"{key} ({english!r})"
            view.report("message-missing", spot, f"{said} is not translated into {language}.")
    flags = {rule.message for pack in view.packs.values() for part in pack.domains.values() for rule in part.rules}
    for key, sentence in sentences.items():
        if key not in wanted and key not in flags:
            hint = did_you_mean(key, wanted) or ""
            view.report("message-unused", sentence.spot, f"Nothing says {key}.", hint)


CHECKS: Final[tuple[Callable[[View], None], ...]] = (catalogues,)
"""The checks of this module, in their order."""
