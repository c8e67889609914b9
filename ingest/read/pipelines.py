"""One spaCy pipeline for each language: tokens, sentences, and the names that are known by heart. No model is loaded, ever."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc

from ingest.read.languages import READ
from ingest.read.model import Span
from ingest.read.place_names import place_names
from ingest.read.regulator_names import Regulator, regulator_names
from ingest.read.sentences import sentences
from ingest.read.short_names import all_short_names

_ODD_RUN: Final = re.compile(r"[^\w\s]{6,}|\S{120,}")
"""What no name is part of. The tokenizer's time grows with the square of the length of such a run."""
NEW_WORDS: Final = 100_000
"""Words that a pipeline has met, after which it is built anew: spaCy keeps each for ever, and its memory zones cost two
fifths of the time of reading."""
_PLACE, _REGULATOR, _LAW = "place", "regulator", "law"


@dataclass(frozen=True, slots=True)
class Names:
    """Names with their places in the text."""

    places: tuple[tuple[Span, str], ...]
    """ISO code."""
    regulators: tuple[tuple[Span, Regulator], ...]
    laws: tuple[tuple[Span, str], ...]
    """The short name as written."""


class Pipeline:
    """Of one language. Not for several threads at once."""

    def __init__(self, language: str, regulators: dict[str, Regulator]) -> None:
        self.language = language
        self._places = place_names(language)
        self._regulators = regulators
        self._build()

    def _build(self) -> None:
        self._nlp = blank(self.language)
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        for label, names in ((_PLACE, self._places), (_REGULATOR, self._regulators), (_LAW, all_short_names())):
            self._matcher.add(label, [made for name in names if len(made := self._nlp.make_doc(name))])
        self._fullest = len(self._nlp.vocab) + NEW_WORDS

    def document(self, plain: str) -> Doc:
        """Tokens and sentences of a text of plain signs, with its length."""
        return self._nlp(_calm(plain, self.language))

    def names(self, plain: str) -> Names:
        """The names in a text of plain signs, the longest where they overlap."""
        if len(self._nlp.vocab) > self._fullest:
            self._build()
        doc = self._nlp.make_doc(_calm(plain, self.language))
        labelled = sorted(
            (
                (self._nlp.vocab.strings[label], doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
                for label, start, end in self._matcher(doc)
            ),
            key=lambda one: (one[1], -one[2]),
        )
        places: list[tuple[Span, str]] = []
        regulators: list[tuple[Span, Regulator]] = []
        laws: list[tuple[Span, str]] = []
        ends = {_PLACE: 0, _REGULATOR: 0, _LAW: 0}
        for label, start, end in labelled:
            if start < ends[label] or (label == _PLACE and start < max(ends[_REGULATOR], ends[_LAW])):
                continue
            ends[label] = end
            words = plain[start:end]
            if label == _PLACE and (place := self._places.get(words)):
                places.append((Span(start, end), place))
            elif label == _REGULATOR and (regulator := self._regulators.get(words)):
                regulators.append((Span(start, end), regulator))
            elif label == _LAW:
                laws.append((Span(start, end), words))
        return Names(tuple(places), tuple(regulators), tuple(laws))


class Pipelines:
    """All of them, each built when its language is first met. `regulators`: (name, place) beside the common ones."""

    def __init__(self, regulators: Iterable[Regulator] = ()) -> None:
        self._regulators = regulator_names(regulators)
        self._built: dict[str, Pipeline] = {}

    def of(self, language: str) -> Pipeline:
        """The pipeline of a language; one that knows no language's abbreviations for those without rules."""
        name = language if language in READ else "und"
        if name not in self._built:
            self._built[name] = Pipeline(name, self._regulators)
        return self._built[name]


def _calm(plain: str, language: str) -> str:
    """Without long runs of signs, of which a tokenizer makes heavy work; as long as it was."""
    if language == "zh":
        return plain
    return _ODD_RUN.sub(lambda run: " " * len(run[0]), plain)


def blank(language: str) -> Language:
    """An empty pipeline with sentences. Chinese goes sign by sign, Vietnamese by spaces and punctuation."""
    match language:
        case "und":
            nlp = spacy.blank("xx")
        case "vi":
            nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
            plain = spacy.blank("xx").tokenizer
            assert isinstance(plain, Tokenizer), "INVARIANT: the language without a name has spaCy's own tokenizer"
            nlp.tokenizer = Tokenizer(
                nlp.vocab,
                prefix_search=plain.prefix_search,
                suffix_search=plain.suffix_search,
                infix_finditer=plain.infix_finditer,
            )
        case _:
            nlp = spacy.blank(language)
    if isinstance(nlp.tokenizer, Tokenizer):
        # Where a word of the table of exceptions has stood, spaCy remembers no later word of the text, and cuts each again.
        nlp.tokenizer.rules = {}
    nlp.add_pipe("lexgate_sentences", config={"language": language})
    return nlp


@Language.factory("lexgate_sentences", default_config={"language": "und"})
def _sentences(nlp: Language, name: str, language: str) -> _Sentences:
    return _Sentences(language)


class _Sentences:
    """A component: sentences as `sentences` has them."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, doc: Doc) -> Doc:
        ends = iter(one.end for one in sentences(doc.text, self._language))
        end = next(ends)
        opened = True
        for token in doc:
            if token.idx >= end:
                opened, end = True, next(ends, len(doc.text) + 1)
            token.is_sent_start = opened
            opened = False
        return doc
