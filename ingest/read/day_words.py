"""Words around a day, in all languages together, that tell it from a day of application or make it one."""

from __future__ import annotations

import re
from typing import Final

SINCE: Final = re.compile(r"\b(?:since|seit(?: dem)?|depuis(?: le)?|sejak(?=.*telah)|desde hace) ?\Z")
LATER_THAN: Final = re.compile(
    r"(?<!on or )(?<!on and )(?<![^\W_])(?:after|nach dem|après le|después del|depois de|após|setelah(?: tanggal)?|"
    r"sau ngày|dopo il|na) \Z"
)
"""What begins after a day does not begin on it."""
UNIT_BEFORE: Final = re.compile(
    r"(?:days?|weeks?|months?|years?|tage?n?|monate?n?|jahre?n?|jours?|mois|ans?|días|meses|años|dias|anos|hari|bulan|tahun|ngày|tháng|năm)"
    r" (?:after|nach|après|después|depois|após|setelah|sau)\b[^.]{0,8}\Z"
)
SAID: Final = re.compile(
    r"(?<![^\W_])(?:bills? (?:was|were|has been|have been) introduced|propos(?:ed|e[sd]?)|announc(?:ed|es)|present(?:ed|s)|tabled|introduced (?:in|to|before)|said|told|decided|met|meeting|"
    r"report(?:ed|s)|submitted|unveiled|presentó|presentad[oa]|anunci\w+|propuso|reuni\w+|annonc\w+|présent\w+|propos\w+|réuni\w+|"
    r"vorgestellt|angekündigt|vorgelegt|vorgeschlagen|sitzung|apresent\w+|propôs|reunião|mengumumkan|diumumkan|mengusulkan|rapat|"
    r"công bố|đề xuất|họp|annunciat\w+|presentat\w+)(?![^\W_])|宣布|提出|召开"
)
"""What is said on a day applies on another."""
NOT_ON: Final = re.compile(
    r"(?<![^\W_])(?:not|nicht|niet|non|no|não|nie|pas|bukan|không)(?: (?:on|from|as of|by|am|ab|zum|op|vanaf|il|dal|el|desde|em|"
    r"a partir de|od|le|à compter du|pada|từ|ngày))? ?\Z|(?:earlier|already|once) (?:extended|moved|postponed|put back|deferred)\b[^.;]{0,40}\Z"
)
"""`not on 1 January but on 1 July`; `earlier extended to`: the day is another now."""
COMMENTS_RUN: Final = re.compile(r"\b(?:begin|start|open|run|launch)\w*\b[^.;]{0,16}\Z")
DATA: Final = re.compile(
    r"\b(?:as at|statistics|figures|data|totals?|number of|balance|stood at|amounted|counted|registered|recorded|collected|at the end of|"
    r"estados? a|cifras|datos a|al cierre|stand|stichtag|zum ende|données|au total|encours|dados de|posição em|data per|per akhir|số liệu)\b[^.;]{0,60}\Z"
)
"""A day of figures."""
OF_A_LAW: Final = re.compile(
    r"(?:\d/\d{2,4}(?:/[a-zđ-]{2,8})?|\b\d{4}/\d{1,5}|\b(?:act|law|regulation|directive|decree|circular|notice|"
    r"resolution|order|decision|ley|loi|lei|gesetz\w*|verordnung|richtlinie|règlement|décret"
    r"|arrêté|decreto|resolución|resolução|circulaire|council|rates?|undang-undang|"
    r"peraturan)(?: n[o°º]\.? ?[\d.,/-]+| [\d/.-]+)?)[^.;:]{0,24}[ ,(](?:of|du|de|del|da|do|vom|dated|tanggal|ngày|"
    r"van|dal|z dnia) ?\Z"
)
ALSO: Final = re.compile(
    r"[^.;]{0,40}(?:,| and| or| y| e| et| und| dan| và|、|和)(?: (?:from|on|ab|am|el|le|em|por|the)| il)? ?\Z"
)
AT_THE_LATEST: Final = re.compile(
    r"(?<![^\W_])(?:by|before|no later than|not later than|spätestens|bis spätestens|au plus tard|d'ici|"
    r"a más tardar|antes del?|"
    r"paling lambat|chậm nhất|trước|entro|uiterlijk)\b[^.]{0,16}\Z"
)
LONGER: Final = re.compile(
    r"exten[ds]|prorrog|prolong|proroge|proroga|verläng|perpanjang|gia hạn|延长|przedłuż|verlengd"
)
TIME_LIMIT: Final = re.compile(
    r"deadline|\bdates?\b|compliance|timeline|plazo|frist|délai|prazo|batas waktu|thời hạn|期限|transit|"
    r"entrada e[nm] vigor|entrée en"
    r"|inkraft|implement|施行|实施|masa transisi|termin"
)
"""What is extended is a time to prepare, not a measure that would lapse."""
COMPLY: Final = re.compile(
    r"compl(?:y|iance|iant)|implement|operativ|operational|transpos|adapt|in place|ready|cumpl|adecu|conform|umsetz|umzusetz|anpass|"
    r"anzupass|cumprir|adequar"
    r"|mematuhi|menyesuaikan|tuân thủ|合规|整改|adegu"
)
"""A last day for these is a first day of the rule; one for a return or a form is none."""
EVENT: Final = re.compile(
    r"\b(?:briefings?|takes? up (?:his|her|their|the|its)|terms? of office|hearings?|webinars?|conferences?|seminars?|workshops?|registration opens|appoint(?:s|ed|ment)|vacanc(?:y|ies)|"
    r"applications? for the|take[sn]? place|training|holidays?"
    r"|clinics?|sessions?|forum|summit|roadshow|exhibition|meeting of|meets on|register by|hackathon|stand at|next meeting"
    r"|veranstaltung\w*|findet|seminario|conferencia|séminaire|colloque|nommée?|nombrad[oa]|nomead[oa]|diangkat|"
    r"bổ nhiệm)\b|研讨会|任命|会议召开"
)
"""What begins is no rule."""
TO_A_LAST_DAY: Final = re.compile(
    r" ?(?:to|until|till|through|bis(?: zum)?|au|jusqu'au|auf(?: den)?|à|para(?: o| el)?|ke|menjadi|sang(?: ngày)?|"
    r"al|hasta(?: el)?|a|até|hingga|sampai(?: dengan)?|"
    r"đến(?: ngày)?|至|到|-|fino al|tot(?: en met)?|do) ?\Z"
)
