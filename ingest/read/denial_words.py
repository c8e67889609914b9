"""Words that deny, put off or correct what is said, by language. In small letters and plain signs."""

from __future__ import annotations

from typing import Final

NEGATIONS: Final = {
    "en": r"not|never|no(?![.°]| ?\d)|n't|cannot|neither|without|nor|hardly|stops? short of",
    "es": r"no|nunca|ni|sin|tampoco|jamás", "fr": r"ne|n'|pas|jamais|aucun\w*|sans|ni", "de": r"nicht|kein\w*|nie|niemals|ohne|weder",
    "pt": r"não|nunca|nem|sem|jamais", "zh": r"不(?![得同良超动])|未(?!来)|没有|并非|绝非", "id": r"tidak|bukan|belum|tanpa|jangan", "vi": r"không|chưa|chẳng|không hề",
    "it": r"non|mai|senza|né", "nl": r"niet|geen|nooit|zonder", "pl": r"nie|nigdy|bez",
}  # fmt: skip
NOT_YET: Final = {
    "en": r"not yet|yet to|not been", "es": r"aún no|todavía no", "fr": r"pas encore", "de": r"noch nicht", "pt": r"ainda não", "zh": r"尚未|还未|尚无", "id": r"belum",
    "vi": r"chưa", "it": r"non ancora", "nl": r"nog niet", "pl": r"jeszcze nie",
}  # fmt: skip
CORRECTS: Final = {
    "en": r"corrigend(?:um|a)|errat(?:um|a)|correction(?= (?:to|of|notice)|:)|corrected version|(?:replaces?|supersedes?|corrects?|withdraws?|cancels?|amends) (?:our|its|the|a) (?:(?:earlier|previous|prior|press|initial|original) ){0,2}(?:notice|announcement|release|publication|press release|communication|statement|news item|version)(?: (?:of|dated|published|issued))?"
    r"|(?:earlier|previous) (?:version|notice|announcement) (?:of this|contained|stated|was|is)|this (?:notice|version|announcement|release) (?:replaces|supersedes|corrects)|typographical error|clerical error|withdrawal of (?:the |our )?(?:notice|announcement)",
    "es": r"corrección de err(?:ores|atas)|fe de erratas|rectificación|rectifica|corrige (?:el|la|nuestro|nuestra)|sustituye (?:a )?(?:nuestr|el |la )[a-z ]{0,12}?(?:comunicado|anuncio|nota|aviso|publicación)|error (?:material|tipográfico|de redacción)|deja sin efecto (?:el|la) (?:comunicado|anuncio|nota)",
    "fr": r"rectificatif|erratum|errata|rectifie|corrige (?:le|la|notre)|remplace (?:notre|le|la) (?:communiqué|avis|annonce|publication)|annule et remplace|erreur (?:matérielle|typographique|de plume)",
    "de": r"berichtigung|korrigendum|korrektur|richtigstellung|berichtigt|ersetzt (?:unsere|die|das) (?:mitteilung|bekanntmachung|meldung|schreiben|fassung)|(?:schreib|druck|redaktions)fehler",
    "pt": r"retificaç(?:ão|ões)|errata|retifica\b|corrige (?:o|a|nosso)|substitui (?:o|a|nosso|nossa) (?:comunicado|aviso|nota|anúncio|publicação)|declaração de retificação|erro (?:material|de digitação)|republicad[oa] por",
    "zh": r"更正|勘误|更正公告|更正启事|纠正|重新发布|替代(?:此前|之前|原)|撤回.{0,10}(?:公告|通知)|笔误",
    "id": r"ralat|koreksi|perbaikan (?:atas|siaran)|menggantikan (?:siaran pers|pengumuman|pemberitahuan)|meralat|mencabut (?:pengumuman|siaran pers)|kesalahan (?:ketik|penulisan)",
    "vi": r"đính chính|thay thế thông báo|thu hồi thông báo|sửa lỗi|lỗi (?:đánh máy|kỹ thuật)|cải chính", "it": r"rettifica|errata corrige|avviso di rettifica|sostituisce (?:il|la) (?:comunicato|avviso)",
    "nl": r"rectificatie|erratum|correctie|vervangt (?:ons|het|de) (?:bericht|publicatie)", "pl": r"sprostowanie|errata|obwieszczenie o sprostowaniu|zastępuje (?:komunikat|ogłoszenie)",
}  # fmt: skip
