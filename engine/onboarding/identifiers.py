"""Numbers with check digits: of registration, of tax, of the account; and the name at the bank.

A wrong check digit is a formal fault. A number of another form than ours, or one that nothing is known of, is not: it flags.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import MappingProxyType
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import InvalidChecksumDigits, SchwiftyException
from stdnum.exceptions import InvalidChecksum

from engine.onboarding.law import OnboardingLaw
from engine.onboarding.model import Account, Application, Check, Registers, folded

REGISTRATION: Final = MappingProxyType({
    "AR": "ar.cuit", "AU": "au.acn", "BE": "be.vat", "BR": "br.cnpj", "CH": "ch.uid", "CL": "cl.rut", "CN": "cn.uscc",
    "CO": "co.nit", "CZ": "cz.dic", "DE": "de.handelsregisternummer", "DK": "dk.cvr", "EE": "ee.registrikood",
    "ES": "es.cif", "FI": "fi.ytunnus", "FR": "fr.siren", "HR": "hr.oib", "IL": "il.hp", "IT": "it.iva", "JP": "jp.cn",
    "KR": "kr.brn", "NO": "no.orgnr", "PE": "pe.ruc", "PL": "pl.regon", "PT": "pt.nif", "RO": "ro.onrc", "RU": "ru.ogrn",
    "SE": "se.orgnr", "SG": "sg.uen", "SI": "si.maticna", "TW": "tw.ubn", "UA": "ua.edrpou", "UY": "uy.rut",
})  # fmt: skip
"""Country -> the module of python-stdnum for the number by which its companies are known."""


def checks(application: Application, registers: Registers, law: OnboardingLaw) -> Iterator[Check]:
    """Every number, and the name at the bank."""
    yield _register(registers)
    yield _registration(application)
    yield from _tax_numbers(application, law)
    yield _account(application)
    yield _holder(application, registers)


def iban_country(account: Account) -> str | None:
    """The country an IBAN says it is of, if it can be one."""
    letters = (account.iban or "").replace(" ", "")[:2].upper()
    return letters if len(letters) == 2 and letters.isascii() and letters.isalpha() else None


def _register(registers: Registers) -> Check:
    said = registers.company
    if said is None:
        return Check(check="company_register", result="not_performed", why="not_looked_up")
    return Check(check="company_register", result="pass" if said == "active" else "flag", why=said)


def _registration(application: Application) -> Check:
    number, name = application.registration_number, REGISTRATION.get(application.country)
    if number is None:
        return Check(check="registration_number", result="flag", why="not_stated")
    if name is None:
        return Check(check="registration_number", result="not_performed", why="no_module")
    try:
        import_module(f"stdnum.{name}").validate(number)
    except InvalidChecksum:
        return Check(check="registration_number", result="fail", why="checksum")
    except ValueError:  # stdnum's own are ValueErrors; companies of some forms have numbers of another build
        return Check(check="registration_number", result="flag", why="form")
    return Check(check="registration_number", result="pass", why="well_formed")


def _tax_numbers(application: Application, law: OnboardingLaw) -> Iterator[Check]:
    if not application.tax_ids:
        yield Check(check="tax_number", result="flag", why="not_stated")
    for number in application.tax_ids or []:
        country = number.country or application.country
        said = law.tax_number(country, number.value)
        if said.state == "format_valid":
            yield Check(check="tax_number", result="pass", why="well_formed", about=country)
        elif said.state == "invalid":
            result, why = ("fail", "checksum") if said.reason == "checksum" else ("flag", said.reason or "form")
            yield Check.model_validate({"check": "tax_number", "result": result, "why": why, "about": country})
        else:
            yield Check(check="tax_number", result="not_performed", why=said.reason or "unchecked", about=country)


def _account(application: Application) -> Check:
    account = application.account
    if account is None or not (account.iban or account.number):
        return Check(check="account", result="flag", why="not_stated")
    if account.iban is None:
        return Check(check="account", result="not_performed", why="no_iban")
    try:
        IBAN(account.iban, validate_bban=True)
    except InvalidChecksumDigits:
        return Check(check="account", result="fail", why="checksum")
    except SchwiftyException:
        return Check(check="account", result="flag", why="form")
    stated = account.country or application.country
    if iban_country(account) != stated[:2]:
        return Check(check="account", result="flag", why="another_country", about=iban_country(account))
    return Check(check="account", result="pass", why="well_formed")


def _holder(application: Application, registers: Registers) -> Check:
    """The account must be the merchant's: the name the bank has, the name the applicant says, and the merchant's are one."""
    stated = application.account.holder if application.account else None
    if stated is None:
        return Check(check="account_holder", result="flag", why="not_stated")
    if folded(stated) != folded(application.name):
        return Check(check="account_holder", result="flag", why="another_name")
    if registers.account_holder is None:
        return Check(check="account_holder", result="not_performed", why="bank_not_asked")
    if folded(registers.account_holder) != folded(application.name):
        return Check(check="account_holder", result="flag", why="bank_says_another_name")
    return Check(check="account_holder", result="pass", why="same_name")
