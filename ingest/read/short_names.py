"""Laws by the short names that everybody uses, and the names that they are filed under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """A law under its canonical name; `place` where the short name is only read so in texts of that place (`EU` for its members)."""

    name: str
    kind: str
    place: str | None = None


_TABLE: Final = """
Directive (EU) 2015/2366|directive|PSD2;PSD 2;PSD II;second Payment Services Directive;revised Payment Services Directive;DSP2;Payment Services Directive 2;Zweite Zahlungsdiensterichtlinie
Directive (EU) 2018/843|directive|AMLD5;5AMLD;AMLD 5;fifth Anti-Money Laundering Directive
Directive (EU) 2015/849|directive|AMLD4;4AMLD;fourth Anti-Money Laundering Directive
Directive (EU) 2024/1640|directive|AMLD6;6AMLD;AMLD 6;sixth Anti-Money Laundering Directive
Regulation (EU) 2024/1624|regulation|AMLR;Anti-Money Laundering Regulation;EU AML Regulation
Regulation (EU) 2024/1620|regulation|AMLAR;AMLA Regulation
Regulation (EU) 2023/1113|regulation|TFR;Transfer of Funds Regulation;Funds Transfer Regulation
Regulation (EU) 2023/1114|regulation|MiCA;MiCAR;Markets in Crypto-Assets Regulation;Markets in Crypto-assets Regulation
Regulation (EU) 2022/2554|regulation|DORA;Digital Operational Resilience Act
Regulation (EU) 2024/886|regulation|IPR;Instant Payments Regulation
Regulation (EU) No 260/2012|regulation|SEPA Regulation
Regulation (EU) 2015/751|regulation|Interchange Fee Regulation;IFR
Regulation (EU) 2016/679|regulation|GDPR;General Data Protection Regulation;DSGVO;DS-GVO;Datenschutz-Grundverordnung;RGPD;RODO;AVG;Reglamento General de Protección de Datos;Règlement général sur la protection des données
Regulation (EU) No 910/2014|regulation|eIDAS;eIDAS Regulation
Regulation (EU) 2024/1183|regulation|eIDAS 2;eIDAS2;European Digital Identity Regulation
Regulation (EU) No 833/2014|regulation|Sectoral Sanctions Regulation
Delegated Regulation (EU) 2018/389|regulation|RTS on SCA;RTS on SCA and CSC;SCA-RTS;SCA RTS;RTS on strong customer authentication
Delegated Regulation (EU) 2016/1675|regulation|EU list of high-risk third countries
Directive 2009/110/EC|directive|EMD2;second E-Money Directive;Electronic Money Directive
Directive 2006/112/EC|directive|VAT Directive;Mehrwertsteuersystemrichtlinie;MwStSystRL;Mehrwertsteuer-Systemrichtlinie;directive TVA;Directiva del IVA;Diretiva IVA
Directive (EU) 2025/516|directive|ViDA;VAT in the Digital Age
Directive (EU) 2021/514|directive|DAC7
Directive (EU) 2023/2226|directive|DAC8
Directive (EU) 2022/2555|directive|NIS2;NIS 2
Directive 2014/92/EU|directive|PAD;Payment Accounts Directive
Payment Services Regulation (PSR)|bill|PSR@EU;PSR proposal;Payment Services Regulation@EU
Third Payment Services Directive (PSD3)|bill|PSD3;PSD 3;third Payment Services Directive
FATF Recommendation 16|other|FATF R.16;R.16;Recommendation 16;FATF Recommendation 16;Travel Rule Recommendation;recomendación 16 del GAFI
FATF Recommendation 15|other|FATF R.15;Recommendation 15;FATF Recommendation 15
FATF Recommendations|other|FATF Recommendations;FATF Standards;Recomendaciones del GAFI;recommandations du GAFI;FATF-Empfehlungen
Personal Information Protection Law|act|PIPL;个人信息保护法;中华人民共和国个人信息保护法
Data Security Law|act|数据安全法;中华人民共和国数据安全法
Cybersecurity Law of the PRC|act|网络安全法;中华人民共和国网络安全法
Value-added Tax Law of the PRC|act|增值税法;中华人民共和国增值税法
Anti-Money Laundering Law of the PRC|act|反洗钱法;中华人民共和国反洗钱法
Lei 13.709/2018|act|LGPD;Lei Geral de Proteção de Dados
Digital Personal Data Protection Act 2023|act|DPDP;DPDP Act;DPDPA
Digital Personal Data Protection Rules 2025|regulation|DPDP Rules
Prevention of Money Laundering Act 2002|act|PMLA
Protection of Personal Information Act|act|POPIA
Financial Intelligence Centre Act|act|FICA@ZA
Umsatzsteuergesetz (UStG)|act|UStG;Umsatzsteuergesetz;Umsatzsteuergesetzes
Geldwäschegesetz (GwG)|act|GwG;Geldwäschegesetz;Geldwäschegesetzes
Zahlungsdiensteaufsichtsgesetz (ZAG)|act|ZAG;Zahlungsdiensteaufsichtsgesetz;Zahlungsdiensteaufsichtsgesetzes
Kreditwesengesetz (KWG)|act|KWG;Kreditwesengesetz
Bundesdatenschutzgesetz (BDSG)|act|BDSG;Bundesdatenschutzgesetz
Abgabenordnung (AO)|act|Abgabenordnung
Mehrwertsteuergesetz (MWSTG)|act|MWSTG;Mehrwertsteuergesetz@CH
Code général des impôts|act|Code général des impôts;CGI@FR
Code monétaire et financier|act|Code monétaire et financier;CMF@FR
Code de commerce|act|Code de commerce
Bank Secrecy Act|act|BSA@US;Bank Secrecy Act
Corporate Transparency Act|act|CTA@US;Corporate Transparency Act
GENIUS Act|act|GENIUS Act
Electronic Fund Transfer Act|act|EFTA@US;Electronic Fund Transfer Act
Regulation E|regulation|Regulation E;Reg E
California Consumer Privacy Act|act|CCPA;California Consumer Privacy Act
Money Laundering Regulations 2017|regulation|MLRs;MLR 2017;Money Laundering Regulations 2017
Payment Services Regulations 2017|regulation|PSRs 2017;PSRs@GB;PSR 2017
Electronic Money Regulations 2011|regulation|EMRs 2011;EMRs@GB
Value Added Tax Act 1994|act|VATA 1994;Value Added Tax Act 1994
Payment Services Act 2019|act|PS Act@SG;Payment Services Act@SG
Personal Data Protection Act 2012|act|PDPA@SG
Personal Data Protection Act|act|PDPA@TH;PDPA@MY
Data Privacy Act of 2012|act|Data Privacy Act
UU No. 27 Tahun 2022|act|UU PDP;UU Pelindungan Data Pribadi;Undang-Undang Pelindungan Data Pribadi
UU No. 7 Tahun 2021|act|UU HPP;Harmonisasi Peraturan Perpajakan;Undang-Undang Harmonisasi Peraturan Perpajakan
UU No. 8 Tahun 2010|act|UU TPPU
Luật Thuế giá trị gia tăng|act|Luật Thuế giá trị gia tăng;Luật thuế giá trị gia tăng;Luật Thuế GTGT
Luật Phòng, chống rửa tiền|act|Luật Phòng, chống rửa tiền;Luật Phòng chống rửa tiền
Luật Bảo vệ dữ liệu cá nhân|act|Luật Bảo vệ dữ liệu cá nhân
Luật An ninh mạng|act|Luật An ninh mạng
Ley del IVA|act|Ley del IVA@MX;LIVA@MX
Ley 37/1992|act|LIVA@ES;Ley del IVA@ES
Ley Fintech|act|Ley Fintech
Código do IVA|act|Código do IVA;CIVA@PT
Constitutional Amendment 132/2023|act|EC 132/2023;Emenda Constitucional 132/2023
FCA Handbook|other|FCA Handbook
UK GDPR|act|UK GDPR
"""
_EU_MEMBERS: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "EU",
        "EEA",
        "IS",
        "LI",
        "NO",
    ]
)


def short_names(place: str | None) -> dict[str, Known]:
    """Known short names, as written, that hold in texts of a place."""
    country = "EEA" if place == "EEA" else (place or "")[:2]
    found: dict[str, Known] = {}
    for line in _TABLE.strip().splitlines():
        name, kind, names = line.split("|")
        for one in names.split(";"):
            short, _, only = one.partition("@")
            if not only or only == country or (only == "EU" and country in _EU_MEMBERS):
                found[short] = Known(name, kind, only or None)
    return found


def all_short_names() -> tuple[str, ...]:
    """Every short name, whatever place it holds in."""
    return tuple(
        dict.fromkeys(
            one.partition("@")[0] for line in _TABLE.strip().splitlines() for one in line.split("|")[2].split(";")
        )
    )
