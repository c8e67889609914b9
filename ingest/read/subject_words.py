"""Titles that tell of another subject than payments law, whatever numbers, days and legal words stand below: statistics, exchange
rates, other taxes, capital of banks, tenders. The classifier weighs words; this is for what a title says outright."""

from __future__ import annotations

import re
from typing import Final

from ingest.read.sheet import Sheet

_NEVER: Final = re.compile(
    r"\b(?:exchange rates?|reference rates?|policy (?:interest )?rate|repo rate|interest rates?(?! cap)|bank rate|tax receipts|"
    r"vat receipts|(?:tax|vat|gst|revenue) (?:collections?|receipts?|revenues?) (?:rose|reach|exceed|statistic|of|for|in|grew|fell)|"
    r"(?:monthly|quarterly|annual) (?:statistics|bulletin|report|results)|statistic(?:s|al) (?:on|release|bulletin)|tender notice|"
    r"invitation to (?:tender|bid)|request for proposals?|vacanc(?:y|ies)|registration (?:is |now )?open|indaba|"
    r"(?:scheduled|system) (?:maintenance|downtime)|(?:office|opening) hours|appoint(?:s|ed|ment) (?:of |as )?(?:a |the |new |deputy )*(?:governor|director|chair\w*|head|member|commissioner)|commemorative coin|collector coins?|"
    r"tipos? de (?:cambio|interés|referencia)|recaudación (?:tributaria|de)|licitación|convocatoria de (?:empleo|plazas)|"
    r"taux de change|taux d'intérêt|taux directeurs?|recettes (?:fiscales|de)|avis d'appel d'offres|marché public|"
    r"wechselkurse?|umrechnungskurse?|leitzins\w*|steueraufkommen|steuereinnahmen|ausschreibung|stellenausschreibung|"
    r"taxas? de câmbio|taxas? de juros?|arrecadação|licitação|concurso público|"
    r"nilai tukar|kurs (?:pajak|referensi|menteri)|suku bunga|bi-?rate|penerimaan (?:pajak|negara)|lelang|lowongan|"
    r"tỷ giá(?! tính thuế gtgt)|lãi suất|thu ngân sách|số thu|tuyển dụng|đấu thầu|"
    r"tassi? di cambio|wisselkoers\w*|kurs\w* walut\w*)\b|汇率|中间价|利率|税收收入|征收税费|招标|采购公告|招聘|统计数据|发行.{0,6}(?:纪念币|国债)"
)
"""Beside these no other word makes a title ours."""
_OTHER: Final = re.compile(
    r"\b(?:customs|import dut(?:y|ies)|tariff (?:amendment|heading|schedule|quota)s?|anti-?dumping|excise|fuel levy|plastic\w*|"
    r"(?:corporate|corporation|company|personal|individual)(?: income)? tax|income tax|payroll|social security|national insurance|"
    r"property tax|stamp duty|inheritance tax|land tax|capital (?:adequacy|ratios?|buffers?|requirements?|conservation)|"
    r"recapitali[sz]ation|liquidity (?:coverage|ratio)|reserve requirements?|pensions?|insur(?:ance|er)s?|prospectus\w*|listed compan(?:y|ies)|"
    r"short selling|funds? (?:management|managers)|mortgages?|pharmacy|health (?:insurance|benefit)|banknotes?|\$20 note|notes? and coins?|"
    r"treasury bills?|bonds?|auctions?|transfer pricing|land register|housing|fringe benefits?|"
    r"aduan\w+|arancel\w*|impuesto sobre (?:sociedades|la renta|sucesiones|bienes inmuebles)|irpf|isr\b|(?<!banca, )seguros?(?! de fondos)|pensiones|"
    r"impuestos especiales|liquidez|capital regulatorio|douan\w+|droits de (?:douane|succession)|"
    r"impôts? sur (?:les sociétés|le revenu|la fortune)|taxe foncière|accises?|retraites?|assurances?|fonds propres|"
    r"zoll\w*|körperschaft\w*|einkommensteuer\w*|lohnsteuer\w*|grundsteuer\w*|erbschaftsteuer\w*|energiesteuer\w*|eigenmittel\w*|"
    r"kapitalpuffer\w*|versicher\w*|pensionskasse\w*|fidleg|"
    r"alfândeg\w+|aduaneir\w+|imposto de (?:renda|importação)|irpj|irs\b|irc\b|imi\b|ipi\b|seguradoras?|previdência|compulsórios?|"
    r"bea (?:masuk|cukai)|cukai|kepabeanan|pph (?:badan|orang pribadi)|pajak penghasilan|modal inti|asuransi|dana pensiun|giro wajib|"
    r"hải quan|thuế (?:thu nhập|xuất khẩu|nhập khẩu|tiêu thụ đặc biệt|bảo vệ môi trường|sử dụng đất)|an toàn vốn|bảo hiểm|"
    r"dogan\w+|imposta sui redditi|ires\b|irpef|irap|imu\b|assicura\w+|vennootschapsbelasting|inkomstenbelasting|loonheffing|accijns\w*|"
    r"podat\w+ dochodow\w+|cł[oa]\b|akcyz\w*|cit\b|pit\b)\b|关税|进出口税则|企业所得税|个人所得税|房产税|印花税|车辆购置税|资本充足|存款准备金|保险|养老金|国债"
)
_OURS: Final = re.compile(
    r"\b(?:v\.?a\.?t|gst|hst|value[- ]added|sales tax|withh\w+|e-?invoic\w*|making tax digital|payments?|payer\w*|cash|launder\w*|aml\w*|cft|kyc|"
    r"due diligence|know your|sanction\w*|terror\w*|proliferation|freez\w+|crypto\w*|virtual|stablecoin\w*|e-money|electronic money|"
    r"digital|authenticat\w*|data|privacy|licen[cs]\w*|instant|wallets?|remittanc\w*|transfers?|fatf|high-risk|beneficial|fees?|cards?|"
    r"iva|igv|efectivo|blanqueo|lavado|pagos?|transferenc\w+|datos|criptoactivos?|sanciones|retenci\w+|factura\w*|"
    r"tva|espèces|blanchiment|paiements?|virements?|données|crypto-?actifs?|gel|retenue\w*|facturation|"
    r"mehrwertsteuer\w*|umsatzsteuer\w*|bargeld\w*|geldwäsche\w*|zahlung\w*|überweisung\w*|daten\w*|krypto\w*|sanktion\w*|quellensteuer|rechnung\w*|"
    r"icms|iss|ibs|cbs|numerário|lavagem|branqueamento|pagamentos?|pix|dados|criptoativos?|retenção|"
    r"ppn|tunai|pencucian|pembayaran|data pribadi|kripto|transaksi|apu|pmse|"
    r"gtgt|giá trị gia tăng|tiền mặt|rửa tiền|thanh toán|chuyển tiền|dữ liệu|tài sản mã hóa|hóa đơn|ví điện tử|"
    r"contante|contanti|riciclaggio|btw|contant\w*|witwassen|betal\w*|gotówk\w*|pieniędzy|płatnicz\w*|dane|faktur\w*)\b"
    r"|增值税|现金|反洗钱|支付|转账|数据|个人信息|制裁|虚拟货币|稳定币|代扣|发票|跨境|恐怖"
)


_OPENING, _LEAD = 150, 600
"""Characters after the title."""


def is_another_subject(sheet: Sheet) -> bool:
    """Whether the item is about something that no pack here holds: by its title, or by a lead beside which nothing is ours."""
    title, opening = sheet.low[: sheet.title_end], sheet.low[: sheet.title_end + _OPENING]
    if _NEVER.search(title):
        return True
    if _OURS.search(title) is not None:
        return False
    if _OTHER.search(title) is not None or _NEVER.search(opening) is not None:
        return True
    return _OTHER.search(sheet.low[: sheet.title_end + _LEAD]) is not None and _OURS.search(sheet.low) is None


def tells_of_another_subject(words: str) -> bool:
    """Whether a clause is of another subject, `the corporate income tax`, and of none of ours. In small letters."""
    return (_OTHER.search(words) is not None or _NEVER.search(words) is not None) and _OURS.search(words) is None
