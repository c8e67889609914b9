"""How the lists themselves spell countries where ISO 3166 spells them otherwise, and what they call the nationals of a
country.
"""

from __future__ import annotations

from typing import Final

SPELLINGS: Final = {
    "bahamas, the": "BS", "bolivia": "BO", "bosnia-herzegovina": "BA", "brunei": "BN", "burma": "MM", "cape verde": "CV",
    "china, hong kong special administrative region": "HK", "china, macao special administrative region": "MO",
    "congo": "CG", "congo (brazzaville)": "CG", "congo (democratic republic)": "CD", "congo (kinshasa)": "CD",
    "congo, democratic republic of": "CD", "congo, democratic republic of the": "CD", "congo, republic of the": "CG",
    "cote d ivoire": "CI", "cote d'ivoire": "CI", "cote d’ivoire": "CI", "czech republic": "CZ", "dem. rep. of the congo": "CD",
    "democratic people's republic of korea": "KP", "democratic people’s republic of korea": "KP",
    "democratic republic of congo": "CD", "democratic republic of the congo": "CD", "dpr korea": "KP", "dprk": "KP", "drc": "CD",
    "east timor": "TL", "falkland islands": "FK", "gambia": "GM", "gambia, the": "GM", "gaza": "PS", "great britain": "GB",
    "guinea bissau": "GW", "hong kong": "HK", "hong kong sar": "HK", "iran": "IR", "iran (islamic republic of)": "IR",
    "isle of man": "IM", "ivory coast": "CI", "korea, dem. people's rep.": "KP",
    "korea, democratic people's republic of": "KP", "korea, north": "KP", "korea, republic of": "KR", "korea, south": "KR",
    "kosovo": "XK", "xkx": "XK", "laos": "LA", "libyan arab jamahiriya": "LY", "macao": "MO", "macau": "MO",
    "macedonia": "MK", "macedonia, the former yugoslav republic of": "MK",
    "man, isle of": "IM", "micronesia": "FM", "moldova": "MD", "myanmar (burma)": "MM", "north korea": "KP",
    "north macedonia, the republic of": "MK", "occupied palestinian territories": "PS", "palestine": "PS",
    "palestinian": "PS", "palestinian territories": "PS", "palestinian territory, occupied": "PS",
    "region: crimea": "UA", "region: gaza": "PS", "region: northern mali": "ML", "region: west bank": "PS",
    "republic of korea": "KR", "republic of moldova": "MD", "republic of north macedonia": "MK", "russia": "RU",
    "russian federation": "RU", "saint vincent": "VC", "sao tome": "ST", "south korea": "KR", "st. kitts & nevis": "KN",
    "st. kitts and nevis": "KN", "st. lucia": "LC", "st. vincent and the grenadines": "VC", "state of palestine": "PS",
    "swaziland": "SZ", "syria": "SY", "taiwan": "TW", "tanzania": "TZ", "the gambia": "GM", "the netherlands": "NL",
    "turkey": "TR", "turkiye": "TR", "türkiye": "TR", "uae": "AE", "uk": "GB", "union of the comoros": "KM",
    "united states of america": "US", "usa": "US", "u.s.a": "US", "us": "US", "vatican city": "VA", "venezuela": "VE",
    "vietnam": "VN", "virgin islands, british": "VG", "virgin islands, u.s.": "VI", "british virgin islands": "VG",
    "west bank": "PS", "west bank and gaza": "PS", "occupied palestinian territory": "PS",
    "the occupied palestinian territories": "PS",
    "republic of the congo": "CG", "republic of congo": "CG", "reunion": "RE", "curacao": "CW",
    "bonaire, saint eustatius and saba": "BQ",
}  # fmt: skip
"""By folded case. "Netherlands Antilles", "former Soviet Union", "Yugoslavia" and the like are no countries any more and not
here.
"""

NATIONALS: Final = {
    "afgan": "AF", "afghan": "AF", "albanian": "AL", "algerian": "DZ", "american": "US", "angolan": "AO", "argentine": "AR",
    "armenian": "AM", "australian": "AU", "austrian": "AT", "azerbaijani": "AZ", "bahraini": "BH", "bangladeshi": "BD",
    "belarusian": "BY", "belgian": "BE", "bosnian": "BA", "brazilian": "BR", "british": "GB", "bulgarian": "BG",
    "burmese": "MM", "burundian": "BI", "cameroonian": "CM", "canadian": "CA", "central african": "CF", "chadian": "TD",
    "chinese": "CN", "colombian": "CO", "comorian": "KM", "croatian": "HR", "cuban": "CU", "cypriot": "CY", "czech": "CZ",
    "danish": "DK", "djiboutian": "DJ", "dutch": "NL", "egyptian": "EG", "emirati": "AE", "eritrean": "ER", "estonian": "EE",
    "ethiopian": "ET", "filipino": "PH", "finnish": "FI", "french": "FR", "gambian": "GM", "georgian": "GE", "german": "DE",
    "ghanaian": "GH", "greek": "GR", "guatemalan": "GT", "haitian": "HT", "hungarian": "HU", "indian": "IN",
    "indonesian": "ID", "iranian": "IR", "iraqi": "IQ", "irish": "IE", "israeli": "IL", "italian": "IT", "ivorian": "CI",
    "japanese": "JP", "jordanian": "JO", "kazakh": "KZ", "kazakhstani": "KZ", "kenyan": "KE", "kosovan": "XK",
    "kuwaiti": "KW", "kyrgyz": "KG", "latvian": "LV", "lebanese": "LB", "liberian": "LR", "libyan": "LY",
    "lithuanian": "LT", "malaysian": "MY", "maldivian": "MV", "malian": "ML", "maltese": "MT", "mauritanian": "MR",
    "mexican": "MX", "moldovan": "MD", "montenegrin": "ME", "moroccan": "MA", "mozambican": "MZ", "nepalese": "NP",
    "nicaraguan": "NI", "nigerian": "NG", "north korean": "KP", "norwegian": "NO", "omani": "OM", "pakistani": "PK",
    "panamanian": "PA", "polish": "PL", "portuguese": "PT", "qatari": "QA", "qatarian": "QA", "romanian": "RO",
    "russian": "RU", "rwandan": "RW", "saudi": "SA", "saudi arabian": "SA", "senegalese": "SN", "serbian": "RS",
    "sierra leonean": "SL", "singaporean": "SG", "slovak": "SK", "slovenian": "SI", "somali": "SO", "somalian": "SO",
    "south african": "ZA", "south korean": "KR", "south sudanese": "SS", "spanish": "ES", "sri lankan": "LK",
    "sudanese": "SD", "swedish": "SE", "swiss": "CH", "syrian": "SY", "tajik": "TJ", "tanzanian": "TZ", "thai": "TH",
    "trinidadian": "TT", "tunisian": "TN", "turkish": "TR", "turkmen": "TM", "ugandan": "UG", "ukrainian": "UA",
    "uzbek": "UZ", "venezuelan": "VE", "vietnamese": "VN", "yemeni": "YE", "zambian": "ZM", "zimbabwean": "ZW",
}  # fmt: skip
"""By folded case. "Congolese" and "Guinean" are not here: each is said of more than one country."""
