"""Old number and new number: which takes the place of which, of what, and where only the new one is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ingest.read.model import Pair, Quantity, Span, Unit
from ingest.read.pair_words import PairRules, pair_rules
from ingest.read.quantities import Bare
from ingest.read.sheet import Sheet
from ingest.read.subject_words import tells_of_another_subject

_LEFT, _GAP, _NEAR_GAP = 90, 130, 60
"""Characters before a number and between two that are looked at."""
_NOW: Final = re.compile(
    r"(?:\b(?:currently|presently|at present|today|now|actualmente|hoy|actuellement|aujourd'hui|derzeit|heute|"
    r"bislang|atualmente|hoje|saat ini|hiện nay"
    r"|attualmente|momenteel|obecnie|previously|formerly)\b|目前|现行)[^.;\d]{0,24}\Z"
)
_WILL_BE: Final = re.compile(
    r"[^.;\d]{0,50}\b(?:ser|être|sein|will|would|shall|to|será|sera|wird|künftig|passera à|pasará a|passará a|akan|menjadi|"
    r"sẽ)\b[^.;\d]{0,30}\Z"
)
_REPLACED: Final = re.compile(
    r"replac|substitut|supersed|ersetz|sustitu|reemplaz|remplac|digant|thay|替|改|取代|vervang|zastąp|sostitu|"
    r"becomes|pasa|passa"
)
_RANGING: Final = re.compile(
    r"\b(?:rang\w+|vari(?:es|ed|ant|an)|vary\w*|oscil\w+|schwank\w+|reich\w+|berkisar|dao động)\b[^.;]{0,40}\Z"
)
_FINED: Final = re.compile(
    r"\b(?:fine[sd]?|penalt(?:y|ies)|multa\w*|sanción|sanciones|sanções|coima\w*|amendes?|geldbuße\w*|bußgeld\w*|"
    r"denda|phạt|sanctions?|turnover|revenues?|million customers"
    r"|fees paid|imprison\w*|inflation|growth|gdp|pib|survey\w*|respondents|year-on-year|market share)\b|罚款|处罚|增长|同比"
)
_BOUND: Final = re.compile(
    r"(?:(?:\b(?:exceed(?:s|ing)?|above|over|more than|at least|equal to or (?:above|greater than|exceeding)|"
    r"in excess of|of up to|up to|threshold of|limit of|from"
    r"|superior(?:es)? a(?: los| las)?|(?:más|mais) de|supérieure?s? à|plus de|à partir de|über|mehr als|ab|"
    r"übersteig\w+|lebih dari|di atas|melebihi|từ|trên|vượt quá"
    r"|límite de|limite de|umbral de|seuil de|plafond de|tope de)\b|超过|达到|限额|以上|满) ?(?:the |a |los |las |"
    r"de |einem betrag von |amount of )?\Z)"
)
_NEW_DUTY: Final = re.compile(
    r"\b(?:prohibit\w*|banned|not permitted|forbid\w*|must|shall|required?|requires|mandatory|introduc\w+|new|"
    r"prohíb\w+|prohib\w+|obligator\w+|deber[áa]n?|deverão|deverá|interdit\w*"
    r"|obligatoire\w*|doivent|devront|verboten|müssen|muss|wajib|dilarang|phải|cấm)\b|应当|必须|禁止|须"
)
_OR_MORE: Final = re.compile(
    r"\A,? ?(?:or more|or over|or above|and above|and over|or less|and more|o más|o superior\w*|y más|ou plus|et plus|ou mais|ou superior\w*|"
    r"oder mehr|und mehr|atau lebih|trở lên|o più|of meer|lub więcej|\(inclusive\)|及以上|以上|或以上)"
)
"""Words of a limit that stand between its number and what is said of the old one."""
_UNTIL_NOW: Final = re.compile(
    r"(?:[;,(–—]| - |\. (?=bisher|bislang|hitherto|until now|previously))[^.;\d]{0,14}?(?<![^\W_])(?:previously|formerly|hitherto|until now|so far|up to now|"
    r"to date|bisher|bislang|zuvor|vormals|jusqu'(?:ici|à présent|alors)|auparavant|précédemment|hasta ahora|hasta la fecha|anteriormente|"
    r"até agora|até aqui|sebelumnya|semula|trước đây|trước đó|in precedenza|finora|voorheen|tot nu toe|dotychczas|poprzednio)(?![^\W_])"
    r"[^.;\d]{0,60}\Z|[，；（][^。\d]{0,6}(?:此前|原|原来|以前|之前)[^。；\d]{0,16}\Z"
)
"""The old number in a clause of its own, after the new one: `10,000; until now the threshold was 15,000`."""
_MEASURE: Final = re.compile(
    r"\b(?:limits?|thresholds?|rates?|caps?|capped|ceilings?|maximum|minimum|max\.|fees?|v\.?a\.?t|gst|hst|tax(?:es|ed)?|levy|levies|duty|surcharge|"
    r"exempt\w*|registration|floor|amounts?|value|transactions?|payments?|transfers?|purchases?|balance|period|deadline|days|reduced|standard|"
    r"límites?|umbral\w*|tipos?|tasas?|topes?|máxim\w*|mínim\w*|comisi\w+|iva|igv|importes?|montos?|plazos?|retenci\w+|alícuotas?|operaci\w+|"
    r"plafonds?|seuils?|taux|tva|montants?|frais|commissions?|délais?|opérations?|paiements?|retenue|"
    r"grenzen?|\w*grenze|schwellen?\w*|\w*satz\w*|höchst\w*|mindest\w*|obergrenze|betr[aä]g\w*|\w*betrag\w*|\w*steuer\w*|gebühr\w*|limit\w*|"
    r"frist\w*|entgelt\w*|transaktion\w*|zahlung\w*|"
    r"limites?|limiares?|taxas?|alíquotas?|tetos?|tarifas?|montantes?|valor(?:es)?|prazos?|transaç\w+|pagament\w+|"
    r"batas\w*|ambang|tarif|ppn|maksimal|minimal|paling|plafon|jumlah|nilai|biaya|transaksi|"
    r"thuế suất|thuế|hạn mức|ngưỡng|mức|tối đa|tối thiểu|phí|giao dịch|"
    r"soglia|limite|aliquota|importo|massimo|grens|drempel|tarief|bedrag|próg|progu|limit\w*|stawk\w*|kwot\w*)\b"
    r"|税率|限额|门槛|上限|下限|额度|标准|起点|费率|金额|征收率|比例|期限|交易|起征点"
)
"""What a number that is told alone must be of."""
_NOT_LAW_NUMBER: Final = re.compile(
    r"\b(?:profit\w*|gewinn\w*|vermögenswert\w*|assets (?:of|worth)|frozen|gesperrt|receipts|penerimaan|revenue collected|collected|recettes|"
    r"recaudaci\w+|arrecada\w+|budget|loans?|deposits? of|capital|bonds?|salar(?:y|ies)|wages?|minimum wage|pension\w*|example|for instance|"
    r"zum beispiel|par exemple|por ejemplo|por exemplo|misalnya|contoh|ví dụ|estimated|cost(?:s|ed)? (?:of|is|are)|fuel levy|rebates?|brackets?|"
    r"income tax|salario|salário|salaire|gehalt|mindestlohn|gaji|upah|lương)\b|例如|工资|资产"
)
"""Totals, examples, wages and what else is counted beside the law."""
_PROHIBITS: Final = re.compile(
    r"\b(?:prohibit\w*|bann\w+|forbid\w*|not (?:be )?(?:permitted|allowed)|due diligence (?:is|will be|shall be) required|prohíb\w+|prohib\w+|"
    r"proíb\w+|interdi\w+|verbot\w*|dilarang|cấm|vietat\w*|zakaz\w*|verboden)\b|禁止|不得"
)
_AND: Final = re.compile(r",? ?(?:and|y|et|und|e|dan|và|和|、) ?(?:from |de |von )?\Z")
_FOR_AND: Final = re.compile(
    r" (?:for|para|pour|für|untuk|per|voor) [^.;\d]{2,50},? (?:and|y|et|und|e|dan|en) (?:at |of |de |del |à )?"
)
_ELSEWHERE: Final = re.compile(r"\d{4}|[;:]|\b(?:after|following|nach|tras|después|après|após|depois|setelah|sau)\b")
_THEN: Final = re.compile(r"(?:\b(?:and|then|y|et|puis|und|dann|e|depois|dan|kemudian|và)\b|再)[^.;\d]{0,24}\Z")
_IS: Final = re.compile(
    r"(?:\b(?:is|are|es|est|sont|é|são|beträgt|betragen|liegt bei|adalah|là)(?: (?:de|del|of|d'))?|为|是) ?\Z"
)
_IN_TIME: Final = re.compile(
    r"20\d\d|\b(?:now|new|from|henceforth|nuevo|nueva|nouveau|désormais|künftig|neue[rn]?|novo|nova|baru|mới|nuovo|"
    r"nieuwe|nowa)\b|起|新|áp dụng"
)
"""Beside `is`: without one of them it only says what is there already."""
_LAW: Final = re.compile(
    r",? (?:under|pursuant to|laid down|set out|in accordance|provided for|nach|gemäß|según|conforme|prévue?s?|"
    r"previst\w+|selon|(?:in|of|de|du|del) "
    r"(?:the )?(?:article|regulation|directive|section)|article|artikel|art\.|artículo|§)"
)
_HELPERS: Final = re.compile(
    r"(?:[\s,:(]+(?:will|would|shall|should|may|must|is|are|be|been|being|has|have|had|was|were|to|it|also|further|"
    r"therefore|thus|now|gradually|currently|temporarily"
    r"|wird|werden|wurde|wurden|soll|sollen|ist|sind|se|ha|han|será|serán|serão|foi|foram|es|son|sera|seront|est|"
    r"sont|a|ont|été|va|akan|telah|được|sẽ|từ|del?|du|from|von|dari|do|da|拟|将"
    r"|dal|dall|al|van|z|set|fixed|capped|limited|kept|established|not|exceed|fijado|fixé|ist|beträgt|festgelegt|"
    r"für|for|verrà|wordt|worden|zostaje|zostanie|een|the|at|zu|und|and))+\s*\Z"
)
_CLAUSES: Final = re.compile(r"[;:!?。；：\n]|\. ")
_CLAUSE: Final = re.compile(r"[,;:!?。，；：\n(]|(?<= )- ")
_HEAD: Final = re.compile(
    r"\A(?:[\s,;:()\"'.*•-]|(?:and|while|that|in|of|on|to|the increase|y|et|und|e|en|de la|del|dan|và|that|dass|que|"
    r"将|把|和)(?=\s))+"
)
_TRAIL: Final = re.compile(
    r"(?:[\s,;:()\"'-]|\b(?:from|of|that|while|de|del|du|von|dari|từ|to|at|a|à|auf|is|be|do|da|dal|van|z)\Z|[由从为自])+\Z"
)
_TAIL: Final = re.compile(
    r" ?(?P<what>(?:for|on|of|in|per|para|pour|für|auf|sur|sobre|untuk|đối với|bei)\b[^.,;:\n(\d]{3,80})"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Two numbers by their place in the row of a sentence; `old` None where only the new one is told."""

    old: int | None
    new: int


Number = Quantity | Bare
_MOST_PER_CENT: Final = 100
"""A bare number above it is a year or a count, and no rate beside one."""


def pairs(sheet: Sheet, numbers: tuple[Quantity, ...], bare: tuple[Bare, ...]) -> tuple[Pair, ...]:
    """Each number that takes the place of another, or is newly set. In order; the same change told twice is given once."""
    rules = pair_rules(sheet.language)
    found: list[Pair] = []
    for sentence, row in _rows(sheet, numbers, bare):
        found += _of_sentence(sheet, sentence, row, rules)
    return tuple(_once(found))


def _rows(sheet: Sheet, numbers: tuple[Quantity, ...], bare: tuple[Bare, ...]) -> Iterator[tuple[Span, list[Number]]]:
    """The numbers of each sentence that has one with a unit."""
    rows: dict[Span, list[Number]] = {}
    everything: list[Number] = [*numbers, *bare]
    for one in sorted(everything, key=lambda one: one.span.start):
        rows.setdefault(sheet.sentence_at(one.span.start), []).append(one)
    for sentence, row in rows.items():
        if any(isinstance(one, Quantity) for one in row):
            yield sentence, row


def _of_sentence(sheet: Sheet, sentence: Span, row: list[Number], rules: PairRules) -> list[Pair]:
    changes = rules.change.search(sheet.low, sentence.start, sentence.end) is not None
    found: list[_Found] = []
    used: set[int] = set()
    if changes:
        for crossed in _crossed(sheet, row, rules, sentence):
            found.append(crossed)
            used |= {crossed.new, crossed.old or 0}
    for at in range(len(row) - 1):
        if at in used or at + 1 in used or not _alike(row[at], row[at + 1]):
            continue
        both = _two(sheet, sentence, row, at, rules, changes=changes)
        if both is not None:
            found.append(both)
            used |= {at, at + 1}
            if both.new == at + 1 and at + 2 < len(row) and _is_next_step(sheet, row, at + 1, rules):
                found.append(_Found(at + 1, at + 2))
                used.add(at + 2)
            if both.new == at + 1 and at and at - 1 not in used and _is_beside(sheet, row, at - 1):
                found.append(_Found(at - 1, at + 1))
                used.add(at - 1)
    alone: set[int] = set()
    for at, one in enumerate(row):
        if at in used or not isinstance(one, Quantity):
            continue
        if _is_set(sheet, sentence, row, at, rules) or (at - 1 in alone and _is_also_set(sheet, row, at)):
            found.append(_Found(None, at))
            alone.add(at)
    made: list[Pair] = []
    floor = sentence.start
    last: int | None = None
    for each in sorted(found, key=lambda one: (one.new, -1 if one.old is None else one.old)):
        pair = _pair(sheet, sentence, row, each, rules, floor)
        made.append(replace(pair, about=made[-1].about) if each.new == last else pair)
        last = each.new
        floor = max(floor, pair.span.end)
    return made


def _alike(one: Number, other: Number) -> bool:
    """Whether one can take the place of the other: the same unit, or one of them has none of its own."""
    match one, other:
        case Quantity(), Quantity():
            return one.unit is other.unit and one.currency == other.currency
        case (Bare() as bare, Quantity(unit=Unit.PERCENT)) | (Quantity(unit=Unit.PERCENT), Bare() as bare):
            return bare.value <= _MOST_PER_CENT
        case Bare(), Bare():
            return False
    return True


def _left(sheet: Sheet, sentence: Span, row: list[Number], at: int) -> str:
    end = row[at].span.start
    floor = row[at - 1].span.end if at else sentence.start
    return sheet.low[max(floor, sentence.start, end - _LEFT) : end]


def _gap(sheet: Sheet, one: Number, other: Number) -> str:
    """Between two numbers; what stands in brackets with nothing to say is left out."""
    between = _OR_MORE.sub(" ", sheet.low[one.span.end : other.span.start], count=1).replace("  ", " ")
    return re.sub(r"\A\)|\([^()\d]{0,60}\) ?", " ", between) if "(" in between or ")" in between else between


def _is_beside(sheet: Sheet, row: list[Number], at: int) -> bool:
    """Whether two numbers are joined by `and`: what takes the place of one takes that of both."""
    one, other = row[at], row[at + 1]
    return _alike(one, other) and _AND.fullmatch(_gap(sheet, one, other)) is not None


def _is_next_step(sheet: Sheet, row: list[Number], at: int, rules: PairRules) -> bool:
    """`from 7.5 % to 5 % in 2026 and to 2.5 % in 2027`."""
    gap = _gap(sheet, row[at], row[at + 1])
    return (
        len(gap) <= _LEFT
        and isinstance(row[at + 1], Quantity)
        and _alike(row[at], row[at + 1])
        and _THEN.search(gap) is not None
        and rules.after_target.search(gap) is not None
    )


def _is_also_set(sheet: Sheet, row: list[Number], at: int) -> bool:
    """`at 0.2 % for debit cards and 0.3 % for credit cards`."""
    one, other = row[at - 1], row[at]
    return _alike(one, other) and _FOR_AND.fullmatch(_gap(sheet, one, other)) is not None


def _crossed(sheet: Sheet, row: list[Number], rules: PairRules, sentence: Span) -> Iterator[_Found]:
    """`from 5 % and 12 % to 6 % and 14 %`: the first with the third, the second with the fourth."""
    for at in range(len(row) - 3):
        one, two, three, four = row[at : at + 4]
        if not (_alike(one, three) and _alike(two, four) and isinstance(four, Quantity)):
            continue
        first, middle, last = _gap(sheet, one, two), _gap(sheet, two, three), _gap(sheet, three, four)
        if max(map(len, (first, middle, last))) > 40 or not (
            _AND.fullmatch(first.strip(" ") and first) and _AND.fullmatch(last)
        ):
            continue
        if rules.origin.search(_left(sheet, sentence, row, at)) and rules.target.match(middle):
            yield _Found(at, at + 2)
            yield _Found(at + 1, at + 3)
            return


def _two(sheet: Sheet, sentence: Span, row: list[Number], at: int, rules: PairRules, *, changes: bool) -> _Found | None:
    """Whether two numbers side by side are old and new, and which is which."""
    one, other = row[at], row[at + 1]
    gap = _gap(sheet, one, other)
    if len(gap) > _GAP:
        return None
    left = _left(sheet, sentence, row, at)
    if _RANGING.search(left) or _is_of_something_else(sheet, sentence, row, at):
        return None
    forward = isinstance(other, Quantity) or _is_nil(sheet, other)
    backward = isinstance(one, Quantity)
    if changes and forward and rules.origin.search(left) and rules.target.match(gap):
        return _Found(at, at + 1)
    if forward and re.fullmatch(r"\W{0,3}(?:->|→|⇒|=>)\W{0,3}", gap):
        return _Found(at, at + 1)
    if forward and _NOW.search(left) and (rules.target.match(gap) or _WILL_BE.match(gap)):
        return _Found(at, at + 1)
    if backward and rules.instead.match(gap):
        return _Found(at + 1, at)
    if backward and changes and rules.after_target.search(left) and rules.back.match(gap):
        return _Found(at + 1, at)
    if backward and isinstance(other, Quantity) and _UNTIL_NOW.search(gap):
        return _Found(at + 1, at)
    former = rules.formerly.match(gap) or (rules.formerly.search(gap) if changes and len(gap) <= _NEAR_GAP else None)
    if backward and former and not _NOW.search(left):
        return _Found(at + 1, at)
    if forward and changes and _goes_to(rules, gap):
        return _Found(at, at + 1)
    if forward and rules.replaced.match(gap) and _REPLACED.search(sheet.low, sentence.start, sentence.end):
        return _Found(at, at + 1)
    return None


def _is_nil(sheet: Sheet, one: Number) -> bool:
    """`from £135 to nil`: a zero without a unit takes that of the number before it."""
    return isinstance(one, Bare) and not one.value and not sheet.plain[one.span.start : one.span.end].isdecimal()


def _is_of_something_else(sheet: Sheet, sentence: Span, row: list[Number], at: int) -> bool:
    """Whether the clause of two numbers tells of wages, of income tax, of a total."""
    start = max(sentence.start, row[at - 1].span.end if at else sentence.start, row[at].span.start - _LEFT)
    words = sheet.low[start : row[at].span.start]
    return _NOT_LAW_NUMBER.search(words) is not None and tells_of_another_subject(words + " pension")


def _goes_to(rules: PairRules, gap: str) -> bool:
    """`14 per cent will decrease to`: a verb of change and a preposition, without another day or clause between."""
    if _ELSEWHERE.search(gap):
        return False
    return rules.change.search(gap) is not None and rules.after_target.search(gap) is not None


def _is_set(sheet: Sheet, sentence: Span, row: list[Number], at: int, rules: PairRules) -> bool:
    """Whether a verb of setting stands before a number: the new one is told, the old one is not."""
    one = row[at]
    assert isinstance(one, Quantity), "INVARIANT: only what has a unit is set"
    before = sheet.low[max(sentence.start, one.span.start - 120) : one.span.start]
    if _FINED.search(before):
        return False
    after = sheet.low[one.span.end : one.span.end + 30]
    if _FINED.search(after):
        return False
    clause = _CLAUSES.split(before)[-1]
    if _NOT_LAW_NUMBER.search(clause + after) or not _MEASURE.search(clause + after):
        return False
    if rules.setting.search(before):
        if _IS.search(before) and not _IN_TIME.search(sheet.low, sentence.start, sentence.end):
            return False
        return one.unit not in (Unit.DAYS, Unit.MONTHS, Unit.YEARS) or rules.change.search(before) is not None
    if one.unit is not Unit.AMOUNT:
        return False
    if _OR_MORE.match(after) and _PROHIBITS.search(sheet.low, sentence.start, one.span.start):
        return True
    if not _BOUND.search(before):
        return False
    return _NEW_DUTY.search(sheet.low, sentence.start, sentence.end) is not None


def _pair(sheet: Sheet, sentence: Span, row: list[Number], found: _Found, rules: PairRules, floor: int) -> Pair:
    new, old = row[found.new], None if found.old is None else row[found.old]
    kind = new if isinstance(new, Quantity) else old
    assert isinstance(kind, Quantity), "INVARIANT: one of the two has a unit"
    told = tuple(one for one in (old, new) if one is not None)
    span = Span(min(one.span.start for one in told), max(one.span.end for one in told))
    return Pair(
        span,
        None if old is None else _with_unit(old, kind),
        _with_unit(new, kind),
        _about(sheet, sentence, span, rules, floor),
    )


def _with_unit(one: Number, kind: Quantity) -> Quantity:
    return one if isinstance(one, Quantity) else Quantity(one.span, one.value, kind.unit, kind.currency)


def _about(sheet: Sheet, sentence: Span, span: Span, rules: PairRules, floor: int) -> str:
    """The words that say of what: between the verb and its number, else before the verb, else after the numbers."""
    start = max(floor if floor < span.start else sentence.start, sentence.start, span.start - 200)
    zone = sheet.low[start : span.start]
    verbs = list(rules.change.finditer(zone))
    for verb in reversed(verbs):
        between = _trimmed(sheet, start + verb.end(), span.start, last_clause=False)
        if _tells(between, sheet.language) and not any(one.isdecimal() for one in between):
            return between
        before = _trimmed(sheet, start, start + verb.start(), last_clause=True)
        if _tells(before, sheet.language):
            return before
    if not verbs:
        before = _trimmed(sheet, start, span.start, last_clause=True)
        if _tells(before, sheet.language):
            return before
    tail = _TAIL.match(sheet.low, span.end, min(sentence.end, span.end + 90))
    return sheet.plain[tail.start("what") : tail.end("what")].strip() if tail else ""


def _trimmed(sheet: Sheet, start: int, end: int, *, last_clause: bool) -> str:
    piece = sheet.plain[start:end]
    if last_clause:
        shortened = _HELPERS.sub("", piece).rstrip(" ,:-")
        cuts = [cut.end() for cut in _CLAUSE.finditer(shortened)]
        piece = shortened[cuts[-1] :] if cuts else shortened
    else:
        piece = _LAW.split(_CLAUSE.split(piece, maxsplit=1)[0], maxsplit=1)[0]
    piece = _HELPERS.sub("", piece)
    return _TRAIL.sub("", _HEAD.sub("", piece))[:160]


def _tells(words: str, language: str) -> bool:
    letters = sum(one.isalpha() for one in words)
    return letters >= (2 if language == "zh" else 3)


def _once(found: list[Pair]) -> Iterator[Pair]:
    """The same change told again is left out, and a new number alone where its old one is told elsewhere."""
    full = {(one.new.value, one.new.unit, one.new.currency) for one in found if one.old is not None}
    best: dict[object, Pair] = {}
    for one in found:
        new = (one.new.value, one.new.unit, one.new.currency)
        if one.old is None and new in full:
            continue
        key = (None if one.old is None else one.old.value, *new)
        before = best.get(key)
        if before is None:
            best[key] = one
        elif not before.about and one.about:
            best[key] = replace(before, about=one.about)
    yield from best.values()
