"""Days, and what happens on them."""

from datetime import date

import pytest

from ingest.read.dates import days
from ingest.read.model import DateRole
from ingest.read.roles import dated
from ingest.read.sheet import lay_out
from tests.ingest.read.items import PUBLISHED, read

DAYS = [
    ("en", None, "on 2027-01-05", "2027-01-05"), ("en", "GB", "on 5 January 2027", "2027-01-05"), ("en", "US", "on January 5, 2027", "2027-01-05"),
    ("en", "GB", "on the 5th of January 2027", "2027-01-05"), ("en", "GB", "on 5th January, 2027", "2027-01-05"), ("en", "GB", "on 05/01/2027", "2027-01-05"),
    ("en", "US", "on 01/05/2027", "2027-01-05"), ("en", "US", "on 01/25/2027", "2027-01-25"), ("en", "IE", "on 5.1.2027", "2027-01-05"), ("en", "US", "on Jan. 5, 2027", "2027-01-05"),
    ("es", "ES", "el 5 de enero de 2027", "2027-01-05"), ("es", "MX", "el 1º de julio de 2027", "2027-07-01"), ("es", "CL", "el 05-01-2027", "2027-01-05"), ("es", "ES", "el 5 de enero del 2027", "2027-01-05"),
    ("fr", "FR", "le 1er janvier 2027", "2027-01-01"), ("fr", "FR", "le 5 août 2027", "2027-08-05"), ("fr", "BE", "le 05/01/2027", "2027-01-05"),
    ("de", "DE", "am 1. Januar 2027", "2027-01-01"), ("de", "AT", "am 1. Jänner 2027", "2027-01-01"), ("de", "DE", "am 05.01.2027", "2027-01-05"), ("de", "DE", "am 31. März 2027", "2027-03-31"),
    ("pt", "BR", "em 1º de janeiro de 2027", "2027-01-01"), ("pt", "PT", "em 5 de março de 2027", "2027-03-05"), ("pt", "BR", "em 05/01/2027", "2027-01-05"),
    ("zh", "CN", "2027年1月5日", "2027-01-05"), ("zh", "CN", "二〇二七年一月五日", "2027-01-05"), ("zh", "CN", "2027年12月31日", "2027-12-31"),
    ("id", "ID", "tanggal 5 Januari 2027", "2027-01-05"), ("id", "ID", "pada 17 Agustus 2027", "2027-08-17"),
    ("vi", "VN", "ngày 05/01/2027", "2027-01-05"), ("vi", "VN", "ngày 5 tháng 1 năm 2027", "2027-01-05"), ("vi", "VN", "ngày 01/7/2027", "2027-07-01"),
    ("it", "IT", "il 5 gennaio 2027", "2027-01-05"), ("nl", "NL", "op 5 januari 2027", "2027-01-05"), ("pl", "PL", "5 stycznia 2027", "2027-01-05"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "expected"), DAYS)
def test_a_day_is_read_in_its_language_and_place(language: str, place: str | None, text: str, expected: str) -> None:
    found = days(lay_out(text, language=language, jurisdiction=place, published=PUBLISHED))
    assert [(one.day.isoformat(), one.exact) for one in found] == [(expected, True)]


@pytest.mark.parametrize(("language", "text", "first"), [
    ("en", "in January 2027", "2027-01-01"), ("en", "in the first quarter of 2027", "2027-01-01"), ("en", "in Q3 2027", "2027-07-01"), ("en", "from 2027", "2027-01-01"),
    ("fr", "en janvier 2027", "2027-01-01"), ("de", "im März 2027", "2027-03-01"), ("es", "en enero de 2027", "2027-01-01"), ("pt", "em janeiro de 2027", "2027-01-01"),
    ("zh", "2027年1月", "2027-01-01"), ("zh", "2027年第二季度", "2027-04-01"), ("id", "pada Januari 2027", "2027-01-01"), ("vi", "tháng 7/2027", "2027-07-01"),
])  # fmt: skip
def test_a_month_a_quarter_and_a_year_are_not_exact(language: str, text: str, first: str) -> None:
    found = days(lay_out(text, language=language, published=PUBLISHED))
    assert [(one.day.isoformat(), one.exact) for one in found] == [(first, False)]


@pytest.mark.parametrize(
    "text", ["on 31 February 2027", "on 13/13/2027", "version 1.2.3", "room 5/6", "on 0 January 2027", "call 01-02-03"]
)
def test_what_no_calendar_has_is_no_day(text: str) -> None:
    assert [one for one in days(lay_out(text, language="en", jurisdiction="GB")) if one.exact] == []


@pytest.mark.parametrize("place", [None, "CA"])
def test_day_and_month_that_could_be_either_are_left_out(place: str | None) -> None:
    assert days(lay_out("It applies from 05/01/2027.", language="en", jurisdiction=place)) == ()
    assert len(days(lay_out("It applies from 25/01/2027.", language="en", jurisdiction=place))) == 1


ROLES = [
    ("en", "The Act applies from 1 January 2027.", ["applies"]),
    ("en", "The Act enters into force on 1 January 2027.", ["in_force"]),
    ("en", "The rules come into force on 1 January 2027 and apply from 1 July 2027.", ["in_force", "applies"]),
    ("en", "On 1 January 2027 the regulation enters into force.", ["in_force"]),
    ("en", "The order takes effect on 1 January 2027.", ["applies"]),
    ("en", "The limit is EUR 50 with effect from 1 January 2027.", ["applies"]),
    ("en", "From 1 January 2027, the standard rate of VAT is 22 %.", ["applies"]),
    ("en", "The rate is raised from 20 % to 22 % on 1 January 2027.", ["applies"]),
    ("en", "The regulation was published in the Official Journal on 5 October 2026.", ["published"]),
    ("en", "The law was adopted on 5 October 2026 and published on 12 October 2026.", ["adopted", "published"]),
    ("en", "Comments may be sent until 15 December 2026.", ["consultation_until"]),
    ("en", "The consultation closes on 15 December 2026.", ["consultation_until"]),
    ("en", "Responses are invited by 15 December 2026.", ["consultation_until"]),
    ("en", "The temporary rate applies from 1 January 2027 to 31 December 2027.", ["applies", "ends"]),
    ("en", "The temporary rate expires on 31 December 2027.", ["ends"]),
    ("en", "The conference takes place on 5 March 2027.", ["mentioned"]),
    ("en", "Regulation (EU) 2023/1114 of 31 May 2023 is explained.", ["mentioned"]),
    ("en", "The date was postponed from 1 January 2027 to 1 July 2027.", ["mentioned", "applies"]),
    ("en", "Application is deferred until 1 July 2027.", ["applies"]),
    ("en", "It was originally due to apply from 1 January 2027.", ["mentioned"]),
    ("en", "Firms must comply by 1 July 2027.", ["applies"]),
    ("en", "The rule will not enter into force on 1 January 2027.", ["mentioned"]),
    ("en", "It has applied since 14 September 2019.", ["mentioned"]),
    ("en", "It applies to payments made after 31 December 2026.", ["applies"]),
    ("en", "It applies to payments made on or after 1 January 2027.", ["applies"]),
    ("en", "The reduced rate is extended until 30 September 2027.", ["ends"]),
    ("en", "The deadline is extended until 30 September 2027.", ["applies"]),
    ("en", "The act ceases to apply on 31 December 2026.", ["ends"]),
    ("pt", "O limite vale a partir de 1º/7/2027.", ["applies"]),
    ("en", "Firms must submit their annual return by 30 September 2026.", ["mentioned"]),
    ("en", "The webinar starts on 5 July 2027.", ["mentioned"]),
    ("en", "He was appointed chair with effect from 1 September 2027.", ["mentioned"]),
    ("en", "The consultation will run from 10 November 2026 to 4 January 2027.", ["mentioned", "consultation_until"]),
    ("en", "The act, which entered into force on 8 August 2026, applies from 9 July 2027.", ["mentioned", "applies"]),
    ("es", "La ley entra en vigor el 1 de enero de 2027.", ["in_force"]),
    ("es", "El nuevo tipo se aplica a partir del 1 de enero de 2027.", ["applies"]),
    ("es", "La norma fue publicada el 5 de octubre de 2026.", ["published"]),
    ("es", "Se podrán enviar comentarios hasta el 15 de diciembre de 2026.", ["consultation_until"]),
    ("es", "Con efectos desde el 1 de enero de 2027, el tipo es del 10 %.", ["applies"]),
    ("fr", "La loi entre en vigueur le 1er janvier 2027.", ["in_force"]),
    ("fr", "Le nouveau taux s'applique à compter du 1er janvier 2027.", ["applies"]),
    ("fr", "Le décret a été publié le 5 octobre 2026.", ["published"]),
    ("fr", "Les observations sont attendues jusqu'au 15 décembre 2026.", ["consultation_until"]),
    ("fr", "L'entrée en application est reportée au 1er juillet 2027.", ["applies"]),
    ("de", "Das Gesetz tritt am 1. Januar 2027 in Kraft.", ["in_force"]),
    ("de", "Der neue Satz gilt ab dem 1. Januar 2027.", ["applies"]),
    ("de", "Das Gesetz wurde am 5. Oktober 2026 verkündet.", ["published"]),
    ("de", "Stellungnahmen sind bis zum 15. Dezember 2026 möglich.", ["consultation_until"]),
    ("de", "Der Steuersatz sinkt zum 1. Januar 2027 von 19 auf 7 Prozent.", ["applies"]),
    ("de", "Der Anwendungsbeginn wird vom 1. Januar 2027 auf den 1. Juli 2027 verschoben.", ["mentioned", "applies"]),
    ("pt", "A lei entra em vigor em 1º de janeiro de 2027.", ["in_force"]),
    ("pt", "A nova alíquota aplica-se a partir de 1º de janeiro de 2027.", ["applies"]),
    ("pt", "A resolução foi publicada em 5 de outubro de 2026.", ["published"]),
    ("pt", "Contribuições podem ser enviadas até 15 de dezembro de 2026.", ["consultation_until"]),
    ("zh", "本公告自2027年1月1日起施行。", ["in_force"]),
    ("zh", "自2027年1月1日起，税率调整为9%。", ["applies"]),
    ("zh", "该办法于2026年10月5日公布。", ["published"]),
    ("zh", "意见反馈截止时间为2026年12月15日。", ["consultation_until"]),
    ("zh", "实施日期推迟至2027年7月1日。", ["applies"]),
    ("id", "Peraturan ini mulai berlaku pada tanggal 1 Januari 2027.", ["in_force"]),
    ("id", "Tarif baru diterapkan mulai 1 Januari 2027.", ["applies"]),
    ("id", "Peraturan ini diundangkan pada tanggal 5 Oktober 2026.", ["published"]),
    ("id", "Masukan dapat disampaikan paling lambat 15 Desember 2026.", ["consultation_until"]),
    ("vi", "Nghị định có hiệu lực từ ngày 01/01/2027.", ["in_force"]),
    ("vi", "Thuế suất 8% được áp dụng từ ngày 01/01/2027 đến hết ngày 31/12/2027.", ["applies", "ends"]),
    ("vi", "Thông tư được ban hành ngày 05/10/2026.", ["published"]),
    ("vi", "Lấy ý kiến góp ý đến ngày 15/12/2026.", ["consultation_until"]),
    ("it", "La legge entra in vigore il 1° gennaio 2027.", ["in_force"]),
    ("nl", "De wet treedt op 1 januari 2027 in werking.", ["in_force"]),
    ("pl", "Ustawa wchodzi w życie 1 stycznia 2027.", ["in_force"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "roles"), ROLES)
def test_what_happens_on_a_day_is_read_from_its_sentence(language: str, text: str, roles: list[str]) -> None:
    found = read(
        text, language=language, place={"en": "GB", "zh": "CN", "pt": "BR"}.get(language, language.upper())
    ).dates
    assert [one.role.value for one in found] == roles


@pytest.mark.parametrize(("text", "expected"), [
    ("The rule applies from 1 March.", date(2027, 3, 1)),
    ("The rule applies from 15 December.", date(2026, 12, 15)),
    ("The rule applies from 1 March next year.", date(2027, 3, 1)),
])  # fmt: skip
def test_a_missing_year_is_the_next_time_that_the_day_comes(text: str, expected: date) -> None:
    assert [one.day for one in read(text, place="GB").dates] == [expected]


def test_a_missing_year_of_the_past_is_not_guessed() -> None:
    assert read("The law was adopted on 1 March.", place="GB").dates == ()
    assert read("The rule applies from 1 March.", place="GB", published=None).dates == ()


def test_today_is_the_day_of_publication_where_something_happens_then() -> None:
    assert [(one.day, one.role) for one in read("The new limit takes effect today.").dates] == [
        (PUBLISHED, DateRole.APPLIES)
    ]
    assert read("Today the minister met traders.").dates == ()


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("en", "Published on 5 October 2026, it enters into force on the twentieth day following that of its publication.", date(2026, 10, 25)),
    ("en", "It was published on 5 October 2026 and enters into force 20 days after publication.", date(2026, 10, 25)),
    ("en", "It was published on 5 October 2026. It applies on the day following its publication.", date(2026, 10, 6)),
    ("en", "It was published on 5 October 2026. It applies from the first day of the third month following its publication.", date(2027, 1, 1)),
    ("zh", "2026年10月5日公布。自公布之日起30日后施行。", date(2026, 11, 4)),
    ("es", "Publicada el 5 de octubre de 2026. Entra en vigor al día siguiente al de su publicación.", date(2026, 10, 6)),
])  # fmt: skip
def test_a_day_counted_from_the_publication_is_reckoned_where_that_is_told(
    language: str, text: str, expected: date
) -> None:
    assert expected in [
        one.day for one in read(text, language=language, place="EU").dates if one.role is DateRole.IN_FORCE
    ]


def test_a_day_is_not_counted_from_the_publication_of_an_older_law() -> None:
    found = read(
        "本办法自发布之日起30日后施行，《旧办法》（2015年3月1日发布）同时废止。", language="zh", place="CN"
    ).dates
    assert [one.day for one in found] == [date(2015, 3, 1)]


def test_a_day_counted_from_a_publication_that_is_not_told_is_left_out() -> None:
    assert read("It enters into force on the twentieth day following that of its publication.", place="EU").dates == ()


def test_a_day_more_than_a_year_before_the_publication_is_history() -> None:
    found = read("The directive entered into force on 13 January 2018.", place="EU").dates
    assert [one.role for one in found] == [DateRole.MENTIONED]


def test_the_effective_day_is_the_one_of_application_and_exact() -> None:
    item = read(
        "It enters into force on 5 November 2026. It applies from January 2027. Firms apply it from 1 July 2027.",
        place="EU",
    )
    assert item.effective is not None
    assert item.effective.day == date(2027, 7, 1)


def test_days_of_a_text_without_any_are_none() -> None:
    assert dated(lay_out("No day is told here.", language="en"), ()) == ()


def test_the_year_of_the_last_day_is_that_of_the_first() -> None:
    found = days(
        lay_out(
            "from 1 March to 30 June 2026, and from 1 December to 31 January 2027", language="en", published=PUBLISHED
        )
    )
    assert [one.day.isoformat() for one in found] == ["2026-03-01", "2026-06-30", "2026-12-01", "2027-01-31"]


@pytest.mark.parametrize(("text", "expected"), [
    ("Applications for a licence will be received from 1 December 2026 to 31 January 2027. The regime takes effect on 1 March 2027.", "2027-03-01"),
    ("A pilot runs from 1 December 2026 to 28 February 2027. Mandatory use starts on 6 April 2027.", "2027-04-06"),
    ("The reduced rate applies from 1 December 2026 to 31 May 2027.", "2026-12-01"),
    ("A briefing on 12 November 2026 is about the rules that will be in force as of 1 February 2027.", "2027-02-01"),
    ("A session on the rules, which enter into force on 1 March 2027, takes place on 4 December 2026.", "2027-03-01"),
    ("The new chair takes up her post from 1 January 2027.", None),
    ("The bill was introduced on 14 September 2026.", None),
    ("The duty does not apply from 1 January 2027 but from 1 July 2027.", "2027-07-01"),
])  # fmt: skip
def test_what_has_an_end_or_is_a_meeting_or_is_denied_gives_way(text: str, expected: str | None) -> None:
    found = read(text, place="GB").effective
    assert (None if found is None else found.day.isoformat()) == expected


@pytest.mark.parametrize(("title", "text"), [
    ("Licence revoked", "The licence was revoked with effect from 1 November 2026."),
    ("Fine for a bank", "The bank must comply by 31 March 2027 and apply the new controls from 1 April 2027."),
    ("Frequently asked questions", "The answers explain the rule that has applied since 10 January 2026."),
])  # fmt: skip
def test_nobody_else_must_follow_a_measure_or_an_explanation_from_a_day(title: str, text: str) -> None:
    assert read(text, title=title, place="GB").effective is None
