"""How tax numbers are written: the python-stdnum modules that may be used, and the countries where one alone does not do.

A number proves different things. Some are given only to who is registered for the tax (a German USt-IdNr., a Norwegian number
with MVA behind it); others name a firm or a person, registered or not (a Norwegian organisation number, an American EIN).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength
from stdnum.in_ import gstin, pan
from stdnum.sg import uen
from stdnum.util import clean

Validate = Callable[[str], str]
"""A module's own `validate`: the compact number. Raises stdnum's ValidationError."""


class Kind(StrEnum):
    """What a number is, as far as its form tells."""

    REGISTRATION = "registration"
    """Given to who is registered for the tax."""
    IDENTIFICATION = "identification"
    """Names a firm or a person. Whether they are registered for the tax, it does not tell."""
    SCHEME = "scheme"
    """Of a seller in the non-Union or the import scheme of the Union: no number to buy with."""


class Form(NamedTuple):
    """A number of the right form: compact, what it is, and the ISO 3166-2 place in it where there is one."""

    number: str
    kind: Kind = Kind.REGISTRATION
    region: str | None = None


ALLOWED: Final = frozenset((
    "stdnum.ad.nrt", "stdnum.al.nipt", "stdnum.ar.cuit", "stdnum.at.uid", "stdnum.au.abn", "stdnum.az.voen", "stdnum.be.vat",
    "stdnum.bg.vat", "stdnum.br.cnpj", "stdnum.by.unp", "stdnum.ca.bn", "stdnum.ch.uid", "stdnum.ch.vat", "stdnum.cl.rut",
    "stdnum.cn.uscc", "stdnum.co.nit", "stdnum.cr.cpj", "stdnum.cy.vat", "stdnum.cz.dic", "stdnum.de.vat", "stdnum.dk.cvr",
    "stdnum.do.rnc", "stdnum.dz.nif", "stdnum.ec.ruc", "stdnum.ee.kmkr", "stdnum.eg.tn", "stdnum.es.nif", "stdnum.eu.oss",
    "stdnum.eu.vat", "stdnum.fi.alv", "stdnum.fo.vn", "stdnum.fr.tva", "stdnum.gb.vat", "stdnum.gh.tin", "stdnum.gn.nifp",
    "stdnum.gr.vat", "stdnum.gt.nit", "stdnum.hr.oib", "stdnum.hu.anum", "stdnum.id.npwp", "stdnum.ie.vat", "stdnum.il.hp",
    "stdnum.in_.gstin", "stdnum.is_.vsk", "stdnum.it.iva", "stdnum.jp.cn", "stdnum.ke.pin", "stdnum.kr.brn",
    "stdnum.li.peid", "stdnum.lt.pvm", "stdnum.lu.tva", "stdnum.lv.pvn", "stdnum.ma.ice", "stdnum.mc.tva", "stdnum.md.idno",
    "stdnum.me.pib", "stdnum.mk.edb", "stdnum.mt.vat", "stdnum.mx.rfc", "stdnum.mz.nuit", "stdnum.nl.btw", "stdnum.no.mva",
    "stdnum.no.orgnr", "stdnum.nz.ird", "stdnum.pe.ruc", "stdnum.pl.nip", "stdnum.pt.nif", "stdnum.py.ruc", "stdnum.ro.cf",
    "stdnum.rs.pib", "stdnum.ru.inn", "stdnum.se.vat", "stdnum.sg.uen", "stdnum.si.ddv", "stdnum.sk.dph", "stdnum.sm.coe",
    "stdnum.sn.ninea", "stdnum.sv.nit", "stdnum.th.tin", "stdnum.tn.mf", "stdnum.tr.vkn", "stdnum.tw.ubn",
    "stdnum.ua.edrpou", "stdnum.us.ein", "stdnum.uy.rut", "stdnum.ve.rif", "stdnum.vn.mst", "stdnum.za.tin",
))  # fmt: skip
"""INVARIANT: the only modules that are ever imported by a name that a pack states. They compute; none reads a clock (the one
that does, sg.uen, is replaced below), none asks a network."""


class NotAllowed(ValueError):
    """A pack names a module that is not on the list."""


@cache
def module(name: str) -> Validate:
    """The `validate` of an allowed module. Raises NotAllowed."""
    if name not in ALLOWED:
        raise NotAllowed(
            f"{name!r} is no module of python-stdnum that tax numbers are checked with; engine/tax/id_forms.py lists them"
        )
    found: Validate = import_module(name).validate
    return found


# -- countries with more to say than their module ---------------------------------------------------------------------------


def _vendor(value: str, validate: Validate) -> Form:
    """South Africa. VAT vendors have numbers of their own, ten digits from 4 on with the check digit of all its tax references;
    the module knows the references for income tax (0, 1, 2, 3, 9) and refuses these."""
    number = clean(value, " -/").upper().strip().removeprefix("ZA")
    if not number.startswith("4"):
        return Form(validate(number), Kind.IDENTIFICATION)
    _digits(number, 10)
    return Form(luhn.validate(number))


def _state(value: str, validate: Validate) -> Form:
    """India. The first two digits are the state of the registration; Ladakh (38) and other territory (97) came after the list
    in the module was made."""
    number = gstin.compact(value)
    if number[:2] not in _SINCE_2019:
        return Form(validate(number), region=GSTIN_STATES.get(number[:2]))
    if len(number) != 15:
        raise InvalidLength
    if not _GSTIN.fullmatch(number):
        raise InvalidFormat
    pan.validate(number[2:12])
    luhn.validate(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return Form(number, region=GSTIN_STATES[number[:2]])


_SINCE_2019: Final = ("38", "97")
_GSTIN: Final = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]", re.ASCII)

GSTIN_STATES: Final[Mapping[str, str | None]] = {
    "01": "IN-JK", "02": "IN-HP", "03": "IN-PB", "04": "IN-CH", "05": "IN-UK", "06": "IN-HR", "07": "IN-DL", "08": "IN-RJ",
    "09": "IN-UP", "10": "IN-BR", "11": "IN-SK", "12": "IN-AR", "13": "IN-NL", "14": "IN-MN", "15": "IN-MZ", "16": "IN-TR",
    "17": "IN-ML", "18": "IN-AS", "19": "IN-WB", "20": "IN-JH", "21": "IN-OD", "22": "IN-CG", "23": "IN-MP", "24": "IN-GJ",
    "25": "IN-DH", "26": "IN-DH", "27": "IN-MH", "28": "IN-AP", "29": "IN-KA", "30": "IN-GA", "31": "IN-LD", "32": "IN-KL",
    "33": "IN-TN", "34": "IN-PY", "35": "IN-AN", "36": "IN-TS", "37": "IN-AP", "38": "IN-LA", "97": None,
}  # fmt: skip
"""State code of a GSTIN -> ISO 3166-2. 25 and 26 are one territory since 2020-01-26, 28 is Andhra Pradesh before its division;
97 is the sea beyond the states (Other Territory), which has no code."""


def _business(value: str, validate: Validate) -> Form:
    """Canada. Only a number of the programme RT (GST/HST) says that its holder is registered for it."""
    number = validate(value.upper())
    return Form(number, Kind.REGISTRATION if number[9:11] == "RT" else Kind.IDENTIFICATION)


def _uid(value: str, _validate: Validate) -> Form:
    """Switzerland and Liechtenstein. The UID names the firm; MWST, TVA, IVA or TPV behind it says that it is registered."""
    number = clean(value, " -.").upper().strip()
    if number.endswith(("MWST", "TVA", "IVA", "TPV")):
        return Form(module("stdnum.ch.vat")(number))
    return Form(module("stdnum.ch.uid")(number), Kind.IDENTIFICATION)


def _liechtenstein(value: str, validate: Validate) -> Form:
    if clean(value, " -.").upper().strip().startswith("CHE"):
        return _uid(value, validate)
    return Form(validate(value), Kind.IDENTIFICATION)


def _mva(value: str, validate: Validate) -> Form:
    """Norway. The organisation number with MVA behind it is that of a registered business."""
    number = clean(value, " .").upper().strip()
    if number.endswith("MVA"):
        return Form(validate(number))
    return Form(module("stdnum.no.orgnr")(number.removeprefix("NO")), Kind.IDENTIFICATION)


def _invoice_issuer(value: str, validate: Validate) -> Form:
    """Japan. T before the corporate number is that of a registered issuer of qualified invoices."""
    number = clean(value, " -").upper().strip()
    if number.startswith("T"):
        return Form("T" + validate(number[1:]))
    return Form(validate(number), Kind.IDENTIFICATION)


def _entity(value: str, _validate: Validate) -> Form:
    """Singapore."""
    return Form(singaporean_entity(value), Kind.IDENTIFICATION)


def singaporean_entity(value: str) -> str:
    """A Singaporean entity's number, compact. Raises stdnum's ValidationError.

    The library's own module refuses years after the present one and so reads the clock; here the year is not looked at.
    """
    number = uen.compact(value)
    if len(number) not in (9, 10):
        raise InvalidLength
    if len(number) == 9:
        _digits(number[:-1], 8)
        right = uen.calc_business_check_digit(number)
    elif number[0] in "0123456789":
        _digits(number[:-1], 9)
        right = uen.calc_local_company_check_digit(number)
    else:
        _digits(number[1:3] + number[5:-1], 6)
        if number[0] not in "RST" or number[3:5] not in uen.OTHER_UEN_ENTITY_TYPES:
            raise InvalidComponent
        right = uen.calc_other_check_digit(number)
    if number[-1] != right:
        raise InvalidChecksum
    return number


def _digits(number: str, length: int) -> None:
    if len(number) != length:
        raise InvalidLength
    if not (number.isascii() and number.isdigit()):
        raise InvalidFormat


def _identified(value: str, validate: Validate) -> Form:
    """A number that every firm has, registered for the tax or not."""
    return Form(validate(value), Kind.IDENTIFICATION)


FORMS: Final[Mapping[str, Callable[[str, Validate], Form]]] = {
    "ZA": _vendor, "IN": _state, "CA": _business, "CH": _uid, "LI": _liechtenstein, "NO": _mva, "JP": _invoice_issuer,
    "SG": _entity, "AU": _identified, "MD": _identified, "UA": _identified, "US": _identified,
}  # fmt: skip
"""Country -> its own reading. Everywhere else the module's word is enough, and the number is one of registration."""
