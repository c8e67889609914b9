"""Regulators whose names stand in texts of every publisher: short name, place, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_TABLE: Final = """
EBA|EU|EBA;European Banking Authority;Europäische Bankenaufsichtsbehörde;Autorité bancaire européenne;Autoridad Bancaria Europea
ESMA|EU|ESMA;European Securities and Markets Authority
EIOPA|EU|EIOPA
ECB|EU|ECB;European Central Bank;EZB;BCE;Europäische Zentralbank;Banque centrale européenne;Banco Central Europeo
AMLA|EU|AMLA;Anti-Money Laundering Authority
EDPB|EU|EDPB;European Data Protection Board
EDPS|EU|EDPS;European Data Protection Supervisor
European Commission|EU|European Commission;Europäische Kommission;Commission européenne;Comisión Europea;Comissão Europeia;Commissione europea
European Parliament|EU|European Parliament;Europäisches Parlament;Parlement européen;Parlamento Europeo
Council of the EU|EU|Council of the European Union;Council of the EU;Rat der Europäischen Union;ECOFIN
CJEU|EU|CJEU;Court of Justice of the European Union;Europäischer Gerichtshof;EuGH
FATF|INT|FATF;Financial Action Task Force;GAFI;GAFIC;Groupe d'action financière;Grupo de Acción Financiera Internacional;金融行动特别工作组
BCBS|INT|BCBS;Basel Committee
BIS|INT|Bank for International Settlements
FSB|INT|Financial Stability Board
IOSCO|INT|IOSCO
OECD|INT|OECD;OCDE
GAFILAT|INT|GAFILAT
UN Security Council|UN|UN Security Council;United Nations Security Council
FCA|GB|FCA;Financial Conduct Authority
PRA|GB|PRA;Prudential Regulation Authority
PSR|GB|PSR;Payment Systems Regulator
HMRC|GB|HMRC;HM Revenue & Customs;HM Revenue and Customs
HM Treasury|GB|HM Treasury;HMT
OFSI|GB|OFSI;Office of Financial Sanctions Implementation
ICO|GB|ICO;Information Commissioner's Office;Information Commissioner
Bank of England|GB|Bank of England
BaFin|DE|BaFin;Bundesanstalt für Finanzdienstleistungsaufsicht
Bundesbank|DE|Deutsche Bundesbank;Bundesbank
BMF|DE|BMF;Bundesministerium der Finanzen;Bundesfinanzministerium
Bundestag|DE|Bundestag
BfDI|DE|BfDI
FMA|AT|FMA
OeNB|AT|OeNB;Oesterreichische Nationalbank
FINMA|CH|FINMA
ESTV|CH|ESTV;Eidgenössische Steuerverwaltung
AMF|FR|AMF;Autorité des marchés financiers
ACPR|FR|ACPR;Autorité de contrôle prudentiel et de résolution
Banque de France|FR|Banque de France
CNIL|FR|CNIL
DGFiP|FR|DGFiP;Direction générale des Finances publiques
Tracfin|FR|Tracfin;TRACFIN
Banco de España|ES|Banco de España;Bank of Spain
AEAT|ES|AEAT;Agencia Tributaria
SEPBLAC|ES|SEPBLAC;Sepblac
AEPD|ES|AEPD;Agencia Española de Protección de Datos
CNMV|ES|CNMV
Banco de Portugal|PT|Banco de Portugal;Bank of Portugal
CNPD|PT|CNPD
Banca d'Italia|IT|Banca d'Italia;Bank of Italy
Agenzia delle Entrate|IT|Agenzia delle Entrate;Agenzia delle entrate
Consob|IT|Consob;CONSOB
Garante|IT|Garante per la protezione dei dati personali;Garante privacy
DNB|NL|DNB;De Nederlandsche Bank
AFM|NL|AFM;Autoriteit Financiële Markten
AP|NL|Autoriteit Persoonsgegevens
Belastingdienst|NL|Belastingdienst
NBB|BE|NBB;National Bank of Belgium;Banque nationale de Belgique;Nationale Bank van België
FSMA|BE|FSMA
CSSF|LU|CSSF;Commission de Surveillance du Secteur Financier
Central Bank of Ireland|IE|Central Bank of Ireland
Revenue Commissioners|IE|Revenue Commissioners
DPC|IE|Data Protection Commission
KNF|PL|KNF;Komisja Nadzoru Finansowego
NBP|PL|Narodowy Bank Polski
UODO|PL|UODO
Finansinspektionen|SE|Finansinspektionen
Skatteverket|SE|Skatteverket
Finanstilsynet (DK)|DK|Danish Financial Supervisory Authority
FIN-FSA|FI|FIN-FSA;Finanssivalvonta
CNB|CZ|Czech National Bank;Česká národní banka
MNB|HU|MNB;Magyar Nemzeti Bank
BNR|RO|Banca Națională a României;National Bank of Romania
ANAF|RO|ANAF
Bank of Greece|GR|Bank of Greece
Bank of Lithuania|LT|Bank of Lithuania;Lietuvos bankas
MFSA|MT|MFSA;Malta Financial Services Authority
CySEC|CY|CySEC
FinCEN|US|FinCEN;Financial Crimes Enforcement Network
OFAC|US|OFAC;Office of Foreign Assets Control
CFPB|US|CFPB;Consumer Financial Protection Bureau
OCC|US|Office of the Comptroller of the Currency
FDIC|US|FDIC;Federal Deposit Insurance Corporation
Federal Reserve|US|Federal Reserve;Federal Reserve Board
IRS|US|IRS;Internal Revenue Service
SEC (US)|US|Securities and Exchange Commission
CFTC|US|CFTC
US Treasury|US|U.S. Treasury;US Treasury;Department of the Treasury;U.S. Department of the Treasury
NYDFS|US-NY|NYDFS;New York State Department of Financial Services
DFPI|US-CA|DFPI
CDTFA|US-CA|CDTFA
FINTRAC|CA|FINTRAC;CANAFE
OSFI|CA|OSFI
CRA|CA|Canada Revenue Agency
Bank of Canada|CA|Bank of Canada
AUSTRAC|AU|AUSTRAC
APRA|AU|APRA
ASIC|AU|ASIC
RBA|AU|Reserve Bank of Australia
ATO|AU|Australian Taxation Office
OAIC|AU|OAIC
RBNZ|NZ|RBNZ;Reserve Bank of New Zealand;Te Pūtea Matua
Inland Revenue|NZ|Inland Revenue
MAS|SG|MAS;Monetary Authority of Singapore
IRAS|SG|IRAS;Inland Revenue Authority of Singapore
PDPC|SG|PDPC
HKMA|HK|HKMA;Hong Kong Monetary Authority
SFC|HK|SFC
RBI|IN|RBI;Reserve Bank of India
NPCI|IN|NPCI;National Payments Corporation of India
SEBI|IN|SEBI
CBIC|IN|CBIC;Central Board of Indirect Taxes and Customs
GST Council|IN|GST Council
FIU-IND|IN|FIU-IND
BI|ID|Bank Indonesia
OJK|ID|OJK;Otoritas Jasa Keuangan
PPATK|ID|PPATK
DJP|ID|DJP;Direktorat Jenderal Pajak;Ditjen Pajak
Kemenkeu|ID|Kementerian Keuangan;Kemenkeu
BNM|MY|BNM;Bank Negara Malaysia
LHDN|MY|LHDN
BOT|TH|Bank of Thailand
BSP|PH|BSP;Bangko Sentral ng Pilipinas
AMLC|PH|AMLC;Anti-Money Laundering Council
BIR|PH|BIR;Bureau of Internal Revenue
NPC (PH)|PH|National Privacy Commission
SBV|VN|SBV;State Bank of Vietnam;Ngân hàng Nhà nước;Ngân hàng Nhà nước Việt Nam;NHNN
MOF (VN)|VN|Bộ Tài chính
MPS (VN)|VN|Bộ Công an
Quốc hội|VN|Quốc hội
PBOC|CN|PBOC;People's Bank of China;中国人民银行;人民银行;央行
SAFE|CN|国家外汇管理局;外汇局;State Administration of Foreign Exchange
STA|CN|国家税务总局;税务总局;State Taxation Administration
MOF (CN)|CN|财政部
CAC|CN|国家互联网信息办公室;国家网信办;网信办;Cyberspace Administration of China
NFRA|CN|国家金融监督管理总局;金融监管总局
State Council|CN|国务院
NPC|CN|全国人民代表大会常务委员会;全国人大常委会
MOFCOM|CN|商务部
FSA (JP)|JP|金融庁;JFSA
NTA (JP)|JP|国税庁
FSC (KR)|KR|금융위원회
FSC (TW)|TW|金融監督管理委員會;金管會
BCB|BR|BCB;Banco Central do Brasil;Central Bank of Brazil
CMN|BR|Conselho Monetário Nacional;CMN
CVM|BR|CVM
ANPD|BR|ANPD;Autoridade Nacional de Proteção de Dados
Receita Federal|BR|Receita Federal;RFB
COAF|BR|COAF;Coaf
CNBV|MX|CNBV;Comisión Nacional Bancaria y de Valores
Banxico|MX|Banxico;Banco de México;Bank of Mexico
SAT|MX|SAT;Servicio de Administración Tributaria
SHCP|MX|SHCP;Secretaría de Hacienda y Crédito Público
UIF (AR)|AR|Unidad de Información Financiera
BCRA|AR|BCRA;Banco Central de la República Argentina
ARCA|AR|ARCA;AFIP
CMF|CL|CMF;Comisión para el Mercado Financiero
SII|CL|SII;Servicio de Impuestos Internos
Banco Central de Chile|CL|Banco Central de Chile
SFC (CO)|CO|Superfinanciera;Superintendencia Financiera de Colombia;Superintendencia Financiera
DIAN|CO|DIAN
SBS|PE|Superintendencia de Banca, Seguros y AFP
SUNAT|PE|SUNAT;Sunat
SRI|EC|Servicio de Rentas Internas
BCU|UY|Banco Central del Uruguay
SARB|ZA|SARB;South African Reserve Bank
SARS|ZA|SARS;South African Revenue Service
FSCA|ZA|FSCA
FIC|ZA|Financial Intelligence Centre
CBN|NG|CBN;Central Bank of Nigeria
FIRS|NG|FIRS;Federal Inland Revenue Service
NDPC|NG|NDPC;Nigeria Data Protection Commission
CBK|KE|CBK;Central Bank of Kenya
KRA|KE|KRA;Kenya Revenue Authority
ODPC|KE|ODPC
BoG|GH|Bank of Ghana
BCEAO|SN|BCEAO
BEAC|CM|BEAC
Bank Al-Maghrib|MA|Bank Al-Maghrib
CBE|EG|Central Bank of Egypt
SAMA|SA|SAMA;Saudi Central Bank
ZATCA|SA|ZATCA;Zakat, Tax and Customs Authority
SDAIA|SA|SDAIA
CBUAE|AE|CBUAE;Central Bank of the UAE
FTA|AE|Federal Tax Authority
DFSA|AE|DFSA
ADGM|AE|ADGM
VARA|AE|VARA
CBB|BH|Central Bank of Bahrain
QCB|QA|Qatar Central Bank
CBRT|TR|CBRT;TCMB
MASAK|TR|MASAK
KVKK|TR|KVKK
Bank of Israel|IL|Bank of Israel
SBP|PK|State Bank of Pakistan
FBR|PK|FBR;Federal Board of Revenue
Bangladesh Bank|BD|Bangladesh Bank
CBSL|LK|Central Bank of Sri Lanka
NRB|NP|Nepal Rastra Bank
Bank of Russia|RU|Bank of Russia;Банк России
NBU|UA|National Bank of Ukraine
CIMA|KY|CIMA
ECCB|AG|Eastern Caribbean Central Bank
"""

Regulator = tuple[str, str]
"""Short name and place."""


def regulator_names(more: Iterable[Regulator] = ()) -> dict[str, Regulator]:
    """How regulators are written -> (short name, place). `more`: (name, place) of the directory of sources; a name that two places
    share, or that is one short word, is left out."""
    found: dict[str, Regulator] = {}
    for line in _TABLE.strip().splitlines():
        short, place, names = line.split("|")
        for name in names.split(";"):
            found[name] = (short, place)
    places: dict[str, set[str]] = {}
    extra = [(name.strip(), place) for name, place in more]
    for name, place in extra:
        places.setdefault(name, set()).add(place)
    for name, place in extra:
        telling = len(name.split()) >= 2 or (len(name) >= 4 and name.isupper())
        if telling and len(places[name]) == 1 and len(name) <= 80:
            found.setdefault(name, (name, place))
    return found
