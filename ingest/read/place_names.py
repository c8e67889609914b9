"""Names of countries in the languages that are read, and what their people and laws are called, as ISO codes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale

from engine.places import COUNTRIES

_ADJECTIVES: Final = (
    "Belgian:BE French:FR German:DE Dutch:NL Italian:IT Spanish:ES Portuguese:PT Irish:IE Austrian:AT Swiss:CH "
    "Polish:PL Czech:CZ Slovak:SK Slovakian:SK Hungarian:HU Romanian:RO Bulgarian:BG Greek:GR "
    "Cypriot:CY Maltese:MT Croatian:HR Slovenian:SI Slovene:SI Estonian:EE Latvian:LV Lithuanian:LT Finnish:FI "
    "Swedish:SE Danish:DK Norwegian:NO Icelandic:IS Luxembourgish:LU British:GB UK:GB U.K.:GB Scottish:GB "
    "American:US U.S.:US US:US USA:US Canadian:CA Mexican:MX Brazilian:BR Argentine:AR Argentinian:AR Chilean:CL "
    "Colombian:CO Peruvian:PE Uruguayan:UY Ecuadorian:EC Venezuelan:VE Chinese:CN Japanese:JP Korean:KR "
    "Taiwanese:TW Indian:IN Indonesian:ID Malaysian:MY Singaporean:SG Thai:TH Vietnamese:VN Philippine:PH "
    "Filipino:PH Pakistani:PK Bangladeshi:BD Nepalese:NP Australian:AU Turkish:TR Israeli:IL Saudi:SA Emirati:AE "
    "UAE:AE Egyptian:EG Moroccan:MA Nigerian:NG Kenyan:KE Ghanaian:GH Ethiopian:ET Tanzanian:TZ Ugandan:UG "
    "Rwandan:RW Zambian:ZM Russian:RU Ukrainian:UA Belarusian:BY Kazakh:KZ Georgian:GE Armenian:AM Iranian:IR "
    "Iraqi:IQ Syrian:SY Lebanese:LB Jordanian:JO Kuwaiti:KW Qatari:QA Bahraini:BH Omani:OM Serbian:RS Albanian:AL "
    "Bosnian:BA Moldovan:MD Sri_Lankan:LK South_African:ZA South_Korean:KR North_Korean:KP New_Zealand:NZ "
    "Hong_Kong:HK United_Kingdom:GB Great_Britain:GB England:GB Scotland:GB United_States:US Czech_Republic:CZ "
    "Türkiye:TR Turkey:TR Viet_Nam:VN Korea:KR Republic_of_Korea:KR Ivory_Coast:CI Burma:MM Bolivian:BO "
    "Costa_Rican:CR Dominican_Republic:DO DPRK:KP Democratic_People's_Republic_of_Korea:KP Macau:MO Macao:MO "
    "Tunisian:TN Algerian:DZ Senegalese:SN Zimbabwean:ZW Northern_Ireland:XI "
    "European_Union:EU EU:EU EU's:EU European_Economic_Area:EEA EEA:EEA"
)
_OTHERS: Final = {
    "es": "española:ES español:ES españoles:ES mexicana:MX mexicano:MX argentina:AR argentino:AR chilena:CL "
    "chileno:CL colombiana:CO colombiano:CO peruana:PE peruano:PE alemana:DE francesa:FR belga:BE "
    "Unión_Europea:EU UE:EU EE.UU.:US Estados_Unidos:US Reino_Unido:GB República_Dominicana:DO",
    "fr": "français:FR française:FR françaises:FR belge:BE belges:BE luxembourgeois:LU luxembourgeoise:LU suisse:CH "
    "suisses:CH allemand:DE allemande:DE espagnol:ES italien:IT marocain:MA tunisien:TN sénégalais:SN "
    "canadien:CA Union_européenne:EU UE:EU États-Unis:US Royaume-Uni:GB britannique:GB américain:US Québec:CA-QC",
    "de": "deutsche:DE deutschen:DE deutscher:DE deutsches:DE österreichische:AT österreichischen:AT "
    "schweizerische:CH schweizerischen:CH Schweizer:CH französische:FR belgische:BE belgischen:BE niederländische:NL "
    "Bund:DE Europäische_Union:EU Europäischen_Union:EU EU:EU EWR:EEA USA:US Großbritannien:GB "
    "Vereinigte_Königreich:GB Vereinigten_Königreich:GB",
    "pt": "brasileira:BR brasileiro:BR portuguesa:PT português:PT angolano:AO angolana:AO moçambicano:MZ "
    "União_Europeia:EU UE:EU EUA:US Estados_Unidos:US Reino_Unido:GB",
    "zh": "中国:CN 我国:CN 全国:CN 美国:US 英国:GB 欧盟:EU 欧洲联盟:EU 香港:HK 澳门:MO 台湾:TW 中华人民共和国:CN "
    "新加坡:SG 日本:JP 韩国:KR 德国:DE 法国:FR 朝鲜:KP 伊朗:IR 缅甸:MM",
    "id": "Indonesia:ID RI:ID Republik_Indonesia:ID Uni_Eropa:EU Amerika_Serikat:US Inggris:GB Singapura:SG Malaysia:MY",
    "vi": "Việt_Nam:VN nước_ta:VN Liên_minh_châu_Âu:EU EU:EU Hoa_Kỳ:US Mỹ:US Singapore:SG Trung_Quốc:CN",
    "it": "italiana:IT italiano:IT Unione_europea:EU UE:EU Stati_Uniti:US Regno_Unito:GB",
    "nl": "Nederlandse:NL Belgische:BE Europese_Unie:EU EU:EU Verenigde_Staten:US",
    "pl": "polski:PL polska:PL polskie:PL Polsce:PL Unii_Europejskiej:EU UE:EU",
}
_STATES: Final = (
    "Alabama:AL Alaska:AK Arizona:AZ Arkansas:AR California:CA Colorado:CO Connecticut:CT Delaware:DE Florida:FL "
    "Hawaii:HI Idaho:ID Illinois:IL Indiana:IN Iowa:IA Kansas:KS Kentucky:KY Louisiana:LA Maine:ME "
    "Maryland:MD Massachusetts:MA Michigan:MI Minnesota:MN Mississippi:MS Missouri:MO Montana:MT Nebraska:NE "
    "Nevada:NV New_Hampshire:NH New_Jersey:NJ New_Mexico:NM New_York:NY North_Carolina:NC North_Dakota:ND "
    "Ohio:OH Oklahoma:OK Oregon:OR Pennsylvania:PA Rhode_Island:RI South_Carolina:SC South_Dakota:SD Tennessee:TN "
    "Texas:TX Utah:UT Vermont:VT Virginia:VA Washington_State:WA West_Virginia:WV Wisconsin:WI Wyoming:WY "
    "District_of_Columbia:DC"
)
_NEVER: Final = frozenset(("Jersey City", "Chad", "Guinea", "Niger", "Mali", "Man", "Togo", "Union"))
"""Words of other meanings; `Chad` is a name as well, but the country is not often written of."""
_READ_ALSO: Final = {"en": (), "und": ("es", "fr", "de", "pt")}


@lru_cache(maxsize=16)
def place_names(language: str) -> dict[str, str]:
    """Names and adjectives, as written -> ISO 3166-1, 3166-2 of the United States, `EU` or `EEA`."""
    found: dict[str, str] = {}
    for one in dict.fromkeys(("en", language, *_READ_ALSO.get(language, ()))):
        if one == "und":
            continue
        for code, name in Locale.parse(one).territories.items():
            if code in COUNTRIES and len(name) >= (2 if one == "zh" else 4) and name not in _NEVER:
                found[name] = code
                found.setdefault(name.replace("&", "and"), code)
        found |= _table(_OTHERS.get(one, ""))
    found |= _table(_ADJECTIVES) | {name: f"US-{code}" for name, code in _table(_STATES).items()}
    return found


def _table(text: str) -> dict[str, str]:
    pairs = (one.rsplit(":", 1) for one in text.split())
    return {name.replace("_", " "): code for name, code in pairs}
