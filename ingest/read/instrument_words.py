"""How laws, circulars and notices are named in the languages that are read, and by which words their kind is told."""

from __future__ import annotations

import re
from typing import Final

EU_WORDS: Final = {
    "directive": "Directive", "richtlinie": "Directive", "directiva": "Directive", "diretiva": "Directive", "direttiva": "Directive",
    "richtlijn": "Directive", "dyrektywa": "Directive", "dyrektywy": "Directive", "regulation": "Regulation", "verordnung": "Regulation",
    "règlement": "Regulation", "reglamento": "Regulation", "regulamento": "Regulation", "regolamento": "Regulation", "verordening": "Regulation",
    "rozporządzenie": "Regulation", "rozporządzenia": "Regulation", "decision": "Decision", "décision": "Decision", "decisión": "Decision",
    "beschluss": "Decision", "decisão": "Decision", "decisione": "Decision", "durchführungsverordnung": "Implementing Regulation",
    "durchführungsbeschluss": "Implementing Decision", "条例": "Regulation", "指令": "Directive",
}  # fmt: skip
UNIONS: Final = {"UE": "EU", "CE": "EC", "CEE": "EEC", "EG": "EC", "EWG": "EEC", "欧盟": "EU"}
DELEGATED: Final = re.compile(r"delegat|delegad|délégu|delegiert|gedelegeerd|delegow")
IMPLEMENTING: Final = re.compile(r"implement|exécution|ejecución|execução|esecuzione|durchführ|uitvoering|wykonawcz")
EU: Final = re.compile(
    r"(?P<pre>(?:Delegated|Implementing|Delegierten?|Gedelegeerde|Uitvoerings) )?(?P<word>(?i:"
    + "|".join(sorted(EU_WORDS, key=len, reverse=True))
    + r"))s?"
    r"(?P<post> (?i:delegad[oa]|délégué|d'exécution|de ejecución|de execução|delegato|di esecuzione|delegowane|wykonawcze))? ?"
    r"\((?P<union>EU|EC|EEC|UE|CE|CEE|EG|欧盟)(?:, Euratom)?\) ?(?P<no>(?i:No|Nr|n[°º]|núm|"
    r"n\.º)\.? ?)?(?P<number>\d{1,4}/\d{1,4})"
)
EU_OLD: Final = re.compile(
    r"(?:(?P<pre>Council |Commission |Delegated |Implementing )*(?P<word>(?i:directive|richtlinie|directiva|"
    r"diretiva|direttiva|richtlijn|dyrektywa|decision|regulation)) )?"
    r"(?P<year>(?:19|20)?\d\d)/(?P<number>\d{1,4})/(?P<union>EU|EC|EEC|UE|CE|CEE|EG|EWG)\b"
)
EU_BARE: Final = re.compile(
    r"\b(?P<pre>Delegated |Implementing )?(?P<word>Directive|Regulation|Decision) (?P<number>20\d\d/\d{2,4})(?![\d/])"
)
COM: Final = re.compile(r"\bCOM ?\((?P<year>\d{4})\) ?(?P<number>\d{1,4})\b")
TITLE_WORD: Final = r"(?:[A-Z][A-Za-z'&/-]{1,24}|of|and|the|on|for|to|in|\([A-Z][A-Za-z ,&-]{2,60}\))"
EN_ACT: Final = re.compile(
    rf"(?<![A-Za-z/-])(?P<title>[A-Z][A-Za-z'&/-]{{1,24}}(?: {TITLE_WORD}){{0,9}}?) (?P<kind>Act|Regulations?|Rules|"
    rf"Order|Ordinance|Bill|Code|Law|Directive|Directions?|Guidelines|Master Direction)\b(?! ?\((?:EU|EC|EEC|UK)\))"
    r"(?: \((?P<bracket>[A-Z][A-Za-z0-9 .]{1,30})\))?(?:,? (?P<of>(?:No\.? ?)?\d{1,4} of )?(?P<year>(?:19|20)\d\d)\b)?(?! [A-Z][a-z]+ (?:Act|Bill)\b)"
)
EN_NUMBERED: Final = re.compile(
    r"\b(?P<kind>(?:(?:Federal |Organic |Royal |Constitutional |Cabinet |Presidential |Ministerial |Legislative |"
    r"Executive |Government |General |Joint |Public )(?:Decree-)?)?"
    r"(?:Act|Law|Decree|Order|Circular|Notice|Regulation|Decision|Resolution|Directive|Proclamation|Ordinance|"
    r"Instruction|Amendment|Notification|Bulletin|Advisory|Guideline|Memorandum|Practice Note|Practice Statement|Guidance Note|"
    r"Public Ruling|Legal Notice|Government Notice|Gazette Notice|Statutory Instrument|Policy Statement|Direction|Letter)s?)"
    r" ?(?P<no>(?:[Nn]o|[Nn]r|№|[Nn]°)\.? ?)?(?P<number>[A-Z]{0,6}[-/]?\d[\d./-]{0,14}\d|"
    r"\d)(?P<tail>(?:[/-][A-ZĐ][A-ZĐ-]{1,8}){0,2})(?:,? of (?P<year>(?:19|20)\d\d)\b)?"
)
ES: Final = re.compile(
    r"\b(?P<kind>(?i:Ley(?: Orgánica| Foral| Federal)?|Real Decreto(?:-ley|-Ley| Legislativo)?|Decreto(?:-ley|"
    r" Supremo| Legislativo| Ejecutivo| de Urgencia)?|Orden|Resolución(?: General| Administrativa| SBS"
    r"| CNV| UIF| JM| Externa)?|Circular(?: Externa| Básica)?|Comunicación|Oficio|Norma de Carácter General|Acuerdo|"
    r"Providencia|Carta Circular|Disposición))"
    r"(?: (?:(?:del?|de la) )?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+(?: (?:(?:de|del|la|y) ){0,2}[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,5})?,?"
    r" (?:(?i:N\.?[º°o]|No|núm|nro|número)\.? ?)?(?P<number>(?:[A-ZÑ]{1,6}[/-]?)?\d[\d./-]{0,14}\d|"
    r"\d{1,4})(?P<year>(?:/| de )(?:19|20)\d\d\b)?"
)
PT: Final = re.compile(
    r"\b(?P<kind>(?i:Lei(?: Complementar| Orgânica)?|Decreto(?:-Lei| Legislativo)?|Medida Provisória|"
    r"Emenda Constitucional|Resolução(?: BCB| CMN| Conjunta| CVM| CD/ANPD| COAF)?|Instrução(?: Normativa)?"
    r"(?: RFB| BCB| CVM)?|Circular|Portaria|Carta Circular|Aviso|Ofício Circulado|Projeto de Lei(?: Complementar)?|PLP?))"
    r"(?: (?:do|da|de) [A-ZÀ-Ý][\wà-ÿ]+(?: (?:(?:de|do|da|e) ){0,2}[A-ZÀ-Ý][\wà-ÿ]+){0,5})?,?"
    r" (?:(?i:n[.]?[º°o]?|número)\.? ?)?(?P<number>\d{1,3}(?:\.\d{3})*(?:-[A-Z])?)(?:/(?P<short>(?:19|20)\d\d|"
    r"\d\d)\b|,? de (?:\d{1,2}[º°]? de [a-zç]{4,9} de )?(?P<year>(?:19|20)\d\d)\b)?"
)
FR: Final = re.compile(
    r"\b(?P<kind>(?i:Loi(?: organique| de finances)?|Ordonnance|Décret|Arrêté|Instruction|Circulaire(?: CSSF)?|"
    r"Dahir|Règlement(?: général| COBAC| CRBF)?|Décision|Délibération|Avis|Lettre circulaire|Note(?: circulaire)?|Acte uniforme|"
    r"Position|Recommandation|Projet de loi|Instruction COSUMAF))"
    r"(?: (?:de (?:la |l')|du |d'|de )?[A-ZÀ-Ý][\wà-ÿ'-]+(?: (?:(?:de|du|la|des) ){0,2}[A-ZÀ-Ý][\wà-ÿ'-]+){0,4})?"
    r"(?: n[°ºo]\.? ?(?P<number>\d[\w-]{0,11}(?:[-/]\w{1,8}){0,4})"
    r"| (?P<circular>\d{1,2}/\d{2,4})| pour (?P<year>20\d\d))"
)
DE: Final = re.compile(
    r"\b(?P<law>(?:Jahressteuer|Steueränderungs|Haushaltsbegleit|Abgabenänderungs|Zukunftsfinanzierungs|"
    r"Finanzmarktdigitalisierungs|Wachstumschancen|Budgetbegleit|Finanzmarkt-Geldwäsche|Datenschutz|"
    r"Sanktionsdurchsetzungs|Barzahlungs\w*"
    r"|Kryptomärkteaufsichts|Mehrwertsteuer|Bankwesen|"
    r"Zahlungsdienste)[a-zäöüß]{0,16}gesetz(?:es)?(?: I{1,3})?(?: (?:20)\d\d)?)\b|(?:(?<=\d )|(?<=\bim )|(?<=\bdes )|(?<=\bdem )|(?<=\bdas ))(?:des |der |"
    r"Absatz \d )?(?P<abbreviation>[A-Z][A-Za-zÄÖÜäöü]{0,12}(?:StG|StDV|[a-z]G|VO|GB|MG|KG|WG)(?: \d{4})?)\b"
    r"|\b(?P<kind>Rundschreiben|Allgemeinverfügung|BMF-Schreiben) (?:Nr\. ?)?(?P<number>\d{1,2}/\d{4}|"
    r"vom \d{1,2}\. ?[A-Z][a-zä]+ \d{4})"
)
ID: Final = re.compile(
    r"\b(?P<kind>UU|Undang-Undang|Peraturan Pemerintah|PP|Peraturan Presiden|Perpres|PMK|Peraturan Menteri Keuangan|"
    r"PBI|Peraturan Bank Indonesia|POJK|Peraturan OJK|SEOJK|PADG|Peraturan Otoritas Jasa Keuangan"
    r"|Surat Edaran(?: OJK)?|Peraturan Direktur Jenderal Pajak|PER|Peraturan Anggota Dewan Gubernur|"
    r"Peraturan Menteri Komunikasi dan Informatika|Permenkominfo|Keputusan Presiden)"
    r"(?: (?:Republik Indonesia|RI))?(?:-| (?:Nomor|No\.?|"
    r"Nomer)? ?)(?P<number>\d{1,3})(?P<tail>(?:/[A-Z][A-Z.\d]{1,8})?/(?P<short>\d{4}))?(?: [Tt]ahun (?P<year>\d{4}))?"
)
ID_SHORT: Final = {
    "Undang-Undang": "UU", "Peraturan Pemerintah": "PP", "Peraturan Presiden": "Perpres", "Peraturan Menteri Keuangan": "PMK",
    "Peraturan Bank Indonesia": "PBI", "Peraturan OJK": "POJK", "Peraturan Otoritas Jasa Keuangan": "POJK", "Surat Edaran OJK": "SEOJK",
    "Peraturan Anggota Dewan Gubernur": "PADG", "Peraturan Direktur Jenderal Pajak": "PER",
}  # fmt: skip
VI: Final = re.compile(
    r"\b(?P<kind>Luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Công văn|Chỉ thị|Dự thảo Nghị định|"
    r"Pháp lệnh)(?: số)?:? (?P<number>\d{1,5}/(?:\d{4}/)?[A-ZĐ][A-ZĐa-z\d]*(?:-[A-ZĐ][A-ZĐa-z\d]*)?)"
)
HAN_TITLE: Final = re.compile(r"《(?P<title>[^《》\n]{2,60})》(?:（[^）\n]{2,40}）)?")
HAN_LAW: Final = re.compile(r"中华人民共和国(?P<title>[^《》，。；、\s\d]{2,18}?(?:法|条例))(?!律|规|定|院|人)")
HAN_FILED: Final = re.compile(
    r"[\u4e00-\u9fff]{1,10}[〔\[(]20\d\d[〕\])](?:年)?第?\d{1,4}号|(?:国务院|主席|中国人民银行|国家税务总局|财政部|国家互联网信息办公室)令第\d{1,4}号"
)
"""`银发〔2026〕12号`: how a circular is filed."""
HAN_NUMBER: Final = re.compile(
    r"(?P<body>财政部 ?税务总局|国家税务总局|税务总局|中国人民银行|国家外汇管理局|海关总署)?(?:公告|"
    r"令)[〔\[(]?(?P<year>20\d\d)[〕\])]?年第(?P<number>\d{1,4})号"
)
OTHERS: Final = (
    (("CFR", "C.F.R"), "regulation", re.compile(r"\b(?P<title>\d{1,2}) (?:C\.?F\.?R\.?)(?: Part| part| §|"
        r" Parts)? ?(?P<number>\d{1,5}(?:\.\d{1,5})?)(?P<sub>(?:\([a-z0-9]{1,3}\)){0,4})"), "{title} CFR {number}"),
    (("SI ", "S.I"), "regulation", re.compile(r"\bS\.?I\.? (?:No\. ?)?(?P<number>(?:19|20)\d\d/\d{1,4}|"
        r"\d{1,4} of (?:19|20)\d\d)\b"), "S.I. {number}"),
    (("Cap.", "CAP."), "act", re.compile(r"\b(?:Cap|CAP)\. ?(?P<number>\d{1,4}[A-Z]{0,2})\b"), "Cap. {number}"),
    (("USC", "U.S.C"), "act", re.compile(r"\b(?P<title>\d{1,2}) U\.?S\.?C\.?(?: §)? ?(?P<number>\d{1,5}[a-z]?)"), "{title} USC {number}"),
    (("HB", "SB", "H.R.", "AB", "LD", "S.B.", "H.B."), "bill", re.compile(
        r"\b(?P<title>HB|SB|H\.R\.|AB|LD|S\.B\.|H\.B\.) ?(?P<number>\d{1,5})\b"), "{title} {number}"),
    (("Public Law",), "act", re.compile(r"\bPublic Law (?:No\. ?)?(?P<number>\d{2,3}-\d{1,4})"), "Public Law {number}"),
    (("Notice",), "notice", re.compile(r"\b(?P<title>MAS Notice|Notice) (?P<number>(?:PSN|SFA|FSM|PSM|"
                                       r"TCA)?-?[A-Z]?\d{2,4}[A-Z]?)\b"), "MAS Notice {number}"),
    (("Notice",), "notice", re.compile(r"\bNotice (?P<number>(?:PSN|FSM|TCA)-?[A-Z]?\d{1,3}[A-Z]?)\b"), "MAS Notice {number}"),
    (("RBI/",), "circular", re.compile(r"\b(?P<number>RBI/20\d\d-\d\d/\d{1,4})\b"), "{number}"),
    (("/20",), "guidelines", re.compile(r"\b(?P<number>(?:EBA|ESMA|JC)/(?:GL|RTS|ITS|Op|OP|CP|REC)/20\d\d/\d{1,3})\b"), "{number}"),
    (("Guidelines",), "guidelines", re.compile(r"\b(?P<title>EDPB )?Guidelines (?P<number>\d{1,2}/20\d\d)"), "EDPB Guidelines {number}"),
    (("Bill",), "bill", re.compile(r"\b(?P<title>Bill) (?:No\.? ?)?(?P<number>[A-Z]?-?\d{1,5}(?:/\d{2,4})?)\b"), "Bill {number}"),
    (("Revenue Reg",), "regulation", re.compile(r"\bRevenue Regulations (?:No\. ?)?(?P<number>\d{1,2}-20\d\d)"), "Revenue Regulations {number}"),
    (("Republic Act",), "act", re.compile(r"\bRepublic Act (?:No\. ?)?(?P<number>\d{4,5})"), "Republic Act {number}"),
    (("PS", "CP", "FG", "GC", "SS"), "other", re.compile(r"\b(?P<title>PS|CP|FG|GC|SS)(?P<number>\d\d/\d{1,3})\b"), "{title}{number}"),
    (("esolution",), "decision", re.compile(r"\b(?:UN|UNSC|Security Council|"
        r"UNSCR) ?(?:Security Council )?[Rr]esolution ?(?P<number>\d{3,4})(?: ?\(\d{4}\))?"), "UNSC Resolution {number}"),
    (("UNSCR",), "decision", re.compile(r"\bUNSCR ?(?P<number>\d{3,4})\b"), "UNSC Resolution {number}"),
    (("StG", "St.G"), "act", re.compile(r"\bU\.?S\.?t\.?G\b(?P<number>)"), "Umsatzsteuergesetz (UStG)"),
)  # fmt: skip
PROVISION: Final = re.compile(
    r"(?P<word>Articles?|Art\.?|Arts?\.|Artikel|Art(?:ículo|icolo|igo|\.º)s?|artículos?|articles?|art\.|artigos?|"
    r"[Ss]ections?|[Ss]ec\.|s\.|[Pp]aragraphs?|[Pp]asal|[Đđ]iều|[Rr]ule|[Rr]egulation|§§?)"
    r" ?(?P<number>(?:L\. ?)?\d{1,4}(?:[-.]\d{1,4}){0,3}[a-z]?(?:[º°])?(?: ?(?:bis|ter|"
    r"quater)\b)?)(?P<sub>(?:\([a-zA-Z0-9]{1,4}\)){0,4})"
    r"(?P<more>(?:(?:,)? (?:Abs(?:atz|\.)|Satz|Nr\.|Nummer|Buchst(?:abe|\.)|lit\.|ayat|khoản|apartado|"
    r"§) ?\(?[\da-z]{1,3}\)?){0,4})"
    r"|(?P<han>第[〇零一二三四五六七八九十百\d]{1,6}条(?:第[一二三四五六七八九十\d]{1,3}款)?)"
)
OF: Final = re.compile(
    r"[, ]{0,2}(?:(?:of|de|du|del|des|der|da|do|dari|của|van|in|under|to)(?: (?:the|la|le|lei|l'))? ?|de l'|"
    r")(?:Council |Commission |EU |amended |new )?"
)
LEADING: Final = re.compile(
    r"^(?:(?:The|This|That|These|An|A|In|Under|Of|On|By|And|For|New|Draft|Proposed|Our|Its|His|Her|As|With|From|To|"
    r"Amended|Amending|When|If|After|Before|Since|While|Both|Each|Any|No|All|Parliament|Government|Following|"
    r"Pursuant|Section|Sections|Article"
    r"|Articles|Part|Parts|Chapter|Schedule|Regulation|of|and|the|on|for|to|in) )+"
)
NOT_TITLES: Final = frozenset(
    [
        "Civil",
        "Common",
        "International",
        "Domestic",
        "National",
        "Federal",
        "State",
        "Court",
        "Criminal",
        "Islamic",
        "Rule",
        "Company",
        "European",
        "EU",
        "Union",
        "Community",
        "Case",
        "Tax",
        "Public",
        "Executive",
        "Purchase",
        "Money",
        "Payment",
        "Standing",
        "Postal",
        "Administrative",
        "Consent",
        "Final",
        "Interim",
        "Penal",
        "Implementing",
        "Technical",
        "General",
        "Draft",
        "Joint",
        "Delegated",
        "New",
        "Local",
        "Financial",
    ]
)
KIND: Final = {
    "Act": "act", "Regulation": "regulation", "Directive": "directive", "Law": "act", "Code": "act", "Ordinance": "act", "Bill": "bill", "Regulations": "regulation", "Rules": "regulation", "Order": "decree", "Guidelines": "guidelines",
}  # fmt: skip
KIND_BY_WORD: Final = (
    ("act", re.compile(r"(?i)ley|lei|loi|law|act|dahir|uu|luật|amendment|emenda|ordonnance|proclamation|pháp lệnh")),
    ("decree", re.compile(r"(?i)real decreto|decre|décret|arrêté|order|orden|nghị định|portaria|perpres|pp\b|medida|"
                          r"executive|keputusan")),
    ("circular", re.compile(r"(?i)circul|rundschreiben|surat|seojk|carta|advisory|bulletin|instru|oficio|công văn|"
                            r"thông tư|padg|aviso|comunicación")),
    ("notice", re.compile(r"(?i)notice|notification|norma de|acuerdo|providencia|allgemeinverfügung")),
    ("decision", re.compile(r"(?i)decision|resol|quyết|nghị quyết|disposición")),
    ("regulation", re.compile(r"(?i)regulation|directive|pmk|pbi|pojk|per\b|peraturan|permen|guideline")),
    ("bill", re.compile(r"(?i)projeto|plp?\b|dự thảo")),
)  # fmt: skip
HAN_KIND: Final = (
    ("条例", "regulation"), ("办法", "regulation"), ("规定", "regulation"), ("细则", "regulation"), ("规则", "regulation"), ("通知", "notice"),
    ("公告", "notice"), ("决定", "decision"), ("意见", "guidelines"), ("指引", "guidelines"), ("指南", "guidelines"), ("标准", "other"), ("协定", "other"),
    ("法", "act"),
)  # fmt: skip
