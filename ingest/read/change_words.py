"""Words around numbers, in all languages together: what joins an old number and a new one, and what makes a number no change."""

from __future__ import annotations

import re
from typing import Final

NOW: Final = re.compile(
    r"(?:\b(?:currently|presently|at present|today|now|actualmente|hoy|actuellement|aujourd'hui|derzeit|heute|"
    r"bislang|atualmente|hoje|saat ini|hiện nay"
    r"|attualmente|momenteel|obecnie|previously|formerly)\b|目前|现行)[^.;\d]{0,24}\Z"
)
WILL_BE: Final = re.compile(
    r"[;,]?[^.;\d]{0,50}\b(?:ser|être|sein|will|would|shall|to|será|sera|wird|künftig|passera à|pasará a|passará a|akan|menjadi|"
    r"sẽ)\b[^.;\d]{0,30}\Z"
)
REPLACED: Final = re.compile(
    r"replac|substitut|supersed|ersetz|sustitu|reemplaz|remplac|digant|thay|替|改|取代|vervang|zastąp|sostitu|"
    r"becomes|pasa|passa"
)
RANGING: Final = re.compile(
    r"\b(?:rang\w+|vari(?:es|ed|ant|an)|vary\w*|oscil\w+|schwank\w+|reich\w+|berkisar|dao động)\b[^.;]{0,40}\Z"
)
FINED: Final = re.compile(
    r"\b(?:fine[sd]?|penalt(?:y|ies)|multa\w*|sanción|sanciones|sanções|coima\w*|amendes?|geldbuße\w*|bußgeld\w*|"
    r"denda|phạt|sanctions?|turnover|revenues?|million customers"
    r"|fees paid|imprison\w*|inflation|growth|gdp|pib|survey\w*|respondents|year-on-year|market share)\b|罚款|处罚|增长|同比"
)
YEAR_EARLIER: Final = re.compile(
    r",? ?\(?(?:a|one|the) (?:year|month|quarter) (?:earlier|ago|before)|,? (?:last|the previous) (?:year|month|quarter)|,? (?:in|im|en|em|nel|pada|năm) (?:the )?"
    r"(?:20\d\d|vorjahr)|,? (?:un año antes|hace un año|un an plus tôt|l'année précédente|ein jahr zuvor|um ano antes|setahun sebelumnya|cùng kỳ|un anno prima)"
)
"""What was a year ago is a statistic."""
IN_SUFFIX: Final = re.compile(r"['-]?(?:lt|ról|ről|[dt][ae]n|tól|től) ?\Z")
"""Estonian, Hungarian and Turkish say `from` behind the number."""
BOUND: Final = re.compile(
    r"(?:(?:\b(?:exceed(?:s|ing)?|above|over|more than|at least|equal to or (?:above|greater than|exceeding)|"
    r"in excess of|of up to|up to|threshold of|limit of|from"
    r"|superior(?:es)? a(?: los| las)?|(?:más|mais) de|supérieure?s? à|plus de|à partir de|über|mehr als|ab|"
    r"übersteig\w+|lebih dari|di atas|melebihi|từ|trên|vượt quá"
    r"|límite de|limite de|umbral de|seuil de|plafond de|tope de)\b|超过|达到|限额|以上|满) ?(?:the |a |los |las |"
    r"de |einem betrag von |amount of )?\Z)"
)
NEW_DUTY: Final = re.compile(
    r"\b(?:prohibit\w*|banned|not permitted|forbid\w*|must|shall|required?|requires|mandatory|introduc\w+|new|"
    r"prohíb\w+|prohib\w+|obligator\w+|deber[áa]n?|deverão|deverá|interdit\w*"
    r"|obligatoire\w*|doivent|devront|verboten|müssen|muss|wajib|dilarang|phải|cấm)\b|应当|必须|禁止|须"
)
A_DAY: Final = re.compile(
    r"(?<![^\W_])(?:,? ?(?:with effect |effective |mit wirkung |con efectos? |avec effet |com efeitos |con effetto )?(?:from|on|as of|as from|vom|ab|ab dem|"
    r"am|zum|seit|desde|a partir|à compter|à partir|dès|dal|a decorrere|vanaf|per|od|em|el|le|pada|mulai|từ ngày|từ)(?: del?| du| da| do| dal| le| "
    r"el| dem| tanggal)? )\d{1,2}(?:st|nd|rd|th|er|º|°|\.)?,? ?(?:de |of |tháng )?[a-zà-ÿ]{3,10},? ?(?:de |del )?(?:19|20)\d\d"
)
"""A day that stands between an old number and its new one."""
OLD_WORD: Final = (
    r"(?:old|existing|current|previous|former|present|bisherig\w*|bisher|alte?r?s?|derzeitig\w*|actual(?:es)?|anterior(?:es)?|vigentes?|anciens?|ancienne|"
    r"actuel(?:le)?|atual|antig[oa]|lama|semula|cũ|hiện hành|precedente|attuale|oud|huidig|原|现行|调整前)"
)
NEW_WORD: Final = r"(?:new|proposed|revised|amended|future|neue?r?s?|künftig\w*|nuev[oa]|nouve(?:au|lle)|nov[oa]|baru|menjadi|mới|nuov[oa]|nieuwe?|新|调整后)"
LEFT_OLD: Final = re.compile(rf"(?<![^\W_]){OLD_WORD}[^.;,\d]{{0,24}}\Z")
RIGHT_NEW: Final = re.compile(rf"[^.\d]{{0,16}}(?<![^\W_]){NEW_WORD}[^.;,\d]{{0,24}}\Z")
HEADER: Final = re.compile(rf"(?<![^\W_]){OLD_WORD}(?![^\W_])[^\n.]{{0,40}}(?<![^\W_]){NEW_WORD}(?![^\W_])")
CELLS: Final = re.compile(r"\s?[|\t;/–—-]\s?|\s{2,}|\t")
"""Between two cells of a row."""
BECOMES: Final = re.compile(
    r"(?: [^\W\d]{3,14}){0,2} (?:becomes?|will become|would become|shall become|wird zu|devient|deviendra|passa a|pasa a ser|pasará a ser|diventa)"
    r"(?: (?:a|an|the|de|um|un))? ?\Z"
)
BEFORE_BRACKET: Final = re.compile(
    r" ?(?:before|previously|until now|at present|today|currently|bisher|bislang|antes|actuellement|auparavant|sebelumnya|trước đây|prima|nu)\)"
)
FIRST_INSTEAD: Final = re.compile(
    r"(?:\A|[.,;:\n] ?|^)\W*(?:instead of|rather than|statt|anstatt|anstelle von|en lugar de|en vez de|au lieu de|em vez de|ao invés de|thay vì|anziché|invece di|"
    r"in plaats van|zamiast)(?: (?:the|bisher|den|los|las|de|os|gli|mức|present|current|previous|derzeit))* ?\Z"
)
ITS_OLD: Final = re.compile(
    r"\A\W*(?:(?:it|this|he|sie|er|es|(?:the|der|die|das|el|la|le|o|a|l'|il) (?:previous|old|former|current|present|existing|bisherige|alte|anterior|"
    r"actual|anci\w+|atual|precedente|attuale)?(?: [^\W\d]+){0,3})?,? ?(?:is|was|has been|stood|stands|lag|liegt|beträgt|betrug|era|es|est|était|é|está|"
    r"estaba)(?: (?:at|bei|de|del|d'|currently|now|previously|until now|so far|at present|derzeit|bisher|bislang|actualmente|actuellement|atualmente|"
    r"the|un|le|el))+|(?:currently|previously|until now|hitherto|at present|bisher|bislang|derzeit|hasta ahora|actualmente|jusqu'ici|jusqu'à présent|"
    r"actuellement|até agora|atualmente|saat ini|sebelumnya|hiện nay|trước đây|attualmente|目前|此前)[^.\d]{0,60}) ?\Z"
)
"""A sentence that tells the old number of the one before it."""
LINE_UNTIL: Final = re.compile(
    rf"(?<![^\W_])(?:until|up to|to|till|bis|hasta|jusqu'au|até|sampai|đến|{OLD_WORD})(?![^\W_])"
)
LINE_FROM: Final = re.compile(
    rf"(?<![^\W_])(?:from|as of|ab|desde|a partir|à partir|à compter|mulai|từ|dal|vanaf|od|{NEW_WORD})(?![^\W_])"
)
OR_MORE: Final = re.compile(
    r"\A,? ?(?:or more|or over|or above|and above|and over|or less|and more|o más|o superior\w*|y más|ou plus|et plus|ou mais|ou superior\w*|"
    r"oder mehr|und mehr|atau lebih|trở lên|o più|of meer|lub więcej|\(inclusive\)|及以上|以上|或以上)"
)
"""Words of a limit that stand between its number and what is said of the old one."""
UNTIL_NOW: Final = re.compile(
    r"(?:[;,(–—]| - |\. (?=bisher|bislang|hitherto|until now|previously))[^.;\d]{0,14}?(?<![^\W_])(?:previously|formerly|hitherto|until now|so far|up to now|"
    r"to date|bisher|bislang|zuvor|vormals|jusqu'(?:ici|à présent|alors)|auparavant|précédemment|hasta ahora|hasta la fecha|anteriormente|"
    r"até agora|até aqui|sebelumnya|semula|trước đây|trước đó|in precedenza|finora|voorheen|tot nu toe|dotychczas|poprzednio)(?![^\W_])"
    r"[^.;\d]{0,60}\Z|[，；（][^。\d]{0,6}(?:此前|原|原来|以前|之前)[^。；\d]{0,16}\Z"
)
"""The old number in a clause of its own, after the new one: `10,000; until now the threshold was 15,000`."""
MEASURE: Final = re.compile(
    r"\b(?:limits?|thresholds?|rates?|caps?|capped|ceilings?|maximum|minimum|max\.|fees?|v\.?a\.?t|gst|hst|tax(?:es|ed)?|levy|levies|duty|surcharge|"
    r"exempt\w*|registration|floor|amounts?|value|transactions?|payments?|transfers?|purchases?|balance|period|deadline|days|reduced|standard|"
    r"límites?|umbral\w*|tipos?|tasas?|topes?|máxim\w*|mínim\w*|comisi\w+|iva|igv|importes?|montos?|plazos?|retenci\w+|alícuotas?|operaci\w+|"
    r"plafonds?|seuils?|taux|tva|montants?|frais|commissions?|délais?|opérations?|paiements?|retenue|"
    r"grenzen?|\w*grenze|schwellen?\w*|\w*satz\w*|höchst\w*|mindest\w*|obergrenze|betr[aä]g\w*|\w*betrag\w*|\w*steuer\w*|gebühr\w*|limit\w*|"
    r"frist\w*|entgelt\w*|transaktion\w*|zahlung\w*|"
    r"limites?|limiares?|taxas?|alíquotas?|tetos?|tarifas?|montantes?|valor(?:es)?|prazos?|transaç\w+|pagament\w+|"
    r"batas\w*|ambang|tarif|ppn|maksimal|minimal|paling|plafon|jumlah|nilai|biaya|transaksi|"
    r"thuế suất|thuế|hạn mức|ngưỡng|mức|tối đa|tối thiểu|phí|giao dịch|"
    r"soglia|limite|aliquota|importo|massimo|grens|drempel|tarief|bedrag|próg|progu|limit\w*|stawk\w*|kwot\w*)\b"
    r"|税率|限额|门槛|上限|下限|额度|标准|起点|费率|金额|征收率|比例|期限|交易|起征点"
)
"""What a number that is told alone must be of."""
NOT_LAW_NUMBER: Final = re.compile(
    r"\b(?:profit\w*|gewinn\w*|vermögenswert\w*|assets (?:of|worth)|frozen|gesperrt|receipts|penerimaan|revenue collected|collected|recettes|"
    r"recaudaci\w+|arrecada\w+|budget|loans?|deposits? of|capital|bonds?|salar(?:y|ies)|wages?|minimum wage|pension\w*|example|for instance|"
    r"zum beispiel|par exemple|por ejemplo|por exemplo|misalnya|contoh|ví dụ|estimated|cost(?:s|ed)? (?:of|is|are)|fuel levy|rebates?|brackets?|"
    r"income tax|salario|salário|salaire|gehalt|mindestlohn|gaji|upah|lương)\b|例如|工资|资产"
)
"""Totals, examples, wages and what else is counted beside the law."""
PROHIBITS: Final = re.compile(
    r"\b(?:prohibit\w*|bann\w+|forbid\w*|not (?:be )?(?:permitted|allowed)|due diligence (?:is|will be|shall be) required|prohíb\w+|prohib\w+|"
    r"proíb\w+|interdi\w+|verbot\w*|dilarang|cấm|vietat\w*|zakaz\w*|verboden)\b|禁止|不得"
)
AND: Final = re.compile(r",? ?(?:and|y|et|und|e|dan|và|和|、) ?(?:from |de |von )?\Z")
FOR_AND: Final = re.compile(
    r" (?:for|para|pour|für|untuk|per|voor) [^.;\d]{2,50},? (?:and|y|et|und|e|dan|en) (?:at |of |de |del |à )?"
)
ELSEWHERE: Final = re.compile(r"\d{4}|[;:]|\b(?:after|following|nach|tras|después|après|após|depois|setelah|sau)\b")
THEN: Final = re.compile(r"(?:\b(?:and|then|y|et|puis|und|dann|e|depois|dan|kemudian|và)\b|再)[^.;\d]{0,24}\Z")
IS: Final = re.compile(
    r"(?:\b(?:is|are|es|est|sont|é|são|beträgt|betragen|liegt bei|adalah|là)(?: (?:de|del|of|d'))?|为|是) ?\Z"
)
IN_TIME: Final = re.compile(
    r"20\d\d|\b(?:now|new|from|henceforth|nuevo|nueva|nouveau|désormais|künftig|neue[rn]?|novo|nova|baru|mới|nuovo|"
    r"nieuwe|nowa)\b|起|新|áp dụng"
)
"""Beside `is`: without one of them it only says what is there already."""
LAW: Final = re.compile(
    r",? (?:under|pursuant to|laid down|set out|in accordance|provided for|nach|gemäß|según|conforme|prévue?s?|"
    r"previst\w+|selon|(?:in|of|de|du|del) "
    r"(?:the )?(?:article|regulation|directive|section)|article|artikel|art\.|artículo|§)"
)
HELPERS: Final = re.compile(
    r"(?:[\s,:(]+(?:will|would|shall|should|may|must|is|are|be|been|being|has|have|had|was|were|to|it|also|further|"
    r"therefore|thus|now|gradually|currently|temporarily"
    r"|wird|werden|wurde|wurden|soll|sollen|ist|sind|se|ha|han|será|serán|serão|foi|foram|es|son|sera|seront|est|"
    r"sont|a|ont|été|va|akan|telah|được|sẽ|từ|del?|du|from|von|dari|do|da|拟|将"
    r"|dal|dall|al|van|z|set|fixed|capped|limited|kept|established|not|exceed|fijado|fixé|ist|beträgt|festgelegt|"
    r"für|for|verrà|wordt|worden|zostaje|zostanie|een|the|at|zu|und|and))+\s*\Z"
)
CLAUSES: Final = re.compile(r"[;:!?。；：\n]|\. ")
CLAUSE: Final = re.compile(r"[,;:!?。，；：\n(]|(?<= )- ")
HEAD: Final = re.compile(
    r"\A(?:[\s,;:()\"'.*•-]|(?:and|while|that|in|of|on|to|the increase|y|et|und|e|en|de la|del|dan|và|that|dass|que|"
    r"将|把|和)(?=\s))+"
)
TRAIL: Final = re.compile(
    r"(?:[\s,;:()\"'-]|\b(?:from|of|that|while|de|del|du|von|dari|từ|to|at|a|à|auf|is|be|do|da|dal|van|z)\Z|[由从为自])+\Z"
)
TAIL: Final = re.compile(
    r" ?(?P<what>(?:for|on|of|in|per|para|pour|für|auf|sur|sobre|untuk|đối với|bei)\b[^.,;:\n(\d]{3,80})"
)
