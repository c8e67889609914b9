"""One publication is one item: by its address, and by what it says."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.feeds.canonical import canonical
from ingest.feeds.items import item, primary
from ingest.feeds.near import SAME, bands, equal, sketch

TEXT = (
    "The Authority informs taxable persons that from 1 January 2027 the reduced rate on restaurant meals is 9 percent instead of "
    "12 percent. Invoices for supplies made before that day keep the former rate, whatever the day of payment. Vouchers for a "
    "single purpose are taxed when they are issued. The circular of 3 March is withdrawn, and persons who have issued advance "
    "invoices for meals served after that day shall correct them within the quarter of the meal or at the latest by 31 March."
)


@pytest.mark.parametrize(("address", "meant"), [
    ("https://law.example", "https://law.example/"), ("HTTP://LAW.example:80/A", "http://law.example/A"),
    ("https://law.example:8443/a", "https://law.example:8443/a"), ("/b", "https://base.example/b"), ("c?x=", "https://base.example/d/c?x="),
    ("https://law.example/?gclid=1&utm_campaign=x&id=2", "https://law.example/?id=2"), ("https://[2a00::1]/", "https://[2a00::1]/"),
    ("mailto:x@example.org", None), ("javascript:x()", None), ("https://u:p@law.example/", None), ("", None),
    ("https://law.example/" + "x" * 2_000, None), ("https://[::1", None), ("https://law.example:x/", None),
])  # fmt: skip
def test_one_address_for_one_page(address: str, meant: str | None) -> None:
    assert canonical(address, "https://base.example/d/") == meant


@given(st.text(max_size=60))
@example("0 #")
@example("0 ?#")
def test_an_address_that_is_canonical_stays_so(address: str) -> None:
    found = canonical(address, "https://base.example/d/")
    assert found is None or canonical(found) == found


def likeness(one: str, other: str) -> int:
    """Equal places of two texts."""
    first, second = sketch(one), sketch(other)
    assert first is not None
    assert second is not None
    return equal(first, second)


def test_a_word_mended_is_the_same_publication_and_another_number_in_a_short_one_is_seen() -> None:
    assert likeness(TEXT, TEXT) == 64
    assert likeness(TEXT, TEXT.upper() + "\n") == 64
    assert likeness(TEXT, TEXT.replace("Vouchers", "Coupons")) >= SAME
    assert likeness(TEXT, TEXT[len(TEXT) // 2 :]) < SAME
    assert (
        likeness(
            TEXT,
            "The Bank announces that its offices are closed on 1 January 2027 and open again on the next day. " * 3,
        )
        < 8
    )


def test_what_is_nearly_the_same_shares_a_band() -> None:
    first, second = sketch(TEXT), sketch(TEXT.replace("Vouchers", "Coupons"))
    assert first is not None
    assert second is not None
    assert set(bands(first)) & set(bands(second))


def test_scripts_without_spaces_are_told_apart_as_well() -> None:
    one = (
        "国家税务总局公告自二零二七年一月一日起对跨境电子商务零售进口商品增值税税率作如下调整，"
        "原有规定与本公告不一致的，以本公告为准。特此公告，请遵照执行。"
    )
    other = (
        "中国人民银行决定自二零二七年二月一日起下调金融机构存款准备金率零点五个百分点，"
        "以支持实体经济发展，并保持流动性合理充裕。"
    )
    assert likeness(one, one) == 64
    assert likeness(one, other) < SAME


def test_short_texts_are_not_compared() -> None:
    assert sketch("") is None
    assert sketch("Press release No 7") is None


def test_the_key_of_a_publication() -> None:
    assert item(own=None, title="", text="", link="https://x/", published_at=None) is None
    found = [
        item(own=own, title="A", text="", link=link, published_at=None)
        for own, link in (("7", "l"), (None, "l"), (None, None))
    ]
    assert [one and one.key[:7] for one in found] == ["7", "l", "sha256:"]


@pytest.mark.parametrize(
    ("tag", "meant"), [("pt-BR", "pt"), ("ZH_cn", "zh"), ("english", None), ("", None), (None, None), ("e1", None)]
)
def test_languages(tag: str | None, meant: str | None) -> None:
    assert primary(tag) == meant
