"""Names as newspapers write them, by hand and not by the generator: some are on the lists, some are of nobody there."""

from __future__ import annotations

from typing import Final

from bench.screening_queries import Case, words_of
from engine.screening.model import EntityKind, Listed

PERSON, ORGANISATION = EntityKind.PERSON, EntityKind.ORGANISATION

LISTED: Final = (
    ("Wladimir Putin", PERSON, "vladimir putin"), ("Путин Владимир Владимирович", PERSON, "vladimir putin"),
    ("Sergej Schoigu", PERSON, "sergei shoigu"), ("Серге́й Шойгу", PERSON, "sergei shoigu"),
    ("Sergueï Lavrov", PERSON, "sergei lavrov"), ("Ramzan Kadyrow", PERSON, "ramzan kadyrov"),
    ("Jewgeni Prigoschin", PERSON, "prigozhin"), ("Jevgenij Prigozjin", PERSON, "prigozhin"),
    ("Alexander Lukaschenko", PERSON, "lukashenko"), ("Аляксандр Лукашэнка", PERSON, "lukashenko"),
    ("Kim Jong-un", PERSON, "kim jong un"), ("김정은", PERSON, "kim jong un"), ("Kim Yo Jong", PERSON, "kim yo jong"),
    ("Ayman al-Zawahiri", PERSON, "zawahiri"), ("أيمن الظواهري", PERSON, "zawahiri"),
    ("Osama bin Laden", PERSON, "bin laden"), ("Ussama Bin Ladin", PERSON, "bin ladin"),
    ("Nicolas Maduro", PERSON, "maduro moros"), ("Joaquin Guzman Loera", PERSON, "guzman loera"),
    ("Qassem Soleimani", PERSON, "soleimani"), ("قاسم سليماني", PERSON, "soleimani"),
    ("Bachar el-Assad", PERSON, "bashar assad"), ("Bashar Al Assad", PERSON, "bashar assad"),
    ("Hassan Nasrallah", PERSON, "hasan nasrallah"), ("Mahmud Ahmadinedschad", PERSON, "ahmadinejad"),
    ("Igor Setschin", PERSON, "igor sechin"), ("Oleg Deripaska", PERSON, "oleg deripaska"),
    ("Sirajuddin Haqqani", PERSON, "haqqani"), ("Ratko Mladic", PERSON, "ratko mladic"),
    ("Bosco Ntaganda", PERSON, "ntaganda"), ("Dawood Ibrahim Kaskar", PERSON, "dawood ibrahim"),
    ("Rosoboronexport JSC", ORGANISATION, "rosoboronexport"), ("Рособоронэкспорт", ORGANISATION, "rosoboronexport"),
    ("Sberbank of Russia", ORGANISATION, "sberbank"), ("Bank Melli Iran", ORGANISATION, "bank melli iran"),
    ("Hisbollah", ORGANISATION, "hizballah"), ("Hezbollah", ORGANISATION, "hizballah"),
    ("Mahan Air", ORGANISATION, "mahan air"), ("Kalashnikov Concern", ORGANISATION, "kalashnikov"),
    ("Al-Kaida", ORGANISATION, "al qaida"), ("Boko Haram", ORGANISATION, "boko haram"),
    ("Islamic Revolutionary Guards Corps", ORGANISATION, "islamic revolutionary guard corps"),
    ("Petroleos de Venezuela SA", ORGANISATION, "petroleos venezuela"), ("Uralvagonzavod", ORGANISATION, "uralvagonzavod"),
)  # fmt: skip
"""As printed, what it is, and words that are together in a name of a right entry."""

NOBODY: Final = (
    ("Angela Merkel", PERSON), ("Emmanuel Macron", PERSON), ("Lionel Messi", PERSON), ("Serena Williams", PERSON),
    ("Mohamed Salah", PERSON), ("Salman Rushdie", PERSON), ("Malala Yousafzai", PERSON), ("Haruki Murakami", PERSON),
    ("Garri Kasparow", PERSON), ("Anna Netrebko", PERSON), ("Jackie Chan", PERSON), ("Ban Ki-moon", PERSON),
    ("Shirin Ebadi", PERSON), ("Orhan Pamuk", PERSON), ("Naguib Mahfouz", PERSON), ("Kofi Annan", PERSON),
    ("Chimamanda Ngozi Adichie", PERSON), ("Gabriel Garcia Marquez", PERSON), ("Frida Kahlo", PERSON),
    ("Sebastião Salgado", PERSON), ("Wisława Szymborska", PERSON), ("Svetlana Alexievich", PERSON), ("Yo-Yo Ma", PERSON),
    ("Son Heung-min", PERSON), ("Sachin Tendulkar", PERSON), ("Abdulrazak Gurnah", PERSON), ("Zaha Hadid", PERSON),
    ("Siemens AG", ORGANISATION), ("Toyota Motor Corporation", ORGANISATION), ("Nestlé S.A.", ORGANISATION),
    ("Deutsche Bahn AG", ORGANISATION), ("Samsung Electronics Co., Ltd.", ORGANISATION), ("Novo Nordisk A/S", ORGANISATION),
    ("Tata Consultancy Services", ORGANISATION), ("Banco Santander", ORGANISATION), ("Royal Dutch Airlines", ORGANISATION),
    ("Maersk Line", ORGANISATION), ("Koç Holding", ORGANISATION), ("Emirates Airline", ORGANISATION),
    ("Doctors Without Borders", ORGANISATION), ("Mitsubishi Heavy Industries", ORGANISATION),
)  # fmt: skip


def cases(entries: list[Listed]) -> tuple[list[Case], list[Case]]:
    """Those that are listed, each with its right entries, and those that are not. What no list at hand has is left out."""
    names = [(entry, words_of(name.text)) for entry in entries for name in entry.names]
    found = []
    for text, kind, words in LISTED:
        wanted = words_of(words)
        right = frozenset(entry.id for entry, have in names if entry.kind is kind and wanted <= have)
        if right:
            found.append(Case(text, kind, "newspaper", right))
    return found, [Case(text, kind, "newspaper", frozenset()) for text, kind in NOBODY]
