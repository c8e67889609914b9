"""Words by which regulators say that a number takes the place of another, by language. In small letters and plain signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ingest.read.languages import READ


@dataclass(frozen=True, slots=True)
class PairWords:
    """Alternations of regular expressions; an empty one matches nothing."""

    change: str
    """Verbs and nouns of change: without one, `from 5 % to 9 %` is a range."""
    origin: str
    """Before the old number."""
    target: str
    """Before the new number."""
    instead: str
    """Between a new number and the old one."""
    formerly: str
    """Before an old number in brackets or in a clause of its own, after the new one."""
    replaced: str
    """Between an old number and the new one: `21 % is replaced by 12 %`."""
    setting: str
    """Before a new number of which no old one is told."""


_WORDS: Final = {
    "en": PairWords(
        change=r"increas\w*|rais(?:e[sd]?|ing)|reduc\w+(?! (?:vat |gst )?rates?\b)|cut(?:s|ting)?|lower\w*|chang\w+|"
               r"ris(?:e[sn]?|ing)|rose|fall(?:s|ing|en)?|fell|drop\w*|hik\w+|amend\w*|"
        r"revis\w+|adjust\w*|mov(?:e[sd]?|ing)|go(?:es|ing)?|went|doubl\w+|tripl\w+|switch\w*|decreas\w*|replac\w+|"
        r"up|down|modif\w+|rebas\w+|halv\w+|"
        r"uplift\w*|updat\w+|shorten\w*|extend\w*|bring\w*|brought|new|tighten\w*|relax\w*|climb\w*|jump\w*|"
        r"slash\w*|align\w*|uprat\w+|widen\w*|enhanc\w+|liberali\w+|ceil\w*|rescind\w*",
        origin=r"from",
        target=r"to|into",
        instead=r"instead of|rather than|in place of|in lieu of|replac(?:es|ing)|supersed(?:es|ing)|"
                r"compared (?:with|to)|in substitution for|as against|against",
        formerly=r"from|previously|formerly|currently|was|were|up from|down from|old|existing|before|at present|"
                 r"until now|hitherto|current(?: rate| limit| threshold)?|now",
        replaced=r"(?:is|are|be|been|was|shall be|will be)? ?(?:replaced|substituted|superseded) (?:by|with)|"
                 r"becomes|by|with|substitute|there (?:is|shall be) substituted|"
        r"currently,? (?:will|to) (?:be|become|rise to|fall to)",
        setting=r"(?:is|are|be|was|were|been|being) (?:now )?(?:set|fixed|capped|limited|kept|established|levied|"
                r"charged|taxed|applied|subject|introduced|raised|increased|reduced|lowered|"
        r"cut|brought|adjusted|revised|amended)(?: (?:up|down))? (?:at|to|of)|(?:rate|limit|threshold|cap|maximum|"
        r"ceiling|minimum|exemption|period|fee|limits|value|tax|vat|gst|levy|amount)"
        r" (?:(?:of|for|on|in) \w+(?: \w+){0,4} )?(?:will be|shall be|is|becomes|will become|is now|will rise to|rises to|rises|"
        r"increases to|will increase to|falls to|drops to|will fall to|"
        r"will drop to|goes to|will go to)|(?:shall|must|may|will|should|does|can) not exceed|not exceeding|"
        r"not more than|sets? (?:the |a |an )?(?:[a-z-]+ ){1,8}(?:at|of|to)|"
        r"(?:introduc\w+|impos\w+|levy|levies|charge[sd]?|establish\w*|creat\w+) (?:a |an )?(?:new |uniform |"
        r"single |reduced |flat |minimum |maximum )?(?:[a-z-]+ ){0,6}?of|"
        r"new (?:[a-z-]+ ){0,4}(?:rate|limit|threshold|cap|maximum|ceiling|period|fee)(?: of| is| will be|:)|"
        r"(?:rais\w+|increas\w+|decreas\w+|enhanc\w+|reduc\w+|cut\w*|lower\w*|ris\w+|hik\w+|adjust\w+|bring\w*|brought|chang\w+|revis\w+|"
        r"amend\w+|uprat\w+|fall\w*|drop\w*|doubl\w+)(?: [^.;:\d]{0,60}?)?(?: by [\d.,]+ ?(?:%|percentage points?|per ?cent|pp|points?|basis points))? to|"
        r"taxed at|charged at|capped at|at (?:a|the) (?:new |reduced |standard |flat )?rate of",
    ),
    "es": PairWords(
        change=r"aument\w+|sub(?:e[n]?|ir\w*|ida|ió)|elev\w+|(?<!tipo )(?<!tasa )reduc\w+|reduj\w+|baj\w+|"
               r"disminu\w+|modific\w+|pas(?:a|an|ar|ará|arán|ando|ó)|cambi\w+|increment\w+|rebaj\w+|ajust\w+|"
        r"sustitu\w+|reemplaz\w+|nuev[oa]s?|ampl[ií]\w+|actualiz\w+|fij\w+",
        origin=r"de|del|desde(?: el| los| las)?|de los|de las|del actual|del vigente",
        target=r"a|al|hasta(?: el| los)?|a los|a las",
        instead=r"en lugar de(?:l)?|en vez de(?:l)?|frente al?|en sustitución del?|sustituye al?|reemplaza al?",
        formerly=r"antes(?: el| del?)?|anteriormente|hasta ahora|actualmente|desde(?: el)?|frente al?|anterior|era|"
                 r"actual|vigente",
        replaced=r"(?:se|es|será|queda|fue)? ?(?:sustituid[oa]|reemplazad[oa]|sustituye) por(?: el)?|por(?: el)?|"
                 r"pasa(?:rá)? a(?: ser)?(?: del?)?",
        setting=r"(?:será|es|queda|quedará|pasa a ser|pasará a ser|se fija|se establece|se sitúa|se situará|"
                r"fijad[oa]|establecid[oa]|limitad[oa])(?: (?:fijad[oa]|establecid[oa]|limitad[oa]))?"
        r"(?: en| a| al| del?)?(?: el| un)?|no (?:podrá|puede|deberá|debe) (?:exceder|superar|ser superior)(?: de|"
        r" a| los| las| el| al)*|no (?:exceda|supere)n?(?: de| los| las| el)*|"
        r"(?:fija|establece|introduce|aplica|aplicará)(?: [^.;:\d]{0,60}?)? (?:en|del?|al)(?: el)?|"
        r"(?:aument\w+|sub\w+|elev\w+|reduc\w+|baj\w+|increment\w+|rebaj\w+)(?: [^.;:\d]{0,60}?)? (?:a|al|"
        r"hasta)(?: el| los)?|nuev[oa] (?:[a-záéíóúñ]+ ){0,4}(?:del?|será(?: del?)?)|al tipo del",
    ),
    "fr": PairWords(
        change=r"augment\w+|relev\w+|relèv\w+|port[ée]\w*|porter\w*|(?<!taux )rédui\w+|baiss\w+|abaiss\w+|pass(?:e|"
               r"ent|er|era|eront|ant|é)|modifi\w+|ramen\w+|ramèn\w+|chang\w+|hausse|"
        r"remplac\w+|nouve\w+|diminu\w+|substitu\w+",
        origin=r"de|du|de l'actuel|des",
        target=r"à|au|aux|jusqu'à",
        instead=r"au lieu de|à la place de|contre|en remplacement de|remplace(?: le| celui de)?|plutôt que",
        formerly=r"contre|auparavant|précédemment|actuellement|avant|jusqu'(?:ici|alors|à présent)|au lieu de|"
                 r"était(?: de)?|ancien\w*",
        replaced=r"(?:est|sont|sera|a été|étant)? ?remplacée?s? par(?: le| celui de)?|par",
        setting=r"(?:est|sont|sera|seront|est désormais)(?: (?:fixé|porté|établi|ramené|limité|plafonné|relevé|"
                r"abaissé|réduit))?e?s?(?: de| à)?|(?:fixé|porté|plafonné|limité|ramené|relevé|abaissé)e?s? à|"
        r"ne (?:peut|peuvent|doit|doivent|pourra|saurait) (?:pas )?(?:excéder|dépasser|être supérieure?s? à)|"
        r"n'excédant pas|ne dépassant pas|"
        r"(?:fixe|instaure|introduit|crée|établit|porte|relève|ramène|abaisse)(?: [^.;:\d]{0,60}?)? (?:à|de)|"
        r"nouve\w+ (?:[a-zéèêàç]+ ){0,4}(?:de|est de|sera de)|(?:passe|passera|passent)(?: [^.;:\d]{0,40}?)? à|au taux de",
    ),
    "de": PairWords(
        change=r"erhöh\w+|anheb\w+|an(?:ge)?hob\w*|senk\w+|gesenkt|herab\w*|steig\w+|gestiegen|änder\w+|geändert|"
               r"reduzier\w+|ersetz\w+|sink\w+|neu\w*|angepasst|anpass\w+|wechsel\w*|heraufgesetzt|"
        r"hebt|gehoben|verringer\w+|verkürz\w+|verlänger\w+|\w*senkung|\w*erhöhung|\w*anhebung|fällt|klettert",
        origin=r"von(?: derzeit| bisher| bislang| aktuell| zuvor)?|derzeit|bisher",
        target=r"auf|zu|künftig|nunmehr",
        instead=r"statt(?: bisher| wie bisher| derzeit)?|anstatt|anstelle von|anstelle der|gegenüber",
        formerly=r"bisher|bislang|zuvor|vorher|von|derzeit|früher|statt|aktuell|vormals|alt",
        replaced=r"(?:wird|werden)? ?(?:ersetzt )?durch(?: die angabe)?",
        setting=r"(?:beträgt|betragen|liegt bei|gilt ein\w* \w+ von|gilt|in höhe von|von|auf)(?: künftig| nunmehr|"
                r" dann| ab dem [^;:]{4,24}?| höchstens)?|"
        r"(?:darf|dürfen) (?:[^.;:\d]{0,40} )?(?:nicht mehr als|höchstens|maximal)|(?:wird|"
        r"werden)(?: [^.;:\d]{0,60}?)? auf|höchstens|maximal",
    ),
    "pt": PairWords(
        change=r"aument\w+|elev\w+|(?<!taxa )reduz\w*|redu[çc][ãa]o|diminu\w+|alter\w+|pass(?:a|am|ar|ará|arão|ando|"
               r"ou)|sob(?:e|em|iu)|sub(?:e[m]?|ir\w*|iu)|baix\w+|modific\w+|mud\w+|ajust\w+|substitu\w+|nov[oa]s?|ampli\w+|"
        r"majora\w+|atualiz\w+|desc(?:e|eu|em|er|erá|id[oa]s?)|cai\w*",
        origin=r"de|do|da|dos|das|dos atuais|do atual|da atual",
        target=r"para(?: os| o| as)?|a|ao|até|aos",
        instead=r"em vez de|em lugar de|no lugar de|em substituição (?:a|aos?)|ao invés de|face a(?:os?)?(?: atuais| anteriores)?|contra|substitui(?: a| os| o)?",
        formerly=r"antes|anteriormente|atualmente|até agora|era(?:m)?|hoje|ante|anterior|contra|atual",
        replaced=r"(?:é|são|será|fica|foi)? ?substituíd[oa]s? por|por|passa(?:rá)? a(?: ser)?(?: de)?",
        setting=r"(?:será|serão|é|fica|ficam|fixad[oa]s?|passa a ser|estabelecid[oa]s?|"
                r"limitad[oa]s?)(?: (?:fixad[oa]|estabelecid[oa]|limitad[oa]))?(?: em| de| a| para)?|"
        r"não (?:poderá|pode|deve|deverá|poderão|podem) (?:exceder|ultrapassar|ser superior a)(?: a| os| o)*|"
        r"(?:fixa|estabelece|institui|introduz|aplica|define)(?: [^.;:\d]{0,60}?)? (?:em|de)|"
        r"(?:aument\w+|elev\w+|reduz\w*|diminu\w+|baix\w+|ampli\w+|sob\w+|subi\w+)(?: [^.;:\d]{0,60}?)? (?:para|a|"
        r"até)|nov[oa] (?:[a-zãõçáéíóúâê]+ ){0,4}(?:de|será de|é de)|à taxa de|à alíquota de",
    ),
    "zh": PairWords(
        change=r"调整|提高|降低|上调|下调|降至|增至|改为|变更|提升|减至|降为|调高|调低|修改|修订|新",
        origin=r"由(?:现行的?|原来的?|原|目前的?)?|从(?:现行的?|原来的?|原|目前的?)?|自(?:现行的?|原来的?)?",
        target=r"(?:统一)?(?:调整|提高|降低|上调|下调|提升|变更|修改|修订|缩短|延长|增加|减少|调高|调低|下降|"
               r"上升)?(?:到|至|为)|改为|降至|增至|降为|减至|升至|减按",
        instead=r"取代(?:了)?(?:原(?:来)?的?)?|代替(?:了)?(?:原(?:来)?的?)?|而(?:不是|非)",
        formerly=r"原为|原(?:来)?的?|此前为?|现行(?:为|的)?|之前为?|目前为?",
        replaced=r"替换为|被|修改为|改为|更改为",
        setting=r"(?:税率|限额|标准|门槛|上限|额度|比例|起点|费率|期限|征收率|金额)(?:统一)?(?:为|是|定为|设定为|"
                r"设为|调整为|提高到|提高至|降至|降为|上调至|下调至|不得超过|不超过)|不得超过|不超过|(?:调整|提高|"
                r"降低|上调|下调|提升)"
        r"(?:到|至|为)|减按|定为|按(?:照)?|降至|增至",
    ),
    "id": PairWords(
        change=r"naik\w*|menaik\w+|dinaik\w+|kenaikan|turun\w*|menurun\w+|diturun\w+|penurunan|meningkat\w*|"
               r"ditingkat\w+|peningkatan|berubah|diubah|mengubah|perubahan|diganti\w*|penyesuaian|disesuai\w+|baru|"
               r"menjadi|pengurangan|dikurangi",
        origin=r"dari(?: semula| sebelumnya| saat ini)?|semula|sebelumnya(?: sebesar)?",
        target=r"menjadi(?: sebesar)?|ke|hingga",
        instead=r"bukan|alih-alih|sebagai pengganti|menggantikan(?: tarif)?",
        formerly=r"dari|sebelumnya|semula|saat ini",
        replaced=r"(?:diganti|digantikan)(?: dengan| oleh)?|diubah menjadi",
        setting=r"(?:ditetapkan|dikenakan|dipungut|dibatasi|adalah|sebesar|menjadi|paling banyak|paling tinggi|"
                r"maksimal|tidak (?:boleh )?(?:melebihi|lebih dari))(?: sebesar| maksimal)?",
    ),
    "vi": PairWords(
        change=r"tăng|giảm|nâng|hạ|điều chỉnh|sửa đổi|thay đổi|thay thế|mới|xuống|lên|thành|còn",
        origin=r"từ(?: mức)?|từ mức hiện hành|hiện hành",
        target=r"(?:xuống|lên|thành|còn|đến|sang)(?: còn| thành| mức)?",
        instead=r"thay (?:vì|cho)(?: mức)?|thay thế(?: mức)?",
        formerly=r"trước đây(?: là)?|từ|hiện nay(?: là)?|hiện hành",
        replaced=r"(?:được )?thay (?:thế )?bằng|thành",
        setting=r"(?:là|ở mức|bằng|mức|còn|không (?:được )?vượt quá|tối đa(?: là)?|lên|xuống|áp dụng thuế suất|"
                r"thuế suất)(?: mức)?",
    ),
    "it": PairWords(
        change=r"aument\w+|riduc\w+|(?<!aliquota )ridott\w+|riduzion\w+|elev\w+|pass(?:a|ano|are|erà|ando)|"
               r"innalz\w+|abbass\w+|sal(?:e|irà|ito|ire|gono)|scend\w+|diminu\w+|raddoppi\w+|modific\w+|port\w+|sostitu\w+|nuov\w+",
        origin=r"dal(?:l'attuale)?|dall'|da|dai",
        target=r"al|all'|a|fino a|ad",
        instead=r"in luogo del?|invece del?|anziché|rispetto (?:al(?:l')?|agli|ai)(?: attuali| precedenti)?|contro (?:i|gli)|in sostituzione del?",
        formerly=r"dal|in precedenza|attualmente|prima",
        replaced=r"(?:è|sono|sarà)? ?sostituit[aoie] (?:dal?|con)",
        setting=r"(?:è|sarà|viene)(?: (?:fissat|portat|ridott|elevat|stabilit)[aoie])?(?: al?| nel| in| del|"
                r" pari al?)|non può (?:superare|eccedere)(?: i| il)?|(?:aument\w+|ridott\w+|elevat\w+|"
                r"portat\w+)(?: [^.;:\d]{0,40}?)? al?",
    ),
    "nl": PairWords(
        change=r"verhog\w+|verhoogd|verlag\w+|verlaagd|stijg\w+|daal\w*|dalen|gewijzigd|wijzig\w+|gaat|gaan|"
               r"vervang\w+|nieuw\w*|aangepast|verhoging|verlaging",
        origin=r"van",
        target=r"naar|tot",
        instead=r"in plaats van",
        formerly=r"was|voorheen|nu|van|eerder",
        replaced=r"(?:wordt|worden)? ?vervangen door|door",
        setting=r"(?:is|wordt|bedraagt|bedragen)(?: (?:vastgesteld|verhoogd|verlaagd))?(?: op| naar| tot)?|"
                r"niet meer dan|maximaal",
    ),
    "pl": PairWords(
        change=r"podwyższ\w+|podnies\w+|podnos\w+|obniż\w+|zwiększ\w+|zmniejsz\w+|zmien\w+|zmian\w+|wzroś\w+|"
               r"spad\w+|zastąp\w+|zastęp\w+|now\w+|wzrasta|wzrost\w*",
        origin=r"z|z obecnych|z dotychczasowych",
        target=r"do|na",
        instead=r"zamiast",
        formerly=r"dotychczas|poprzednio|obecnie|z|było",
        replaced=r"(?:zostaje|zostanie|będzie)? ?zastąpion[aey] (?:przez|stawką)",
        setting=r"(?:wynosi|wyniesie|wynoszą|będzie wynosić|ustala się na|nie może przekroczyć|nie może przekraczać|do)",
    ),
}  # fmt: skip

assert set(_WORDS) == set(READ), "every language that is read has its words"

_ENGLISH: Final = _WORDS["en"]
_OTHERS: Final = replace(
    _ENGLISH,
    change=_ENGLISH.change
    + r"|zv[yý]š\w*|zvyšuj\w*|sniž\w*|zniž\w*|sníž\w*|höj\w*|sänk\w*|hæv\w*|forhøj\w*|øk\w*|nedsæt\w*|majore\w*|cre[sș]\w*|scad\w*|reduc\w*|"
    r"paaugstin\w*|samazin\w*|padid\w*|sumaž\w*|didin\w*|poveč\w*|povis\w*|povišuj\w*|smanj\w*|zniž\w*|увелич\w*|намал\w*|повиш\w*|повыш\w*|"
    r"сниж\w*|підвищ\w*|tõus\w*|emelk\w*|csökken\w*|αυξ\w*|μει\w*",
    origin=_ENGLISH.origin + r"|z|ze|zo|sa|s|från|fra|de la|no|nuo|iz|от|с|з|από",
    target=_ENGLISH.target + r"|na|do|til|till|la|uz|iki|līdz|на|до|σε",
)
"""Of the languages without rules: English, and the verbs of change and the prepositions of Europe."""
_FILL: Final = r"[^.;:\d\n%\"]"
"""What may stand between a word and its number."""


@dataclass(frozen=True, slots=True)
class PairRules:
    """The words of one language, compiled: each is tried at one place, never searched through a text."""

    change: re.Pattern[str]
    origin: re.Pattern[str]
    target: re.Pattern[str]
    instead: re.Pattern[str]
    formerly: re.Pattern[str]
    replaced: re.Pattern[str]
    setting: re.Pattern[str]
    after_target: re.Pattern[str]
    back: re.Pattern[str]


@lru_cache(maxsize=16)
def pair_rules(language: str) -> PairRules:
    """The rules of a language; English for one that has none, for its signs `->` and its brackets."""
    words = _WORDS.get(language, _OTHERS)
    edge, fill = ("", r"[^。；，,\d]{0,6}") if language == "zh" else (r"(?<![^\W_])", rf"(?: {_FILL}{{0,36}})?")
    close = "" if language == "zh" else r"(?![^\W_])"
    small = r"[^。；,\d]{0,8}" if language == "zh" else rf"(?: {_FILL}{{1,40}})?"
    return PairRules(
        re.compile(rf"{edge}(?:{words.change}){close}|->|→|⇒|=>"),
        re.compile(rf"{edge}(?:{words.origin}){close}{fill} ?[\"(]?\Z"),
        re.compile(rf"(?:[ ,\"]*|[ ,\"]*{small},? ){edge}(?:{words.target}){close}{small} ?[\"(]?\Z|\W{{0,3}}(?:->|"
                   rf"→|⇒|=>)\W{{0,3}}\Z"),
        re.compile(rf"[ ,\"(]*{edge}(?:{words.instead}){close}{small} ?[\"(]?\Z"),
        re.compile(rf" ?[,(] ?(?:[^\W\d]+ ){{0,2}}{edge}(?:{words.formerly}){close}:?{small} ?\Z"),
        re.compile(rf"[ ,\"]*{edge}(?:{words.replaced}){close}{small} ?[\"(]?\Z"),
        re.compile(rf"{edge}(?:{words.setting}){close}(?: (?:the |a |an |an amount of |max(?:imum)? |up to |de |"
                   rf"des |los |el |lo |mức |sebesar )+)? ?[\"(]?\Z"),
        re.compile(rf"{edge}(?:{words.target}){close}{fill} ?\Z"),
        re.compile(rf" ?{edge}(?:{words.origin}){close}{fill} ?\Z"),
    )  # fmt: skip
