"""Tax numbers offline: form, check digits, whose they are, what they could prove. The examples are those of python-stdnum."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.places import SUBDIVISIONS
from engine.tax.id_forms import ALLOWED, GSTIN_STATES, NotAllowed, module
from engine.tax.ids import LONGEST, MEMBER_STATES, Kind, check

EXAMPLES = [
    ("AD", "ad.nrt", "U-132950-X", "U132950X", "A123B", "length"),
    ("AL", "al.nipt", "AL J 91402501 L", "J91402501L", "Z 22218003 V", "format"),
    ("AR", "ar.cuit", "20-05536168-2", "20055361682", "20267565392", "checksum"),
    ("AT", "at.uid", "AT U13585627", "ATU13585627", "U13585626", "checksum"),
    ("AU", "au.abn", "83 914 571 673", "83914571673", "99 999 999 999", "checksum"),
    ("AZ", "az.voen", "140 155 5071", "1401555071", "140 155 5081", "checksum"),
    ("BE", "be.vat", "BE 428759497", "BE0428759497", "BE431150351", "checksum"),
    ("BG", "bg.vat", "175074752", "BG175074752", "175074751", "checksum"),
    ("BR", "br.cnpj", "16.727.230/0001-97", "16727230000197", "16.727.230.0001-98", "checksum"),
    ("BY", "by.unp", "УНП MA1953684", "MA1953684", "200988542", "checksum"),
    ("CA", "ca.bn", "12302 6635 RC 0001", "123026635RC0001", "123456783", "checksum"),
    ("CH", "ch.vat", "CHE-107.787.577 IVA", "CHE107787577IVA", "CHE-107.787.578 IVA", "checksum"),
    ("CL", "cl.rut", "CL 12531909-2", "125319092", "12531909-3", "checksum"),
    ("CN", "cn.uscc", "91110000600037341L", "91110000600037341L", "A1110000600037341L", "format"),
    ("CO", "co.nit", "213.123.432-1", "2131234321", "2131234325", "checksum"),
    ("CR", "cr.cpj", "3-101-999999", "3101999999", "3-534-123559", "component"),
    ("CY", "cy.vat", "CY-10259033P ", "CY10259033P", "CY-10259033Z", "checksum"),
    ("CZ", "cz.dic", "25123891", "CZ25123891", "25123890", "checksum"),
    ("DE", "de.vat", "DE136695976", "DE136695976", "136695978", "checksum"),
    ("DK", "dk.cvr", "DK 13585628", "DK13585628", "DK 13585627", "checksum"),
    ("DO", "do.rnc", "1-01-85004-3", "101850043", "101850042", "checksum"),
    ("DZ", "dz.nif", "408 020 000 150 039", "408020000150039", "12345", "length"),
    ("EC", "ec.ruc", "1792060346-001", "1792060346001", "1763154690001", "checksum"),
    ("EE", "ee.kmkr", "100594102", "EE100594102", "100594103", "checksum"),
    ("EG", "eg.tn", "٣٣١-١٠٥-٢٦٨", "331105268", "12345", "length"),
    ("ES", "es.nif", "54362315K", "ES54362315K", "B64717839", "checksum"),
    ("FI", "fi.alv", "FI 20774740", "FI20774740", "FI 20774741", "checksum"),
    ("FO", "fo.vn", "623857", "623857", "1234", "length"),
    ("FR", "fr.tva", "K7399859412", "FRK7399859412", "84 323 140 391", "checksum"),
    ("GB", "gb.vat", "GB 980 7806 84", "GB980780684", "802311781", "checksum"),
    ("GH", "gh.tin", "C0000803561", "C0000803561", "C0000803562", "checksum"),
    ("GN", "gn.nifp", "693-770-885", "693770885", "693770880", "checksum"),
    ("GR", "gr.vat", "EL 094259216 ", "EL094259216", "EL 123456781", "checksum"),
    ("GT", "gt.nit", "576937-K", "576937K", "8977112-0", "checksum"),
    ("HR", "hr.oib", "HR 33392005961", "HR33392005961", "33392005962", "checksum"),
    ("HU", "hu.anum", "HU-12892312", "HU12892312", "HU-12892313", "checksum"),
    ("ID", "id.npwp", "01.312.166.0-091.000", "013121660091000", "123456789", "length"),
    ("IE", "ie.vat", "IE 6433435OA", "IE6433435OA", "6433435E", "checksum"),
    ("IL", "il.hp", "516179157", "516179157", "516179150", "checksum"),
    ("IN", "in_.gstin", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV", "27AAPFU0939F1ZO", "checksum"),
    ("IS", "is_.vsk", "IS 00621", "00621", "IS 0062199", "length"),
    ("IT", "it.iva", "IT 00743110157", "IT00743110157", "00743110158", "checksum"),
    ("JP", "jp.cn", "T5-8356-7825-6246", "T5835678256246", "T2-8356-7825-6246", "checksum"),
    ("KE", "ke.pin", "P051365947M", "P051365947M", "V1234567890", "format"),
    ("KR", "kr.brn", "116-82-00276", "1168200276", "123456789", "length"),
    ("LI", "li.peid", "00001234567", "1234567", "00001234568913454545", "length"),
    ("LT", "lt.pvm", "LT 100001919017", "LT100001919017", "100001919018", "checksum"),
    ("LU", "lu.tva", "LU 150 274 42", "LU15027442", "150 274 43", "checksum"),
    ("LV", "lv.pvn", "LV 4000 3521 600", "LV40003521600", "40003521601", "checksum"),
    ("MA", "ma.ice", "00 21 36 09 30 00 040", "002136093000040", "001561191000065", "checksum"),
    ("MC", "mc.tva", "53 0000 04605", "FR53000004605", "FR 61 954 506 077", "component"),
    ("MD", "md.idno", "1008600038413", "1008600038413", "1008600038412", "checksum"),
    ("ME", "me.pib", "02655284", "02655284", "02655283", "checksum"),
    ("MK", "mk.edb", "МК 4020990116747", "4020990116747", "4030000375890", "checksum"),
    ("MT", "mt.vat", "MT 1167-9112", "MT11679112", "1167-9113", "checksum"),
    ("MX", "mx.rfc", "MAB-930714-8T4", "MAB9307148T4", "MAB-931314-8T4", "component"),
    ("MZ", "mz.nuit", "400 005 834", "400005834", "12345", "length"),
    ("NL", "nl.btw", "NL4495445B01", "NL004495445B01", "123456789B90", "checksum"),
    ("NO", "no.mva", "NO 995 525 828 MVA", "995525828MVA", "NO 995 525 829 MVA", "checksum"),
    ("NZ", "nz.ird", "NZ 49-098-576", "49098576", "136410133", "checksum"),
    ("PE", "pe.ruc", "20512333797", "20512333797", "20512333798", "checksum"),
    ("PL", "pl.nip", "PL 8567346215", "PL8567346215", "PL 8567346216", "checksum"),
    ("PT", "pt.nif", "PT 501 964 843", "PT501964843", "PT 501 964 842", "checksum"),
    ("PY", "py.ruc", "80028061-0", "800280610", "800532492", "checksum"),
    ("RO", "ro.cf", "185 472 90", "RO18547290", "185 472 91", "checksum"),
    ("RS", "rs.pib", "101134702", "101134702", "101134703", "checksum"),
    ("RU", "ru.inn", "1234567894", "1234567894", "1234567895", "checksum"),
    ("SE", "se.vat", "SE 123456789701", "SE123456789701", "123456789101", "checksum"),
    ("SG", "sg.uen", "197401143C", "197401143C", "197401143D", "checksum"),
    ("SI", "si.ddv", "SI 5022 3054", "SI50223054", "SI 50223055", "checksum"),
    ("SK", "sk.dph", "SK 202 274 96 19", "SK2022749619", "SK 202 274 96 18", "checksum"),
    ("SM", "sm.coe", "024165", "24165", "2416A", "format"),
    ("SN", "sn.ninea", "30672212G2", "30672212G2", "3067222", "checksum"),
    ("SV", "sv.nit", "SV 0614-050707-104-8", "06140507071048", "0614-050707-104-0", "checksum"),
    ("TH", "th.tin", "1-2345-45678-78-1", "1234545678781", "1234545678789", "format"),
    ("TN", "tn.mf", "1234567/M/A/E/001", "1234567MAE001", "1219773U", "format"),
    ("TR", "tr.vkn", "4540536920", "4540536920", "4540536921", "checksum"),
    ("TW", "tw.ubn", "00501503", "00501503", "00501502", "checksum"),
    ("UA", "ua.edrpou", "32855961", "32855961", "32855968", "checksum"),
    ("US", "us.ein", "91-1144442", "911144442", "07-1144442", "component"),
    ("UY", "uy.rut", "UY 21 140634 001 1", "211406340011", "210303670014", "checksum"),
    ("VE", "ve.rif", "V-11470283-4", "V114702834", "V-11470283-3", "checksum"),
    ("VN", "vn.mst", "0314409058-002", "0314409058002", "0100233480", "checksum"),
    ("XI", "gb.vat", "XI 980 7806 84", "XI980780684", "XI 802311781", "checksum"),
    ("ZA", "za.tin", "0001339050", "0001339050", "2449/494/16/0", "checksum"),
]
"""Country, module, a published example, how it is written here, a published counterexample, and what is wrong with that."""

MODULES = {country: f"stdnum.{name}" for country, name, *_ in EXAMPLES} | {"IM": "stdnum.gb.vat"}


@pytest.mark.parametrize(("country", "_module", "value", "written", "wrong", "reason"), EXAMPLES)
def test_a_number_of_the_right_form_is_never_called_valid(
    country: str, _module: str, value: str, written: str, wrong: str, reason: str
) -> None:
    right, broken = check(country, value, MODULES.get), check(country, wrong, MODULES.get)
    assert (right.state, right.normalised, right.country, right.reason) == ("format_valid", written, country, None)
    assert (broken.state, broken.normalised, broken.reason) == ("invalid", None, reason)
    assert wrong.strip() not in broken.message


def test_every_allowed_module_has_an_example() -> None:
    # ch.uid and no.orgnr stand behind ch.vat and no.mva; the eu modules have tests of their own below.
    behind = {"stdnum.ch.uid", "stdnum.no.orgnr", "stdnum.eu.oss", "stdnum.eu.vat"}
    assert ALLOWED - behind == {f"stdnum.{name}" for _, name, *_ in EXAMPLES}


# -- whose number -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "value", "country", "written"),
    [
        (None, "DE136695976", "DE", "DE136695976"),
        (None, "el 094259216", "GR", "EL094259216"),
        ("EL", "094259216", "GR", "EL094259216"),
        ("UK", "980780684", "GB", "GB980780684"),
        (None, "XI980780684", "XI", "XI980780684"),
        ("GB", "XI980780684", "XI", "XI980780684"),
        ("XI", "GB980780684", "GB", "GB980780684"),
        ("IM", "GB980780684", "IM", "980780684"),
        (None, "CHE-107.787.577 TVA", "CH", "CHE107787577TVA"),
        (None, "NO 995 525 828 MVA", "NO", "995525828MVA"),
        ("MC", "FR53000004605", "MC", "FR53000004605"),
    ],
)
def test_the_prefix_tells_what_the_stated_country_cannot(
    stated: str | None, value: str, country: str, written: str
) -> None:
    found = check(stated, value, MODULES.get)
    assert (found.country, found.state, found.normalised) == (country, "format_valid", written)


def test_a_number_of_one_member_state_said_to_be_anothers_is_invalid_for_that_reason() -> None:
    found = check("DE", "ATU13585627", MODULES.get)
    assert (found.country, found.state, found.reason) == ("DE", "invalid", "prefix")
    assert "AT" in found.message


@pytest.mark.parametrize(("stated", "value"), [(None, "83914571673"), (None, ""), ("ZZ", "1"), ("de", "DE136695976")])
def test_a_number_of_nobody_knows_whom_is_unchecked(stated: str | None, value: str) -> None:
    found = check(stated, value, MODULES.get)
    assert (found.country, found.state, found.reason) == (None, "unchecked", "country_unknown")


@pytest.mark.parametrize("value", ["EU 372022452", "IM3720000224"])
@pytest.mark.parametrize("stated", [None, "EU", "IE"])
def test_numbers_of_the_special_schemes_are_nobodys_to_buy_with(stated: str | None, value: str) -> None:
    found = check(stated, value, MODULES.get)
    assert (found.country, found.state, found.kind, found.in_union) == ("EU", "format_valid", Kind.SCHEME, None)


def test_the_import_scheme_is_not_mistaken_for_the_isle_of_man() -> None:
    assert check("IM", "IM3720000224", MODULES.get).country == "EU"
    assert check("IM", "980780684", MODULES.get).country == "IM"


@pytest.mark.parametrize(
    ("country", "value", "asked"),
    [
        ("GR", "094259216", ("EL", "094259216")),
        ("BE", "428759497", ("BE", "0428759497")),
        ("XI", "980780684", ("XI", "980780684")),
        ("MC", "53000004605", ("FR", "53000004605")),
        ("GB", "980780684", None),
        ("CH", "CHE107787577IVA", None),
        ("AU", "83914571673", None),
        ("DE", "136695978", None),
    ],
)
def test_vies_is_asked_by_prefix_and_only_for_numbers_that_can_stand_there(
    country: str, value: str, asked: tuple[str, str] | None
) -> None:
    assert check(country, value, MODULES.get).in_union == asked


def test_a_module_for_all_member_states_reads_any_of_them() -> None:
    for country, value in (("BE", "BE697449992"), ("FR", "FR 61 954 506 077")):
        assert check(country, value, lambda _: "stdnum.eu.vat").state == "format_valid"


# -- South Africa -------------------------------------------------------------------------------------------------------


def test_a_south_african_vendor_number_is_read_though_the_module_rejects_it() -> None:
    with pytest.raises(ValueError, match="invalid or unknown"):
        module("stdnum.za.tin")("4220119988")
    found = check("ZA", "422 011 9988", MODULES.get)
    assert (found.state, found.normalised, found.kind) == ("format_valid", "4220119988", Kind.REGISTRATION)
    assert check("ZA", "ZA4220119988", MODULES.get).normalised == "4220119988"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("4220119989", "checksum"),
        ("4220119898", "checksum"),
        ("422011998", "length"),
        ("42201199880", "length"),
        ("422011998A", "format"),
        ("5220119987", "component"),
        ("6220119986", "component"),
    ],
)
def test_a_vendor_number_has_ten_digits_and_the_check_digit_of_all_its_references(value: str, reason: str) -> None:
    found = check("ZA", value, MODULES.get)
    assert (found.state, found.reason) == ("invalid", reason)


def test_a_south_african_income_tax_reference_shows_no_vendor() -> None:
    assert check("ZA", "0001339050", MODULES.get).kind is Kind.IDENTIFICATION


# -- countries with more to say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "value", "kind"),
    [
        ("CA", "123026635RT0001", Kind.REGISTRATION),
        ("CA", "123026635 rt 0001", Kind.REGISTRATION),
        ("CA", "123026635RC0001", Kind.IDENTIFICATION),
        ("CA", "123026635", Kind.IDENTIFICATION),
        ("CH", "CHE-107.787.577 MWST", Kind.REGISTRATION),
        ("CH", "CHE-107.787.577", Kind.IDENTIFICATION),
        ("LI", "CHE-107.787.577 MWST", Kind.REGISTRATION),
        ("LI", "1234567", Kind.IDENTIFICATION),
        ("NO", "995 525 828 MVA", Kind.REGISTRATION),
        ("NO", "995 525 828", Kind.IDENTIFICATION),
        ("JP", "T5835678256246", Kind.REGISTRATION),
        ("JP", "5835678256246", Kind.IDENTIFICATION),
        ("SG", "S16FC0121D", Kind.IDENTIFICATION),
        ("AU", "83914571673", Kind.IDENTIFICATION),
        ("US", "91-1144442", Kind.IDENTIFICATION),
        ("NZ", "4909185-0", Kind.REGISTRATION),
        ("DE", "DE136695976", Kind.REGISTRATION),
    ],
)
def test_what_a_number_proves_is_told(country: str, value: str, kind: Kind) -> None:
    found = check(country, value, MODULES.get)
    assert (found.state, found.kind) == ("format_valid", kind)


@pytest.mark.parametrize(
    ("value", "region"),
    [
        ("27AAPFU0939F1ZV", "IN-MH"),
        ("37AAPFU0939F1ZU", "IN-AP"),
        ("38AAPFU0939F1ZS", "IN-LA"),
        ("97AAPFU0939F1ZO", None),
    ],
)
def test_a_gstin_tells_its_state(value: str, region: str | None) -> None:
    found = check("IN", value, MODULES.get)
    assert (found.state, found.region) == ("format_valid", region)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("38AAPFU0939F1ZT", "checksum"),
        ("38AAPFU0939F0ZS", "format"),
        ("38AAPFU0939F1Z", "length"),
        ("39AAPFU0939F1ZR", "component"),
    ],
)
def test_states_that_came_later_are_checked_as_closely(value: str, reason: str) -> None:
    assert check("IN", value, MODULES.get).reason == reason


def test_every_state_of_a_gstin_is_a_place() -> None:
    assert {region for region in GSTIN_STATES.values() if region} <= SUBDIVISIONS
    assert len({region for region in GSTIN_STATES.values() if region}) == 36


def test_a_singapore_number_of_a_later_year_does_not_turn_on_the_clock() -> None:
    later = "T99LL0001"
    digits = [check("SG", later + letter, MODULES.get).state for letter in "ABCDEFGHJKLMNPQRSTUVWX"]
    assert digits.count("format_valid") == 1


@pytest.mark.parametrize("name", sorted(ALLOWED - {"stdnum.sg.uen"}))
def test_no_module_that_is_used_reads_a_clock(name: str) -> None:
    tree = ast.parse(inspect.getsource(import_module(name)))
    assert not {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"now", "today", "utcnow"}


# -- never a name from a pack unchecked, never an exception -------------------------------------------------------------


@pytest.mark.parametrize("name", ["os", "stdnum.util", "stdnum.eu.vat.check_vies", "stdnum", "stdnum.iban", ""])
def test_a_module_that_is_not_on_the_list_is_never_imported(name: str) -> None:
    with pytest.raises(NotAllowed, match="is no module"):
        module(name)
    found = check("DE", "DE136695976", lambda _: name)
    assert (found.state, found.reason) == ("unchecked", "module_refused")


def test_a_country_without_a_module_leaves_its_numbers_unchecked() -> None:
    found = check("KW", "123", MODULES.get)
    assert (found.state, found.reason, found.normalised) == ("unchecked", "no_module", None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [("1" * (LONGEST + 1), "too_long"), ("", "format"), ("DE<script>", "format"), ("德136", "format")],
)
def test_what_cannot_be_a_number_is_invalid(value: str, reason: str) -> None:
    found = check("DE", value, MODULES.get)
    assert (found.state, found.reason) == ("invalid", reason)


@given(
    st.sampled_from([*sorted(MODULES), None]), st.text(max_size=80) | st.from_regex(r"[A-Z]{0,4}[0-9]{0,16}[A-Z]{0,4}")
)
def test_any_text_gets_an_answer(country: str | None, value: str) -> None:
    found = check(country, value, MODULES.get)
    assert found.state in ("format_valid", "invalid", "unchecked")
    assert (found.normalised is None) == (found.reason is not None)


@given(st.sampled_from(EXAMPLES))
def test_a_normalised_number_is_read_again_as_itself(example: tuple[str, ...]) -> None:
    country, _, value, written, *_ = example
    assert check(country, written, MODULES.get).normalised == check(country, value, MODULES.get).normalised


def test_member_states_have_modules() -> None:
    assert set(MODULES) >= MEMBER_STATES
