"""Subdivisions that ISO 3166-2 has withdrawn, and what took their place: callers keep such codes for years.

From the newsletters and the change log of the ISO online browsing platform, for countries that renumbered or merged their parts
since 2008. Only codes that are not assigned today matter; `engine.places` looks here after it has found none.
"""

from __future__ import annotations

from typing import Final

_TABLE: Final = {
    "CN": (  # 2017: digits became letters
        "BJ<11 TJ<12 HE<13 SX<14 NM<15 LN<21 JL<22 HL<23 SH<31 JS<32 ZJ<33 AH<34 FJ<35 JX<36 SD<37 HA<41 HB<42 HN<43 GD<44"
        " GX<45 HI<46 CQ<50 SC<51 GZ<52 YN<53 XZ<54 SN<61 GS<62 QH<63 NX<64 XJ<65 TW<71 HK<91 MO<92"
    ),
    "CZ": "20<ST 31<JC 32<PL 41<KA 42<US 51<LI 52<KR 53<PA 63<VY 64<JM 71<OL 72<ZL 80<MO 10<PR",
    "FR": (  # the regions of 2016, and the departments and territories oversea
        "GES<A,G,M NAQ<B,L,T ARA<C,V BFC<D,I BRE<E CVL<F IDF<J OCC<K,N HDF<O,S NOR<P,Q PDL<R PAC<U 20R<H,COR 971<GP 972<MQ"
        " 973<GF 974<RE 976<YT 75C<75"
    ),
    "GR": (  # 2015: prefectures gave way to regions
        "A<52,55,71,72,73 B<53,54,57,59,61,62,64 C<51,56,58,63 D<31,32,33,34 E<41,42,43,44 F<21,22,23,24 G<01,13,14"
        " H<03,04,05,06,07 I<A1 J<11,12,15,16,17 K<83,84,85 L<81,82 M<91,92,93,94"
    ),
    "IN": "CG<CT OD<OR UK<UL,UT TS<TG DH<DD,DN",
    "IT": "SU<CI,VS NU<OG SS<OT",
    "MX": "CMX<DIF",
    "NO": "31<01 32<02 34<04,05 33<06 39<07 40<08 42<09,10 46<12,14 50<16,17,23 55<19 56<20",
    "PL": "02<DS 04<KP 06<LU 08<LB 10<LD 12<MA 14<MZ 16<OP 18<PK 20<PD 22<PM 24<SL 26<SK 28<WN 30<WP 32<ZP",
    "ZA": "GP<GT KZN<NL",
}  # fmt: skip

REPLACED: Final = {
    f"{country}-{old}": f"{country}-{new}"
    for country, pairs in _TABLE.items()
    for new, _, olds in (pair.partition("<") for pair in pairs.split())
    for old in olds.split(",")
}
"""Withdrawn code -> the code of the part in which it lies today: `GR-85` (Chios) -> `GR-K`."""
