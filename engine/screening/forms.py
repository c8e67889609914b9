"""Words of names that say little of who is meant: legal forms, forms of address, particles, endings of patronymics.

Legal forms after ISO 20275 (entity legal forms) as far as they are written on lists; what is comparable is one form.
"""

from __future__ import annotations

from typing import Final


def _table(lines: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(words.split()): form for form, all_words in lines.items() for words in all_words.split("|")}


LEGAL_FORMS: Final = _table({
    "llc": """
        a s | aps | as | b v | besloten vennootschap | bv | bvba | co llc | co ltd | company limited | d d o | d o o | dmcc |
        doo | eood | est | establishment | fz | fz llc | fzc | fzco | fze | ges m b h | gesellschaft mit beschrankter haftung
        | gesmbh | gmbh | jj | kft | kk | l l c | lda | limitada | limited | limited company | limited liability co | limited
        liability company | limited sirketi | llc | ltd | ltd co | ltd sti | ltda | mchj | mmc | o o o | obschestvo s
        ogranichennoy otvetstvennostyu | obshchestvo s ogranichennoi otvetstvennostyu | obshchestvo s ogranichennoy
        otvetstvennostyu | obshestvo s ogranichennoy otvetstvennostyu | one person company | ood | ooo | ooo s inostrannymi
        investitsiyami | oy | private company limited | private limited | proprietary limited | pte | pte ltd | pty | pty ltd
        | pvt | pvt ltd | s a de c v | s a r l | s c de r l de c v | s c de rl de cv | s de r l | s de r l de c v | s de rl |
        s de rl de cv | s l | s r l | s r o | sa de cv | sapi de cv | sarl | sc de rl de cv | sdn | sdn bhd | sl | sociedad de
        responsabilidad limitada | sociedad limitada | sociedade limitada | societa a responsabilita limitata | societe a
        responsabilite limitee | sp z o o | sp zoo | spc | spolka z ograniczona odpowiedzialnoscia | spr de rl | sprl | srl |
        sro | tic ltd sti | too | tov | tovarystvo z obmezhenoyu vidpovidalnistyu | ug | w l l | wll | yk | you xian gong si |
        youxian gongsi | youxian zeren gongsi | yugen kaisha
    """,
    "plc": """
        a d | a o | ab | ad | ag | aktiebolag | aktiengesellschaft | aktsionerne tovarystvo | aktsionernoe obshchestvo |
        aktsionernoye obshchestvo | anonim sirketi | ao | asa | at | berhad | bhd | cjsc | closed joint stock company | d d |
        dd | general joint stock company | gufen youxian gongsi | j s c | joint stock co | joint stock company | jsb | jsc |
        kgaa | n v | naamloze vennootschap | nao | nepublichnoe aktsionernoe obshchestvo | nv | nyrt | o a o | oao | ojsc |
        open joint stock company | otkrytoe aktsionernoe obshchestvo | otkrytoye aktsionernoye obshchestvo | oyj | p a o | p l
        c | pao | pat | pcl | persero | pjs | pjsc | plc | prat | private joint stock | private joint stock company | psc | pt
        | pt tbk | public company limited | public joint stock company | public limited company | publichne aktsionerne
        tovarystvo | publichnoe aktsionernoe obshchestvo | publichnoye aktsionernoye obshchestvo | rt | s a | s a l | s a s |
        s p a | sa | sal | saoc | saog | sas | se | sh a | sha | sherkat sahami | sherkate sahami khas | simplified joint
        stock company | sociedad anonima | sociedade anonima | societa per azioni | societe anonyme | spa | tbk | z a o |
        zakrytoe aktsionernoe obshchestvo | zakrytoye aktsionernoye obshchestvo | zao | zrt
    """,
    "inc": """
        cie | co | co op | comp | compagnie | companhia | compania | company | cooperative society | corp | corporacion |
        corporation | gongsi | inc | incorporated | kompaniya | sharika | sharikat | sherkat | sirketi
    """,
    "lp": """
        cv | gbr | general partnership | gmbh co kg | gmbh und co kg | kg | l p | limited liability partnership | limited
        partnership | llp | lp | ohg | sca | scs | snc | vof
    """,
    "branch": """
        branch | filial | filiale | sucursal | zweigniederlassung
    """,
    "state": """
        chup | e p e | epe | f g u p | federal state budgetary institution | federal state unitary enterprise | federalnoe
        gosudarstvennoe unitarnoe predpriyatie | federalnoye gosudarstvennoye unitarnoye predpriyatiye | fgbu | fgu | fgup |
        fku | fsue | gp | gup | ip | rue | state unitary enterprise | unitary enterprise | up
    """,
    "non_profit": """
        ano | e v | ev | fonds | ngo | nko | stiftung
    """,
})  # fmt: skip
"""Words of a form -> the form it is compared as."""

LONGEST_FORM: Final = max(map(len, LEGAL_FORMS))
FORM_STARTS: Final = frozenset(words[0] for words in LEGAL_FORMS)
_NOT_ALONE: Final = frozenset({"general", "society", "foundation", "cooperative", "establishment", "branch"})
FORM_WORDS: Final = tuple(sorted({word for words in LEGAL_FORMS for word in words if len(word) > 4} - _NOT_ALONE))
"""The long words of legal forms: one that is misspelt, or stands alone, still says nothing of who is meant."""

HONORIFICS: Final = frozenset(
    ["mr", "mrs", "ms", "miss", "mister", "herr", "frau", "dr", "doctor", "prof", "professor", "eng", "engineer",
        "ing", "sir", "lord", "lady", "dame", "don", "dona", "monsieur", "madame", "sheikh", "shaikh", "shaykh",
        "sheik", "shaikha", "cheikh", "shayk", "sheykh", "sheij", "haji", "hajji", "hadji", "haj", "hajj", "hajiya",
        "alhaj", "alhaji", "alhajj", "mullah", "mulla", "mollah", "molla", "mawlawi", "maulvi", "maulawi", "mawlavi",
        "molvi", "moulavi", "mowlawi", "mawlana", "maulana", "moulana", "mufti", "imam", "ayatollah",
        "hojjatoleslam", "hojjat", "hujjat", "sayyid", "sayyed", "sayed", "seyyed", "seyed", "sayid", "syed",
        "qari", "kari", "hafiz", "hafez", "ustad", "ustadh", "ustaz", "ostad", "general", "gen", "brigadier", "brig",
        "colonel", "col", "lieutenant", "lt", "major", "maj", "captain", "capt", "commander", "cdr", "admiral", "adm",
        "marshal", "sergeant", "sgt", "warlord", "president", "minister", "senator", "deputy", "governor", "judge",
        "prince", "princess", "king", "queen", "emir", "ameer", "akhund", "akhond", "bey",
        "effendi", "hon", "rev", "reverend", "father", "fr", "sister", "brother", "bishop", "jr", "sr",
        "esq", "phd", "mba", "tovarishch", "comrade", "pan", "pani", "gospodin", "gospozha", "mullo", "damullo",
        "domullo", "hji", "hj", "shikh", "mla", "mula", "mulah", "sid", "siid", "saiid",
        "dktur", "duktur", "alhj"]
)  # fmt: skip
"""Forms of address and ranks."""

PARTICLES: Final = frozenset(
    ["al", "el", "ul", "il", "ol", "ad", "ed", "ud", "ar", "er", "ur", "as", "es", "at", "az", "ez", "uz",
        "an", "en", "ash", "esh", "ush", "ath", "adh", "ibn", "bin", "ben", "bn", "abn", "bint", "binti",
        "bt", "ould", "auld", "walad",
        "wald", "von", "van", "der", "de", "da", "di", "do", "dos", "das", "del", "della", "dei", "du", "la", "le",
        "les", "los", "las", "und", "and", "et", "of", "the", "for", "zu", "zum", "af", "av", "in", "on", "with",
        "to", "from", "wa", "ua", "va"]
)  # fmt: skip
"""Articles, prepositions and words of descent: they come and go between two ways of writing one name."""

ARTICLES: Final = frozenset(
    ["al", "el", "the", "of", "and", "for", "de", "del", "da", "do", "dos", "das", "du", "des", "la", "le", "les", "los",
        "las", "di", "della", "et", "und", "zu", "zur", "fur", "in", "with", "to", "from"]
)  # fmt: skip
"""The same of organisations, whose short words are otherwise abbreviations."""

PATRONYMIC_ENDINGS: Final = (
    "ovich", "evich", "ovna", "evna", "ivich", "ichna", "inichna", "ovych", "evych", "yovych", "ivna", "yivna",
    "ogly", "oglu", "ogli", "qizi", "kyzy", "gizi", "ovic", "evic", "avich", "auna",
)  # fmt: skip

CUT_FORMS: Final = (
    "branch",
    "kompaniya",
    "company",
    "limited",
    "corporation",
    "incorporated",
    "liability",
    "society",
    "gesellschaft",
    "aktiebolag",
)
"""Words at the end of names that fields cut off."""

SHORT_FORMS: Final = frozenset(
    ["llc", "ltd", "ooo", "oao", "zao", "pao", "jsc", "gmbh", "inc", "plc", "fze", "eood", "ood", "srl", "sarl"]
)
"""Short legal forms that a misspelt word at the edge of a name may be."""

NUMBERS: Final = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "first": "1", "second": "2",
    "third": "3", "1st": "1", "2nd": "2", "3rd": "3", "fourth": "4", "fifth": "5",
}  # fmt: skip
"""Numbers in words and Roman figures, of organisations and vessels."""

EQUIVALENTS: Final = {
    "saint": "st", "sankt": "st", "intl": "international", "internationale": "international",
    "internacional": "international", "mezhdunarodnyy": "international", "mfg": "manufacturing", "ind": "industries",
    "industry": "industries", "industrial": "industries", "industria": "industries", "industrie": "industries",
    "tech": "technology", "technologies": "technology", "svcs": "services", "service": "services", "bros": "brothers",
    "dept": "department", "univ": "university", "assn": "association", "assoc": "association", "natl": "national",
    "nacional": "national", "nationale": "national", "eng.": "engineering", "trdg": "trading",
    "transportation": "transport", "grp": "group", "gruppa": "group", "groupe": "group", "grupo": "group",
    "banque": "bank",
    "banco": "bank", "banka": "bank", "commercial": "commerce", "enterprise": "enterprises", "holdings": "holding",
    "systems": "system", "lines": "line", "exports": "export", "imports": "import", "centre": "center",
    "defence": "defense", "organisation": "organization", "shipping.": "shipping", "mohd": "mohammad",
    "mhd": "mohammad",
    "md": "mohammad", "muh": "mohammad", "abdallah": "abdalah",
}  # fmt: skip
"""Abbreviations and words that are one word in another language."""

NICKNAMES: Final = {
    "sasha": ("aleksandr", "aleksandra"), "alex": ("alexander", "aleksandr"), "volodya": ("vladimir",),
    "vova": ("vladimir",), "dima": ("dmitriy",), "misha": ("mikhail",), "kolya": ("nikolay",), "petya": ("petr",),
    "vanya": ("ivan",), "zhenya": ("evgeniy",), "serezha": ("sergey",), "tolya": ("anatoliy",),
    "kostya": ("konstantin",),
    "lesha": ("aleksey",), "bill": ("william",), "bob": ("robert",), "mike": ("michael",), "jim": ("james",),
    "tony": ("anthony",), "joe": ("joseph",), "pepe": ("jose",), "paco": ("francisco",), "pancho": ("francisco",),
    "chuy": ("jesus",), "nacho": ("ignacio",), "beto": ("alberto", "roberto"), "memo": ("guillermo",),
    "lalo": ("eduardo",),
    "kike": ("enrique",), "chepe": ("jose",), "moe": ("mohammad",), "hamo": ("mohammad",),
}  # fmt: skip
"""Short forms of given names -> what they are short for, in the spelling of the lists."""
