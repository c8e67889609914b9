"""The words of the document of a decision that the law's own catalogues do not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.words import FALLBACK, choose


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language; English where one is missing."""

    words: Mapping[str, str]

    def __call__(self, name: str, **values: object) -> str:
        """A phrase with its values."""
        text = self.words.get(name) or _ENGLISH[name]
        return text.format(**values) if values else text


def phrases_of(locale: str) -> Phrases:
    """Those of a language that was asked for, or English."""
    return Phrases(_LANGUAGES[choose(locale, _LANGUAGES)])


_ENGLISH: Final = {
    "title": "Decision on a payment",
    "outcome.allow": "The payment could go ahead.",
    "outcome.challenge": "The payment could go ahead once the payer was authenticated.",
    "outcome.collect": "The payment waited for facts that were missing.",
    "outcome.review": "A person had to look at the payment.",
    "outcome.block": "The payment was blocked.",
    "notice": "Made by Lexgate from what was stated and from the law as it is kept here. It informs; it is not legal advice."
    " Not for the payer.",
    "page": "Not legal advice  -  page {number}",
    "id": "Decision",
    "reference": "Reference",
    "amount": "Amount",
    "means": "Payment",
    "countries": "Countries",
    "merchant": "Merchant",
    "legal_time": "Legal time",
    "evaluated_at": "Decided at",
    "role.payer": "payer",
    "role.payee": "payee",
    "role.issuer": "issuer",
    "role.acquirer": "acquirer",
    "verdicts": "Verdicts by domain (confidence)",
    "findings": "Rules that decided",
    "none": "No rule fired.",
    "confidence": "confidence",
    "missing": "Facts that were missing",
    "fact": "Fact",
    "asked_by": "Asked by",
    "would_settle": "Would settle",
    "obligations": "Obligations",
    "code": "Code",
    "who": "Who",
    "due": "Due",
    "what": "What",
    "proof": "Proof",
    "release": "Release of the law",
    "masked": "Masked",
    "request": "Request",
    "chain": "Place in the audit chain",
    "hash": "Hash of the row",
    "replay": "Asked again",
    "replay.same": "The same answer, byte for byte.",
    "replay.differs": "Another answer: the JSON names every difference.",
    "json": "The same as JSON",
    "packs": "Rulepacks applied",
    "jurisdiction": "Jurisdiction",
    "version": "Version",
    "as_of": "Law of",
    "events": "What became of the payment",
    "event": "Event",
    "at": "At",
    "recorded_at": "Recorded at",
    "ladder": "Every rule that was looked at",
    "ladder.lead": "Each condition with its value. Of rules that did not fire only the parts that are not met; the JSON has all.",
    "law_of": "law of",
    "line": "line",
    "fired": "fired",
    "undecided": "cannot be told",
    "not_fired": "did not fire",
}
_CHINESE: Final = {
    "title": "支付决定",
    "outcome.allow": "该笔支付可以进行。",
    "outcome.challenge": "付款人完成身份验证后，该笔支付可以进行。",
    "outcome.collect": "该笔支付须先补充缺失的信息。",
    "outcome.review": "该笔支付须由人工审查。",
    "outcome.block": "该笔支付已被拦截。",
    "notice": "本文件由 Lexgate 根据所提供的信息及其所载法律生成，仅供参考，不构成法律意见。不得向付款人披露。",
    "page": "不构成法律意见  -  第 {number} 页",
    "id": "决定",
    "reference": "业务编号",
    "amount": "金额",
    "means": "支付",
    "countries": "国家（地区）",
    "merchant": "商户",
    "legal_time": "适用法律时间",
    "evaluated_at": "决定时间",
    "role.payer": "付款人",
    "role.payee": "收款人",
    "role.issuer": "发卡方",
    "role.acquirer": "收单方",
    "verdicts": "各领域结论（可信度）",
    "findings": "起决定作用的规则",
    "none": "没有规则命中。",
    "confidence": "可信度",
    "missing": "缺失的信息",
    "fact": "信息项",
    "asked_by": "提出要求的规则",
    "would_settle": "可确定的领域",
    "obligations": "义务",
    "code": "代码",
    "who": "义务人",
    "due": "期限",
    "what": "内容",
    "proof": "证明",
    "release": "法律版本",
    "masked": "已遮蔽",
    "request": "请求",
    "chain": "审计链位置",
    "hash": "记录哈希",
    "replay": "重新评估",
    "replay.same": "结果逐字节一致。",
    "replay.differs": "结果不同：JSON 文件列明全部差异。",
    "json": "对应的 JSON 文件",
    "packs": "适用的规则包",
    "jurisdiction": "法域",
    "version": "版本",
    "as_of": "适用法律日期",
    "events": "支付的后续情况",
    "event": "事件",
    "at": "发生时间",
    "recorded_at": "记录时间",
    "ladder": "已检查的全部规则",
    "ladder.lead": "每项条件及其取值。未命中的规则仅列出不满足的部分；JSON 文件包含全部内容。",
    "law_of": "法律日期",
    "line": "明细行",
    "fired": "命中",
    "undecided": "无法确定",
    "not_fired": "未命中",
}
_LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {FALLBACK: _ENGLISH, "zh": _CHINESE}
