"""Words that say what happens on a day, by language. In small letters and plain signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.read.languages import READ
from ingest.read.model import DateRole


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Alternations of regular expressions. Those of `roles` stand anywhere near the day, the others at its left edge."""

    in_force: str
    applies: str
    published: str
    adopted: str
    comments: str
    """What is asked for by a day: comments, answers."""
    ends: str
    start: str
    """Prepositions: the day is a first day."""
    until: str
    """Prepositions: the day is a last one, or a time limit."""
    on: str
    moved: str
    """A day is put off."""
    moved_to: str
    formerly: str
    """The day was meant and is not any more."""


_WORDS: Final = {
    "en": RoleWords(
        in_force=r"(?:enter\w*|com(?:e|es|ing)|came|brought|bring|put) (?:[a-z]+ )?(?:into|in) (?:force|operation)|"
                 r"entry into force|in force|into effect|commencement",
        applies=r"appl(?:y|ies|ied|icable|ication)|tak(?:e|es|ing) effect|took effect|effective(?: date)?|"
                r"with effect|ha(?:s|ve) effect|compliance|compl(?:y|ied)|go(?:es|ing)? live|start(?:s|ing)?"
        r"|commenc\w+|begin(?:s|ning)?|implement\w*|mandatory|will be (?:required|obliged|able|subject|set|raised|"
        r"increased|reduced|lowered|cut|charged|taxed|prohibited|banned|permitted|replaced|available)"
        r"|transpos\w+|must|required to|(?:is|are) required|phased in|introduced|operative|be in place|kick\w* in|prohibited|banned",
        published=r"publish\w*|publication|gazett\w+|issued|released|posted",
        adopted=r"adopt\w*|passed|approv\w+|signed|enacted|promulgat\w+|assent\w*|ratif\w+|voted|agreed|sanctioned|"
                r"made on|dated",
        comments=r"comments?|respon(?:d|se|ses)|feedback|consultation|submissions?|views|input|representations|"
                 r"replies|call for evidence|answers",
        ends=r"expir\w+|(?:ceas\w+|stops?)(?: to (?:apply|have effect|be in force|exist)| applying)?|laps\w+|sunset\w*|no longer (?:apply|applies|be|in force)|end(?:s|ed|ing)?|close[sd]?|"
             r"discontinu\w+|phased out|valid|terminat\w+|repealed",
        start=r"from|as from|as of|as at|starting(?: on| from)?|beginning(?: on)?|with effect (?:from|on)|"
              r"effective(?: from| on| as of| date:?)?|on (?:or|and) after|on and from|commencing(?: on)?",
        until=r"until|till|through|by|before|no later than|not later than|up to|at the latest by|closes?(?: on)?|"
              r"ends?(?: on)?|expires?(?: on)?|to|deadline(?: is| of|:)?|due(?: by)?",
        on=r"on", moved=r"postpon\w+|defer\w*|delay\w*|push(?:ed|es)? back|put (?:off|back)|extend\w*|extension|"
                        r"moved|later than planned|new (?:date|deadline)",
        moved_to=r"to|until|till|by .{1,40}? to|now|instead|of|for|is|from",
        formerly=r"original\w*|initial\w*|instead of|previous\w*|(?:was|were|had been|been) (?:due|to|planned|"
                 r"scheduled|supposed|set|expected|meant)(?: to)?|rather than|formerly|not",
    ),
    "es": RoleWords(
        in_force=r"entr\w+ en vigor|entrada en vigor|en vigor|vigencia|entr\w+ en vigencia|vigente|regirá|rige",
        applies=r"aplic\w+|surt\w+ efectos?|efectos|efectiv[oa]|comenzará|deberán?|obligatori[oa]|será (?:exigible|"
                r"obligatorio|de)|empez\w+|pasará?",
        published=r"publicad[oa]s?|publicó|publicación|publica|difundid[oa]|emitid[oa]|emitió", adopted=
            r"aprobad[oa]s?|aprobó|adoptad[oa]s?|adoptó|promulgad[oa]|promulgó|sancionad[oa]|firmad[oa]|ratific\w+",
        comments=r"comentarios|alegaciones|observaciones|consulta|aportaciones|opiniones|sugerencias", ends=
            r"vence\w*|expir\w+|finaliz\w+|termina\w*|caduc\w+|dejar\w* de|vigente|derog\w+|concluy\w+",
        start=r"(?:a partir|desde|con efectos?(?: desde| a partir)?)(?: del?| el)?(?: día)?|desde(?: el)?(?: día)?|"
              r"con efectos? del?", until=r"hasta(?: el)?(?: día)?|antes del?|a más tardar(?: el)?|vence(?: el)?|"
                  r"finaliza(?: el)?|plazo(?: es)?(?: el)?",
        on=r"el(?: día| próximo| pasado)*|en", moved=r"aplaz\w+|prórroga|prorrog\w+|pospon\w+|pospuest\w+|"
            r"postergad\w+|posterg\w+|retras\w+|difier\w+|diferi\w+", moved_to=
                r"al|hasta(?: el)?|a|para(?: el)?|del? .{1,40}? al",
        formerly=r"inicialmente|originalmente|previst[oa]\w*(?: (?:inicialmente|para))?|en lugar del?|en vez del?|"
                 r"debía|iba a|estaba",
    ),
    "fr": RoleWords(
        in_force=r"entr\w+ en vigueur|en vigueur", applies=r"appliqu\w+|applic\w+|prend\w* effet|prise d'effet|"
            r"effet|effectif|obligatoire|devront|doivent|passera|passe|est (?:fixé|porté)|sera|seront|commence\w*",
        published=r"publiée?s?|publication|paru\w*|diffusée?s?", adopted=
            r"adoptée?s?|adoption|voté\w*|approuvé\w*|promulgué\w*|signé\w*|ratifi\w+",
        comments=r"observations|commentaires|contributions|réponses|consultation|avis", ends=
            r"expir\w+|prend\w* fin|échéance|cess\w+|abrog\w+|jusqu'au|fin|clôture\w*|s'achève\w*",
        start=r"(?:à compter|à partir|dès|depuis|avec effet)(?: du| au| le)?|dès(?: le)?|au", until=
            r"jusqu'au|jusqu'à|avant(?: le)?|au plus tard(?: le)?|d'ici(?: au| le)?|se termine(?: le)?",
        on=r"le|au", moved=r"report\w+|repouss\w+|différ\w+|décal\w+|prolong\w+|proroge\w*|ajourn\w+", moved_to=r"au|jusqu'au|à|du .{1,40}? au",
        formerly=r"initialement(?: prévue?s?)?|au lieu du|prévue?s?(?: pour| à l'origine| le)?|devai(?:t|ent)|plutôt que",
    ),
    "de": RoleWords(
        in_force=r"in kraft|inkraft\w*|wirksam|wirksamwerden", applies=
            r"gilt|gelten|geltend|anzuwenden|anwend\w+|anwendbar|anwendung|wirkung|verbindlich|verpflichtend|müssen|"
            r"wird|werden|beträgt|startet|beginn\w*|tritt|pflicht",
        published=r"veröffentlich\w*|verkünd\w*|bekannt ?gemacht|erschienen|bekanntmachung", adopted=
            r"verabschied\w+|beschloss\w*|beschließ\w*|angenommen|unterzeichn\w+|erlassen|gebilligt|zugestimmt",
        comments=r"stellungnahm\w*|stellung|konsultation|anhörung|kommentare|rückmeldung\w*|anmerkungen", ends=
            r"tritt .{0,30}außer kraft|außer kraft|läuft .{0,20}aus|ende[tn]?|befristet|erlischt|ausläuft|"
            r"abgelaufen|aufgehoben",
        start=r"ab(?: dem)?|vom|von|mit wirkung (?:vom|zum|ab)(?: dem)?|seit(?: dem)?|beginnend (?:ab|am)|zum", until=
            r"bis(?: zum| spätestens| einschließlich| spätestens zum)?|spätestens(?: bis| am| zum| bis zum)?|vor dem",
        on=r"am|zum|im|per", moved=r"verschob\w+|verschieb\w+|verschiebung|vertag\w+|aufgeschoben|verläng\w+|später", moved_to=
            r"auf(?: den)?|bis(?: zum)?|zum|vom .{1,40}? auf(?: den)?",
        formerly=r"ursprünglich|eigentlich|statt(?: am| zum| ab)?|anstatt|zunächst|bisher|sollte\w*|geplant\w*",
    ),
    "pt": RoleWords(
        in_force=r"entr\w+ em vigor|entrada em vigor|em vigor|vigência|vigorar\w*|vigor|entr\w+ em vigência", applies=
            r"aplic\w+|produz\w* efeitos?|produção de efeitos|efeitos|obrigatóri[oa]|deverão|deverá|começa\w*|"
            r"passa\w*|será|serão|inicia\w*",
        published=r"publicad[oa]s?|publicou|publicação|divulgad[oa]|editad[oa]", adopted=
            r"aprovad[oa]s?|aprovou|adotad[oa]s?|adoptad[oa]s?|sancionad[oa]|sancionou|promulgad[oa]|assinad[oa]",
        comments=r"contribuições|comentários|sugestões|consulta|manifestações|observações", ends=
            r"vence\w*|expir\w+|encerra\w*|termina\w*|caduc\w+|cessa\w*|revog\w+",
        start=r"(?:a partir|desde|com efeitos?(?: a partir)?)(?: de| do| da| o)?(?: dia)?|desde(?: o)?", until=
            r"até(?: o| ao)?(?: dia)?|antes de|no máximo até|encerra-se em|termina em|prazo(?: é)?",
        on=r"em|no dia|a|no", moved=r"adi(?:ad\w+|ou|a|amento|ar)|prorrog\w+|posterg\w+|diferi\w+", moved_to=r"para(?: o)?|até|de .{1,40}? para",
        formerly=r"inicialmente|originalmente|previst[oa]\w*(?: para)?|em vez de|deveria\w*|antes",
    ),
    "zh": RoleWords(
        in_force=r"起?(?:正式)?(?:施行|生效)", applies=r"实施|执行|起(?:适用|执行|实施|征收|调整|停止|取消|将)|适用|起", published=r"公布|发布|刊登|印发", adopted=r"通过|审议通过|签署|批准|表决",
        comments=r"征求意见|意见|反馈|公开征求", ends=r"废止|截止|到期|失效|结束|终止|为止|止", start=r"自|从", until=r"截至|至|到|截止(?:日期|时间)?(?:为|:|：)?|前", on=r"于|在",
        moved=r"推迟|延期|延长|延后|暂缓", moved_to=r"至|到|为", formerly=r"原定(?:于)?|原计划(?:于)?|而非|本应(?:于)?",
    ),
    "id": RoleWords(
        in_force=r"mulai berlaku|berlaku(?: efektif)?|diberlakukan|pemberlakuan", applies=
            r"diterapkan|penerapan|efektif|wajib|dikenakan|dilaksanakan|menjadi|harus",
        published=r"diundangkan|diterbitkan|dipublikasikan|dirilis|menerbitkan|pengundangan", adopted=
            r"ditetapkan|disahkan|disetujui|ditandatangani|mengesahkan|menetapkan",
        comments=r"masukan|tanggapan|konsultasi|komentar|saran", ends=
            r"berakhir|dicabut|tidak berlaku lagi|habis", start=
                r"(?:sejak|mulai|terhitung (?:sejak|mulai)|per|efektif)(?: pada)?(?: tanggal)?",
        until=r"(?:sampai(?: dengan)?|hingga|paling lambat|selambat-lambatnya|sebelum)(?: pada)?(?: tanggal)?", on=r"pada(?: tanggal)?|tanggal",
        moved=r"ditunda|penundaan|menunda|diperpanjang|diundur", moved_to=
            r"(?:hingga|menjadi|ke|sampai(?: dengan)?|dari .{1,40}? (?:menjadi|ke))(?: tanggal)?", formerly=
                r"semula|awalnya|bukan|seharusnya|sebelumnya",
    ),
    "vi": RoleWords(
        in_force=r"có hiệu lực|hiệu lực thi hành|hiệu lực", applies=
            r"áp dụng|thực hiện|thi hành|phải|bắt đầu|được áp dụng", published=r"công bố|ban hành|đăng|phát hành", adopted=r"thông qua|ký|phê duyệt",
        comments=r"góp ý|ý kiến|lấy ý kiến|tham vấn", ends=r"hết hiệu lực|kết thúc|hết hạn|chấm dứt|bãi bỏ", start=r"(?:kể từ|từ|bắt đầu từ)(?: ngày)?", until=
            r"(?:đến hết|đến|trước|chậm nhất|hết)(?: ngày)?", on=r"(?:vào|ngày|vào ngày)",
        moved=r"lùi|hoãn|gia hạn|lui|dời", moved_to=r"(?:đến|sang|tới|thành)(?: ngày)?", formerly=
            r"ban đầu|thay vì|dự kiến ban đầu|trước đó",
    ),
    "it": RoleWords(
        in_force=r"entr\w+ in vigore|entrata in vigore|in vigore", applies=
            r"applic\w+|decorr\w+|effett[oi]|efficacia|obbligatori[oa]|dovranno", published=r"pubblicat[oaie]|pubblicazione", adopted=r"approvat[oaie]|adottat[oaie]|firmat[oa]",
        comments=r"osservazioni|commenti|consultazione|contributi", ends=r"scad\w+|termina\w*|cessa\w*|abrogat[oa]", start=
            r"(?:a partire|a decorrere|con effetto)? ?(?:dal|dall'|dallo)", until=
                r"fino al(?:l')?|entro(?: il| l')?", on=r"il|l'|in data",
        moved=r"rinvi\w+|prorog\w+|slitt\w+|posticip\w+", moved_to=r"al(?:l')?|fino al|dal .{1,40}? al", formerly=
            r"inizialmente|originariamente|previst[oa]|anziché",
    ),
    "nl": RoleWords(
        in_force=r"in werking|inwerkingtreding|van kracht", applies=
            r"geldt|gelden|toepassing|toepasselijk|ingang|verplicht|gaat|moeten", published=r"gepubliceerd|bekendgemaakt|publicatie", adopted=
                r"aangenomen|goedgekeurd|vastgesteld|ondertekend",
        comments=r"reacties|reageren|consultatie|opmerkingen|zienswijzen", ends=r"vervalt|eindigt|loopt af|ingetrokken", start=r"(?:vanaf|per|met ingang van|sinds)", until=r"tot(?: en met)?|uiterlijk(?: op)?|voor", on=r"op",
        moved=r"uitgesteld|uitstel|verschoven|verlengd", moved_to=r"tot|naar", formerly=
            r"oorspronkelijk|in plaats van|aanvankelijk",
    ),
    "pl": RoleWords(
        in_force=r"wchodz\w+ w życie|wejdzie w życie|wejście w życie|wszedł w życie|w życie", applies=
            r"stosuje|stosowa\w+|obowiązuj\w+|obowiązywa\w+|mocą", published=r"opublikowan\w+|ogłoszon\w+|publikacj\w+", adopted=r"uchwal\w+|przyjęt\w+|podpisa\w+",
        comments=r"uwag\w*|opini\w*|konsultacj\w*", ends=r"traci moc|wygasa|kończy|uchyl\w+", start=r"(?:od|z dniem|począwszy od)(?: dnia)?", until=r"(?:do|najpóźniej do|przed)(?: dnia)?", on=r"w dniu|dnia",
        moved=r"przesun\w+|odrocz\w+|przełoż\w+|przedłuż\w+", moved_to=r"na|do", formerly=r"pierwotnie|zamiast|początkowo",
    ),
}  # fmt: skip
assert set(_WORDS) == set(READ), "every language that is read has its words"
_ROLES: Final = ("in_force", "applies", "published", "adopted", "ends")


@dataclass(frozen=True, slots=True)
class RoleRules:
    """The words of one language, compiled. `near` has one group for each role."""

    near: re.Pattern[str]
    comments: re.Pattern[str]
    start: re.Pattern[str]
    until: re.Pattern[str]
    on: re.Pattern[str]
    moved: re.Pattern[str]
    moved_to: re.Pattern[str]
    formerly: re.Pattern[str]


@lru_cache(maxsize=16)
def role_rules(language: str) -> RoleRules:
    """The rules of a language; of English for one that has none."""
    words = _WORDS.get(language, _WORDS["en"])
    han = language == "zh"
    edge, close = ("", "") if han else (r"(?<![^\W_])", r"(?![^\W_])")
    article = (
        r"[\s\"(]*\Z"
        if han
        else r"[ :]*(?:the |le |dem |den |día |ngày |tanggal |monday,? |tuesday,? |wednesday,? |thursday,? |"
        r"friday,? |saturday,? |sunday,? |l')?\Z"
    )
    groups = "|".join(f"(?P<{role}>{getattr(words, role)})" for role in ("ends", *_ROLES[:-1]))

    def at_edge(alternatives: str) -> re.Pattern[str]:
        return re.compile(rf"{edge}(?:{alternatives}){article}")

    return RoleRules(
        re.compile(rf"{edge}(?:{groups}){close}"),
        re.compile(rf"{edge}(?:{words.comments}){close}"),
        at_edge(words.start), at_edge(words.until), at_edge(words.on),
        re.compile(rf"{edge}(?:{words.moved}){close}"),
        at_edge(words.moved_to),
        re.compile(rf"{edge}(?:{words.formerly}){close}"),
    )  # fmt: skip


ROLE_OF: Final = {name: DateRole(name) for name in _ROLES}
