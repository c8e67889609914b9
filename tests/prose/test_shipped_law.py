"""The whole of the shipped law can be read aloud, in every language there is prose in."""

import re
from functools import cache

import pytest

from engine.language.tree import Compare, Const, Contains, Fact, OneOf, walk
from engine.packs.model import ParameterRef
from engine.prose import LEXICONS, Prose
from engine.prose.clause import Piece
from engine.prose.phrases import PLACES, field_of
from engine.prose.proper_names import NAMES
from tests.prose.reading import clauses, prose, written
from tests.shipped import law

CODE = re.compile(r"[a-z]_[a-z]|==|<=|>=|\bis_known\b|\bcoalesce\b|\bwithin\(|[a-z]\.[a-z]")
"""What only an expression has."""


@cache
def told(language: str) -> list[tuple[str, str, str, tuple[Piece, ...]]]:
    """Where it stands, the expression, the sentence, and all pieces, of every condition and consequence of every pack."""
    found = []
    for code, one in written():
        says = prose(code, one.domain, language)
        trees = [says.condition(one.tree, one.text)]
        if one.rule is not None:
            trees.append(says.rule(one.domain, one.rule).then)
        for tree in trees:
            pieces = tuple(piece for clause in clauses(tree) for piece in clause.pieces)
            found.append((one.where, one.text, says.flat(tree), pieces))
    return found


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_no_sentence_falls_back_to_code(language: str) -> None:
    """Neither a dotted path nor a word with an underscore nor an operator is left in any sentence."""
    raw = [(where, said) for where, _, said, _ in told(language) if CODE.search(said)]
    assert len(told(language)) > 2500
    assert raw == []


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_every_fact_of_the_law_has_a_name_of_its_own(language: str) -> None:
    """No fact is called by its path, and no two facts of one expression are called alike."""
    lexicon = LEXICONS[language]
    facts = {(node.path, node.var is None) for _, one in written() for node in walk(one.tree) if type(node) is Fact}
    names = {path: lexicon.fact(path) if whole else lexicon.element(path) for path, whole in facts}
    assert [path for path, name in names.items() if name is None] == []
    whole = [lexicon.fact(path) for path, whole in facts if whole]
    assert len(set(whole)) == len(whole)


def test_every_word_that_a_condition_compares_is_chinese_or_a_proper_name() -> None:
    words = LEXICONS["zh"].words
    missing = {
        (field, value)
        for _, one in written()
        for node in walk(one.tree)
        for field, value in _compared(node)
        if field not in PLACES and f"{field}:{value}" not in words and value not in words and value not in NAMES
    }
    assert {(field, value) for field, value in missing if not value.isupper()} == set()


def _compared(node: object) -> list[tuple[str, str]]:
    match node:
        case Compare(left=left, right=Const(value=str() as value)):
            return [] if left.type.kind == "place" else [(field_of(left), value)]
        case OneOf(left=left, values=values):
            return (
                []
                if left.type.kind == "place"
                else [(field_of(left), value) for value in values if isinstance(value, str)]
            )
        case Contains(item=Const(value=str() as value), items=items):
            return [(field_of(items), value)]
    return []


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_within_one_pack_different_conditions_read_differently(language: str) -> None:
    """Two rules of one pack may ask the same thing; what they ask differently they say differently."""
    seen: dict[tuple[str, str], str] = {}
    for code, one in written():
        says = prose(code, one.domain, language)
        said = says.flat(says.condition(one.tree))
        before = seen.setdefault((f"{code}/{one.domain}", said), " ".join(one.text.split()))
        assert before == " ".join(one.text.split()), said


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_a_limit_is_told_with_its_amount_and_its_comparison(language: str) -> None:
    """Of every effect that has one: the parameter is named and its value of the day is said."""
    for code, one in written():
        amount = one.rule.effect.details.get("amount") if one.rule is not None else None
        if one.rule is None or not isinstance(amount, ParameterRef):
            continue
        then = prose(code, one.domain, language).rule(one.domain, one.rule).then
        kinds = {piece.kind for clause in clauses(then) for piece in clause.pieces if piece.ref == amount.name}
        assert {"parameter", "name"} <= kinds, one.where


def test_no_two_parameters_have_one_name() -> None:
    for lexicon in LEXICONS.values():
        assert len(set(lexicon.names.values())) == len(lexicon.names)


def test_every_language_has_every_template_with_the_same_holes() -> None:
    """A sentence that lost a hole would lose what it is about."""
    english = LEXICONS["en"].templates
    for lexicon in LEXICONS.values():
        assert lexicon.templates.keys() == english.keys()
        for key, template in english.items():
            assert set(re.findall(r"{(\w+)}", template)) == set(re.findall(r"{(\w+)}", lexicon.templates[key])), key


def test_every_rule_has_a_title_in_every_language() -> None:
    """Those that the catalogue of the release lacks are in the prose's own."""
    words = law().words("zh")
    rules = [rule for pack in law().packs.values() for domain in pack.domains.values() for rule in domain.rules]
    assert [rule.title for rule in rules if Prose.titled(rule, words) == rule.title] == []
    assert all(Prose.titled(rule, law().words("en")) == rule.title for rule in rules)


def test_every_clause_of_a_condition_knows_its_stretch() -> None:
    """An editor can show which words of the rule a sentence stands for."""
    for code, one in written():
        says = prose(code, one.domain, "en")
        for clause in clauses(says.condition(one.tree, one.text)):
            assert 0 <= clause.start < clause.end <= len(one.text), one.where
            assert one.text[clause.start : clause.end].count("(") == one.text[clause.start : clause.end].count(")")


def test_the_sentence_of_the_brief() -> None:
    """A remote low-value payment in the EEA, as an officer reads it."""
    rule = next(rule for rule in law().packs["EEA"].domains["sca"].rules if rule.id == "sca.low_value")
    english, chinese = (prose("EEA", "sca", language).rule("sca", rule) for language in ("en", "zh"))
    said = [clause.text for clause in english.when.children]
    assert "the channel is remote" in said
    assert any(sentence.startswith("the amount is at most EUR 30 (") for sentence in said)
    assert any(clause.text.startswith("金额不超过 30 欧元（") for clause in chinese.when.children)
    assert english.then.text == "the payment is exempt from strong authentication (low value)"


def test_a_language_without_prose_is_told_in_english() -> None:
    assert [Prose(wanted).language for wanted in (None, "fr", "zh-Hans-CN", "en-GB")] == ["en", "en", "zh", "en"]
