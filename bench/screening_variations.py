"""Ways in which a listed name reaches a screening desk: each takes a name as the list has it and gives it otherwise, or None.

None of this uses the engine's own tables: romanisation, look-alikes and slips are written down here a second time, from how
names are really misspelt, so that the engine is not measured against itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

Variation = Callable[[str, Random], str | None]

_ROMANISATIONS: Final = (
    ("kh", ("h", "x", "ch")), ("ou", ("u", "oo")), ("oo", ("u", "ou")), ("u", ("ou", "oo")), ("ee", ("i", "y")),
    ("sh", ("ch", "sch")),
    ("iy", ("y", "ii", "i", "ij")), ("iya", ("ia", "ija")), ("ey", ("ei", "ej", "ay")), ("ya", ("ia", "ja")),
    ("yu", ("iu", "ju")), ("zh", ("j",)),
    ("ts", ("tz", "c")), ("ch", ("tch", "tsch")), ("v", ("w",)), ("w", ("v", "ou")), ("q", ("k", "gh")),
    ("k", ("q", "c")), ("ss", ("s",)), ("mm", ("m",)),
    ("ll", ("l",)), ("dd", ("d",)), ("s", ("ss",)), ("ks", ("x",)), ("x", ("ks",)), ("ph", ("f",)), ("f", ("ph",)),
    ("th", ("t",)), ("dh", ("d", "z")),
    ("gh", ("g",)), ("ai", ("ay", "ei")), ("ei", ("ey", "ay")), ("y", ("i", "j")), ("i", ("y", "ee")),
    ("j", ("dj", "g")), ("e", ("i", "a")), ("a", ("e",)),
    ("o", ("u",)), ("ah", ("a",)), ("aa", ("a",)), ("h", ("",)),
)  # fmt: skip
"""How the same sound is written by another clerk."""
_TO_CYRILLIC: Final = (
    ("shch", "щ"), ("kh", "х"), ("zh", "ж"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("iu", "ю"),
    ("ya", "я"), ("ia", "я"), ("yo", "ё"), ("iy", "ий"),
    ("yy", "ый"), ("ye", "е"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"),
    ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"),
    ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"),
    ("h", "х"), ("y", "й"), ("w", "в"), ("q", "к"), ("x", "кс"),
    ("c", "к"),
)  # fmt: skip
_TO_ARABIC: Final = (
    ("abd", "عبد"), ("ali ", "علي "), ("omar", "عمر"), ("umar", "عمر"), ("abbas", "عباس"), ("uthman", "عثمان"),
    ("isa ", "عيسى "), ("imad", "عماد"), ("al-", "ال"), ("kh", "خ"), ("sh", "ش"), ("gh", "غ"), ("th", "ث"),
    ("dh", "ذ"), ("ch", "تش"), ("aa", "ا"), ("ou", "و"), ("oo", "و"), ("ee", "ي"),
    ("b", "ب"), ("t", "ت"), ("j", "ج"), ("h", "ح"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"), ("f", "ف"),
    ("q", "ق"), ("k", "ك"), ("l", "ل"), ("m", "م"), ("n", "ن"),
    ("w", "و"), ("y", "ي"), ("u", "و"), ("i", "ي"), ("o", "و"), ("g", "غ"), ("p", "ب"), ("v", "ف"), ("x", "كس"),
    ("c", "ك"), ("a", "\0"), ("e", ""),
)  # fmt: skip
_ARABIC_WORDS: Final = ("abd", "al-", "ali ", "omar", "umar", "abbas", "uthman", "isa ", "imad")
_LOOKS_LIKE: Final = {
    "a": "аα", "c": "сϲ", "e": "еҽ", "i": "іι", "j": "ј", "o": "оο", "p": "рρ", "s": "ѕ", "x": "хχ", "y": "у",
    "h": "һ", "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ",
    "H": "НΗ", "I": "ІΙ", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ",
    "Y": "ҮΥ", "Z": "Ζ",
}  # fmt: skip
_SCANNED: Final = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("i", "1"), ("i", "l"), ("l", "i"), ("o", "0"), ("cl", "d"), ("d", "cl"),
    ("w", "vv"), ("e", "c"), ("c", "e"), ("s", "5"),
    ("b", "8"), ("u", "ii"), ("h", "b"), ("n", "h"), ("t", "f"),
)  # fmt: skip
_UNSEEN: Final = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u202a\u202c\u200e\u200f\u2066\u2069\u034f"
_TITLES: Final = ("Mr", "Mr.", "Dr.", "Sheikh", "Hajji", "Haji", "General", "Col.", "Prof.", "Eng.", "Mullah", "Sayyid")
_SUFFIXES: Final = (
    "Ltd", "Limited", "LLC", "L.L.C.", "GmbH", "S.A.", "SA", "Inc.", "Co., Ltd.", "Company", "Co", "Corp.", "JSC",
    "PJSC", "OOO", "AO", "S.r.l.", "B.V.", "FZE", "Pte Ltd",
    "Limited Liability Company",
)  # fmt: skip
_SUFFIX: Final = re.compile(
    r"[\s,]+(ltd\.?|limited|llc|l\.l\.c\.|gmbh|s\.a\.|sa|inc\.?|incorporated|co\.?|company|corp\.?|corporation|jsc|pjsc|ooo|ao|oao|zao|pao|"
    r"s\.?r\.?l\.?|b\.?v\.?|fze|fzco|limited liability company|joint stock company)\s*$",
    re.IGNORECASE,
)
_LEGAL: Final = frozenset(
    ["ltd", "limited", "llc", "gmbh", "sa", "sarl", "srl", "inc", "incorporated", "co", "company", "corp",
        "corporation", "jsc", "pjsc", "ojsc", "cjsc", "ooo", "ao", "oao", "zao", "pao", "plc", "bv", "nv", "ag", "kg",
        "fze", "fzco", "joint", "stock", "public", "open", "closed", "liability", "private", "joint-stock",
        "obshchestvo", "ogranichennoi", "ogranichennoy", "otvetstvennostyu", "aktsionernoe", "publichnoe", "cv", "rl",
        "de", "s", "a", "c", "v", "r", "l", "eood", "ood", "doo", "llp", "lp", "pte", "pvt", "bvba", "tov", "dmcc",
        "ad", "kd", "kdp", "ab", "lda", "ltda", "sro", "spa", "sal", "fz", "fzllc", "sc", "spc", "est", "fsue", "as",
        "tic", "sti", "sanayi", "ticaret", "sirketi", "anonim", "pt", "tbk", "kft", "oy", "federal", "state",
        "unitary", "enterprise", "fgup", "partnership", "sociedad", "anonima", "limitada", "legal", "autonomous",
        "noncommercial",
        "kompaniya", "otkrytoe", "ev", "and", "of", "the", "for"]
)  # fmt: skip
_ARTICLE: Final = re.compile(r"\b(al|el|ul|ad|ar|as|an|ash|bin|ibn|ben|bint)[\s-]+(?=\w)", re.IGNORECASE)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORT_FORMS: Final = {
    "mohammad": ("Mohd.", "Mhd", "Md."), "muhammad": ("Mohd.", "Muh."), "mohammed": ("Mohd.", "Md"),
    "aleksandr": ("Sasha", "Alex"), "vladimir": ("Volodya",),
    "mikhail": ("Misha",), "nikolay": ("Kolya",), "dmitriy": ("Dima",), "dmitry": ("Dima",), "jose": ("Pepe",),
    "francisco": ("Paco",), "jesus": ("Chuy",),
    "guillermo": ("Memo",), "ignacio": ("Nacho",), "eduardo": ("Lalo",), "anthony": ("Tony",),
    "konstantin": ("Kostya",), "anatoliy": ("Tolya",),
}  # fmt: skip


def is_legal(word: str) -> bool:
    """Whether a word belongs to a legal form, in the languages that lists are written in."""
    return re.sub(r"[^a-z]", "", word.lower()) in _LEGAL


def exact(name: str, _: Random) -> str | None:
    """As listed, in other capitals."""
    return name.title() if name.isupper() else name.upper()


def order(name: str, random: Random) -> str | None:
    """The last word first, with a comma or without; or all words anywhere."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    if random.random() < 0.7:
        return f"{words[-1]}{random.choice((',', ''))} {' '.join(words[:-1])}"
    shuffled = random.sample(words, len(words))
    return " ".join(shuffled) if shuffled != words else " ".join(reversed(words))


def transliteration(name: str, random: Random) -> str | None:
    """One to three sounds written another way, two at most in a short name, in words of four letters or more."""
    changed = name.lower()
    for _ in range(random.randint(1, 3 if len(name) > 12 else 2)):
        within = set(_within(changed))
        places = [(at, one, others) for one, others in _ROMANISATIONS for at in _places(changed, one) if at in within]
        if not places:
            return None
        at, one, others = random.choice(places)
        changed = changed[:at] + random.choice(others) + changed[at + len(one) :]
    return changed.title() if changed != name.lower() else None


def _places(text: str, part: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(part), text)]


def cyrillic(name: str, _: Random) -> str | None:
    """A name of Slavic looks, written back in Cyrillic."""
    if not re.search(r"(ov|ev|in|skiy|sky|enko|ovich|evich|ova|eva|uk|yuk|chuk)\b", name.lower()):
        return None
    return _rewritten(name.lower(), _TO_CYRILLIC).title()


def arabic(name: str, random: Random) -> str | None:
    """A name of Arabic looks, written back in Arabic without most of its short vowels."""
    if not re.search(
        r"\b(al-|abd|abu|muhamm|moham|ahmad|ahmed|hasan|hassan|husayn|hussein|ali\b|khalid|ibrahim)", name.lower()
    ):
        return None
    single = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", re.sub(r"[^a-z \-]", "", name.lower()))
    words = re.sub(r"\b[ae]l\b[ -]*", "al-", single).replace(" -", " ")
    written = _rewritten("".join(map(_begun, re.split(r"(?<=[ -])", words + " "))), _TO_ARABIC)
    with_long_vowels = re.sub("\0", lambda _: random.choice(("", "\u0627")), written)
    return " ".join(with_long_vowels.replace("-", " ").split())


def _begun(word: str) -> str:
    """A vowel at the start of an Arabic word is written."""
    return word if word.startswith(_ARABIC_WORDS) else re.sub("^[aeiou]", "\u0627", word)


def _rewritten(text: str, table: tuple[tuple[str, str], ...]) -> str:
    """Letters by a table, the first that fits."""
    out, at = [], 0
    while at < len(text):
        for one, other in table:
            if text.startswith(one, at):
                out.append(other)
                at += len(one)
                break
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def part_of_person(name: str, random: Random) -> str | None:
    """One of three or more words left out; never the last, the family name."""
    return _left_out(name, random, person=True)


def part_of_other(name: str, random: Random) -> str | None:
    """One of three or more telling words left out; never the first nor the longest: those are what one is known by."""
    return _left_out(name, random, person=False)


def _left_out(name: str, random: Random, *, person: bool) -> str | None:
    words = name.replace(",", " ").split()
    telling = [at for at, word in enumerate(words) if len(word) > 2 and not is_legal(word)]
    if len(telling) < 3:
        return None
    kept = {telling[-1]} if person else {telling[0], max(telling, key=lambda at: len(words[at]))}
    del words[random.choice([at for at in telling if at not in kept])]
    return " ".join(words)


def initials(name: str, random: Random) -> str | None:
    """The first word, or all but the last, by their first letters."""
    words = name.replace(",", " ").replace("-", " ").split()
    if len(words) < 2 or len(words[-1]) < 4 or not all(word[0].isalpha() for word in words):
        return None
    if len(words) > 2 and random.random() < 0.5:
        return " ".join([f"{words[0][0]}.", *words[1:]])
    return " ".join([*(f"{word[0]}." for word in words[:-1]), words[-1]])


def typo(name: str, random: Random) -> str | None:
    """One slip of a finger in a word of four letters or more; two among more than fourteen such letters."""
    text = name
    for _ in range(2 if len(_within(name)) > 14 else 1):
        places = _within(text)
        if not places:
            return None
        at = random.choice(places)
        kind = random.randrange(4)
        swapped = text[at + 1 : at + 2] + text[at] if text[at + 1 : at + 2].isalpha() else random.choice(_LETTERS)
        new = (random.choice(_LETTERS), random.choice(_LETTERS) + text[at], "", swapped)[kind]
        text = text[:at] + new + text[at + len(swapped if kind == 3 else "x") :]
    return text if text.lower() != name.lower() else None


def _within(text: str) -> list[int]:
    """Letters of telling words of four letters or more: one of three changed is another name."""
    return [
        found.start() + at
        for found in re.finditer(r"[^\W\d_]+", text)
        if len(found[0]) > 3 and not is_legal(found[0])
        for at in range(len(found[0]))
    ]


def scanned(name: str, random: Random) -> str | None:
    """A letter read wrongly by a machine, in a word of four letters or more; two among more than fourteen such letters."""
    changed = name.lower()
    for _ in range(2 if len(_within(name)) > 14 else 1):
        within = set(_within(changed))
        places = [(at, one, other) for one, other in _SCANNED for at in _places(changed, one) if at in within]
        if not places:
            return None
        at, one, other = random.choice(places)
        changed = changed[:at] + other + changed[at + len(one) :]
    return changed if changed != name.lower() else None


def homoglyph(name: str, random: Random) -> str | None:
    """One to four letters, or all that can be, of another alphabet that look the same."""
    places = [at for at, char in enumerate(name) if char in _LOOKS_LIKE]
    if not places:
        return None
    text = list(name)
    for at in places if random.random() < 0.25 else random.sample(places, min(len(places), random.randint(1, 4))):
        text[at] = random.choice(_LOOKS_LIKE[text[at]])
    return "".join(text)


def unseen(name: str, random: Random) -> str | None:
    """Characters without a shape, anywhere in the words."""
    text = list(name)
    for _ in range(random.randint(1, 4)):
        text.insert(random.randint(0, len(text)), random.choice(_UNSEEN))
    return "".join(text)


def particles(name: str, random: Random) -> str | None:
    """An article or a word of descent dropped, joined to its word, or written another way."""
    found = _ARTICLE.search(name)
    if not found:
        return None
    written = random.choice(("", found[1].lower(), f"{found[1].title()} ", f"{random.choice(('El', 'Al', 'Ul'))}-"))
    if written == found[1].lower() and found[1].lower() not in ("al", "el"):
        written = ""
    return name[: found.start()] + written + name[found.end() :]


def suffix(name: str, random: Random) -> str | None:
    """The legal form dropped, added or exchanged."""
    stem = _SUFFIX.sub("", _SUFFIX.sub("", name)).strip(" ,")
    if not stem or (stem == name and random.random() < 0.3):
        return f"{random.choice(('OOO', 'AO', 'PT'))} {name}"
    return stem if stem != name and random.random() < 0.5 else f"{stem} {random.choice(_SUFFIXES)}"


def truncation(name: str, random: Random) -> str | None:
    """Cut where a field of a payment message ends: at 35 characters, half of its telling letters left, or in the last word."""
    if len(name) > 35:
        left = sum(len(word) for word in name[:35].split() if not is_legal(word))
        return name[:35] if left * 2 >= sum(len(word) for word in name.split() if not is_legal(word)) else None
    words = name.split()
    if len(words) < 2 or len(words[-1]) < 6 or is_legal(words[-1]):
        return None
    return " ".join([*words[:-1], words[-1][: random.randint(4, len(words[-1]) - 1)]])


def joined(name: str, random: Random) -> str | None:
    """Two neighbouring words of three letters or more in one."""
    words = name.replace("-", " ").split()
    places = [at for at in range(len(words) - 1) if _joinable(words[at]) and _joinable(words[at + 1])]
    if not places:
        return None
    at = random.choice(places)
    return " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])


def _joinable(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and not is_legal(word)


def honorific(name: str, random: Random) -> str | None:
    """A form of address in front."""
    return f"{random.choice(_TITLES)} {name}"


def short_form(name: str, random: Random) -> str | None:
    """A given name in the short form of everyday."""
    for word in name.split():
        if word.lower() in _SHORT_FORMS:
            return name.replace(word, random.choice(_SHORT_FORMS[word.lower()]), 1)
    return None


def combined(name: str, random: Random) -> str | None:
    """Two of the others, one after the other: somebody who means not to be found."""
    kinds = (order, transliteration, typo, homoglyph, unseen, part_of_person, particles)
    first, second = random.sample(kinds, 2)
    once = first(name, random)
    return second(once, random) if once else None


OF_PERSONS: Final[dict[str, Variation]] = {
    "exact": exact, "order": order, "transliteration": transliteration, "cyrillic": cyrillic, "arabic": arabic,
    "missing part": part_of_person, "initials": initials,
    "typo": typo, "scanned": scanned, "homoglyph": homoglyph, "zero width": unseen, "particles": particles,
    "truncation": truncation, "joined": joined,
    "honorific": honorific, "short form": short_form,
}  # fmt: skip
OF_OTHERS: Final[dict[str, Variation]] = {
    "exact": exact, "order": order, "missing part": part_of_other, "typo": typo, "scanned": scanned,
    "homoglyph": homoglyph, "zero width": unseen, "suffix": suffix,
    "truncation": truncation, "joined": joined, "transliteration": transliteration,
}  # fmt: skip
ADVERSARIAL: Final[dict[str, Variation]] = {"two at once": combined}
OF_NUMBERED: Final = {way: OF_OTHERS[way] for way in ("exact", "order", "homoglyph", "zero width", "suffix")}
"""Of names with numbers in them, and of aircraft: a number misread is another number."""
