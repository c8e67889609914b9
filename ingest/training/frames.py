"""What stands around publications and says nothing of what they are about: headings, addresses, what an authority does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Frame:
    """Sentences before and after."""

    before: tuple[str, ...]
    after: tuple[str, ...]


_EN_AFTER: Final = (
    "The authority supervises banks, insurers, payment institutions and investment firms.",
    "For further information, contact the press office by e-mail or telephone.",
    "Notes to editors: the authority protects financial stability, fights money laundering and safeguards payment systems.",
    "Read the full document on our website. Subscribe to our newsletter.",
    "This press release is available in other languages. Media contact: press@example.org.",
)
FRAMES: Final = {
    "en": Frame(
        ("Press release.", "News, 12 March 2026.", "For immediate release.", "Published today.", ""), _EN_AFTER
    ),
    "es": Frame(
        ("Nota de prensa.", "Comunicado de prensa, 3 de marzo de 2026.", ""),
        (
            "La autoridad supervisa bancos, aseguradoras y entidades de pago.",
            "Más información en la página web y en el teléfono de prensa.",
            "El organismo vela por la estabilidad financiera y la lucha contra el blanqueo.",
        ),
    ),
    "fr": Frame(
        ("Communiqué de presse.", "Publié le 3 mars 2026.", ""),
        (
            "L'autorité contrôle les banques, les assurances et les établissements de paiement.",
            "Contact presse : par téléphone ou courriel. Abonnez-vous à la lettre d'information.",
            "L'autorité veille à la stabilité financière et à la lutte contre le blanchiment.",
        ),
    ),
    "de": Frame(
        ("Pressemitteilung.", "Meldung vom 3. März 2026.", ""),
        (
            "Die Behörde beaufsichtigt Banken, Versicherungen und Zahlungsinstitute.",
            "Rückfragen an die Pressestelle per Telefon. Weitere Informationen auf der Website.",
            "Die Behörde sorgt für Finanzstabilität und bekämpft Geldwäsche.",
        ),
    ),
    "pt": Frame(
        ("Comunicado de imprensa.", "Nota publicada a 3 de março de 2026.", ""),
        (
            "A autoridade supervisiona bancos, seguradoras e instituições de pagamento.",
            "Mais informações no site ou pelo telefone da assessoria de imprensa.",
        ),
    ),
    "zh": Frame(
        ("", "本局讯。", "新闻稿。"), ("咨询电话请见网站。", "本局负责监管银行、保险及支付机构。", "特此公告。")
    ),
    "id": Frame(
        ("Siaran pers.", "Jakarta, 3 Maret 2026.", ""),
        (
            "Otoritas mengawasi bank, asuransi, dan penyelenggara jasa pembayaran.",
            "Informasi lebih lanjut melalui telepon atau situs.",
        ),
    ),
    "vi": Frame(
        ("Thông cáo báo chí.", "Ngày 3/3/2026.", ""),
        (
            "Cơ quan giám sát ngân hàng, bảo hiểm và tổ chức thanh toán.",
            "Thông tin chi tiết xem tại trang thông tin điện tử.",
        ),
    ),
}
"""By language; the others have the English one."""
