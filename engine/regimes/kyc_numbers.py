"""Identity and company numbers without asking anybody: the python-stdnum modules that packs may name; none reads a clock.

A number of the right form was not thereby given to anybody: it proves nothing, and raises no level of identification.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Final

from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

from engine.tax.id_forms import singaporean_entity

Check = Callable[[str], object]
"""Raises where a number cannot be right."""

LONGEST: Final = 64

ALLOWED: Final = frozenset("stdnum." + name for name in (
    "ad.nrt", "al.nipt", "ar.cuit", "ar.dni", "at.businessid", "at.tin", "at.vnr", "au.abn", "au.acn", "au.tfn", "az.voen",
    "be.bis", "be.nn", "be.vat", "bg.egn", "bg.pnf", "bg.vat", "br.cnpj", "br.cpf", "by.unp", "ca.bn", "ca.sin", "ch.ssn",
    "ch.uid", "cl.rut", "cn.ric", "cn.uscc", "co.nit", "cr.cpf", "cr.cpj", "cr.cr", "cu.ni", "cy.vat", "cz.dic", "cz.rc",
    "de.handelsregisternummer", "de.idnr", "de.vat", "dk.cpr", "dk.cvr", "do.cedula", "do.rnc", "dz.nif", "ec.ci", "ec.ruc",
    "ee.ik", "ee.registrikood", "eg.tn", "es.cif", "es.dni", "es.nie", "fi.hetu", "fi.ytunnus", "fo.vn", "fr.nir", "fr.siren",
    "fr.siret", "gb.nhs", "gb.utr", "gb.vat", "gh.tin", "gn.nifp", "gr.amka", "gr.vat", "gt.nit", "hr.oib", "hu.anum",
    "id.nik", "id.npwp", "ie.pps", "ie.vat", "il.hp", "il.idnr", "in_.aadhaar", "in_.epic", "in_.gstin", "in_.pan",
    "is_.kennitala", "it.codicefiscale", "it.iva", "jp.cn", "jp.in_", "ke.pin", "kr.brn", "kr.rrn", "li.peid", "lt.asmens",
    "lt.pvm", "lu.tva", "lv.pvn", "ma.ice", "mc.tva", "md.idno", "me.pib", "mk.edb", "mt.vat", "mu.nid", "mx.curp", "mx.rfc",
    "my.nric", "mz.nuit", "nl.bsn", "nl.btw", "no.fodselsnummer", "no.orgnr", "nz.ird", "pe.cui", "pe.ruc", "pk.cnic",
    "pl.nip", "pl.pesel", "pl.regon", "pt.cc", "pt.nif", "py.ruc", "ro.cnp", "ro.cui", "ro.onrc", "rs.pib", "ru.inn",
    "ru.ogrn", "se.orgnr", "se.personnummer", "sg.uen", "si.ddv", "si.emso", "sk.rc", "sm.coe", "sn.ninea", "sv.nit", "th.moa",
    "th.pin", "th.tin", "tn.mf", "tr.tckimlik", "tr.vkn", "tw.ubn", "ua.edrpou", "ua.rntrc", "us.ein", "us.itin", "us.ssn",
    "uy.rut", "ve.rif", "vn.mst", "za.idnr", "za.tin",
))  # fmt: skip
"""INVARIANT: the only modules that are ever imported by a name that a pack states. Those that read a clock (to refuse numbers of
people who are not born yet, or to guess a century) are replaced below, so that a decision reads the same in every year."""


def accepts(name: str, number: str) -> bool | None:
    """Whether a number has the form that a module checks; None for a module that is not on the list."""
    check = _check(name)
    if check is None:
        return None
    if len(number) > LONGEST:
        return False
    try:
        check(number)
    except (ValidationError, ValueError, LookupError, TypeError, AttributeError):
        return False  # some modules stumble over odd text before they refuse it
    return True


@lru_cache(maxsize=512)
def _check(name: str) -> Check | None:
    if name not in ALLOWED:
        return None
    own = _WITHOUT_CLOCK.get(name)
    if own is not None:
        return own
    found: Check = import_module(name).validate
    return found


# -- modules that read a clock, read without one ----------------------------------------------------------------------------


def _digits(number: str, length: int) -> str:
    if not (number.isascii() and number.isdigit()):
        raise InvalidFormat
    if len(number) != length:
        raise InvalidLength
    return number


def _some_day(number: str, centuries: tuple[int, ...]) -> None:
    """The first six digits are a day of one of these centuries."""
    for century in centuries:
        try:
            date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
        except ValueError:
            continue
        return
    raise InvalidComponent


def _belgian(number: str, months: tuple[tuple[int, int], ...]) -> None:
    number = _digits(number.translate({ord(sign): None for sign in " -."}), 11)
    body, check = number[:-2], int(number[-2:])
    if check not in (97 - int(body) % 97, 97 - int("2" + body) % 97):
        raise InvalidChecksum
    if not any(first <= int(number[2:4]) <= last for first, last in months):
        raise InvalidComponent


def _national(number: str) -> None:
    _belgian(number, ((0, 12),))


def _bis(number: str) -> None:
    _belgian(number, ((20, 32), (40, 52)))


def _cpr(number: str) -> None:
    """Denmark. Numbers given since 2007 need not meet the old check digit."""
    number = _digits(number.replace(" ", "").replace("-", ""), 10)
    _some_day(number[4:6] + number[2:4] + number[:2], (1800, 1900, 2000))


def _norwegian(number: str) -> None:
    number = _digits(fodselsnummer.compact(number), 11)
    if number[-2] != fodselsnummer.calc_check_digit1(number) or number[-1] != fodselsnummer.calc_check_digit2(number):
        raise InvalidChecksum
    fodselsnummer.get_birth_date(number)


def _swedish(number: str) -> None:
    number = personnummer.compact(number)
    if len(number) == 13 and number[8] in "-+":
        number = number[2:]
    if len(number) != 11 or number[6] not in "-+":
        raise InvalidFormat
    plain = _digits(number[:6] + number[7:], 10)
    _some_day(plain, (1800, 1900, 2000))
    luhn.validate(plain)


def _south_african(number: str) -> None:
    number = _digits(number.replace(" ", ""), 13)
    _some_day(number, (1900, 2000))
    if number[10] not in "01":
        raise InvalidComponent
    luhn.validate(number)


def _romanian_company(number: str) -> None:
    """J40/2442/2024, or since July 2024 its form of fourteen characters with a check digit."""
    number = number.replace(" ", "").upper()
    if number[:1] not in ("J", "F", "C"):
        raise InvalidComponent
    if "/" in number:
        import_module("stdnum.ro.onrc").validate(number)  # the old form has no year but those before 2025
        return
    digits = _digits(str(ord(number[0]) % 10) + number[1:], 14)
    if digits[-1] != str(sum(map(int, digits[:-1])) % 10):
        raise InvalidChecksum


_WITHOUT_CLOCK: Final[Mapping[str, Check]] = {
    "stdnum.be.nn": _national,
    "stdnum.be.bis": _bis,
    "stdnum.dk.cpr": _cpr,
    "stdnum.no.fodselsnummer": _norwegian,
    "stdnum.ro.onrc": _romanian_company,
    "stdnum.se.personnummer": _swedish,
    "stdnum.sg.uen": singaporean_entity,
    "stdnum.za.idnr": _south_african,
}
