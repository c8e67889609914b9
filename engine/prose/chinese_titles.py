"""Titles of shipped rules in Chinese, where the release's own catalogue has none: whole ones, and what many of them are made of.

A title that nothing here fits stays as the pack has it.
"""

from __future__ import annotations

import re
from typing import Final

from engine.prose.proper_names import NAMES, humanised

_WHOLE: Final[dict[str, str]] = {
    "A PromptPay proxy is of one of four kinds": "PromptPay 代理标识须为四类之一",
    "A beneficial owner in a high-risk third country": "受益所有人位于高风险第三国",
    "A boleto names the payer's tax number": "Boleto 须载明付款人税号",
    "A business is verified within 30 days": "企业须在 30 天内核实",
    "A business relationship begins": "建立业务关系",
    "A customer of higher risk": "较高风险客户",
    "A customer of lower risk, documented": "有据可查的较低风险客户",
    "A dealer identifies whoever pays much in cash": "经营者识别大额现金付款人",
    "A debit has a mandate with a reference of its own": "扣款须有带编号的授权委托",
    "A debit is given back within eight weeks without a reason": "扣款可在八周内无理由退回",
    "A debit without a mandate is given back within thirteen months": "无授权扣款可在十三个月内退回",
    "A party in Ukraine whose region is not known": "一方位于乌克兰而地区不明",
    "A party in a high-risk third country": "一方位于高风险第三国",
    "A party in a jurisdiction under the FATF's call for action": "一方位于 FATF 呼吁采取行动的司法管辖区",
    "A party in a jurisdiction under the FATF's increased monitoring": "一方位于 FATF 加强监测的司法管辖区",
    "A party in a region of Ukraine that is not wholly under its government": "一方位于乌克兰未完全由政府控制的地区",
    "A politically exposed person": "政治公众人物",
    "A small instrument becomes a full one within 24 months": "小额工具须在 24 个月内转为完全工具",
    "A suspicion is looked at before anything is done": "可疑情形须先行审查",
    "A suspicion is reported": "报告可疑情形",
    "A suspicion is reported from this amount on": "达到此金额的可疑情形须报告",
    "A suspicion is reported, by the FATF's standard": "按 FATF 标准报告可疑情形",
    "A transfer is explained in at least 20 characters": "转账说明不少于 20 个字符",
    "Accounts go with a transfer inside the Union, the rest on request": "欧盟内转账附随账号，其余应请求提供",
    "An IBAN has its country's length and the right check digits": "IBAN 须符合该国长度并通过校验",
    "An account is validated before its first debit over the web": "首次网上扣款前须验证账户",
    "An address of UPI is written name@handle": "UPI 地址格式为 name@handle",
    "An anonymous prepaid card issued in a third country": "第三国发行的匿名预付卡",
    "An occasional customer is identified from an amount on": "达到一定金额须识别偶发客户",
    "An unusual transaction": "异常交易",
    "Cash above the limit in indexed units": "超过以指数单位计的现金限额",
    "Cash is explained by whoever brings or takes it": "存取现金者须说明来由",
    "Cuba in dollars: the Union forbids to refuse for the embargo of the United States alone": (
        "涉古巴美元付款：欧盟禁止仅因美国禁运而拒付"
    ),
    "Customers are looked at again every five years": "每五年复核客户",
    "Customers of crypto-asset services are identified and verified below the threshold as well": (
        "加密资产服务的客户即使低于阈值也须识别核实"
    ),
    "Customers under closer watch are looked at again every year": "重点关注的客户每年复核",
    "Data that go with a transfer abroad, by the FATF's standard": "按 FATF 标准，跨境转账须附随信息",
    "Data that go with a transfer of crypto-assets": "加密资产转移须附随信息",
    "Data that go with a transfer of crypto-assets from an amount on": "达到一定金额的加密资产转移须附随信息",
    "Data that go with a transfer of funds": "资金转账须附随信息",
    "Data that go with a transfer of funds from an amount on": "达到一定金额的资金转账须附随信息",
    "Data that go with crypto-assets, by the FATF's standard": "按 FATF 标准，加密资产转移须附随信息",
    "Due diligence above the threshold": "超过阈值须开展尽职调查",
    "Due diligence from the FATF's threshold": "达到 FATF 阈值须开展尽职调查",
    "Due diligence from the threshold": "达到阈值须开展尽职调查",
    "Due diligence from the threshold of the directive": "达到指令阈值须开展尽职调查",
    "Due diligence on suspicion, whatever the amount": "凡有可疑，不论金额均须开展尽职调查",
    "Electronic money above the limit": "电子货币超过限额",
    "Entries from or to other countries are not same-day": "跨境条目不适用当日到账",
    "Every account has a BVN or NIN": "每个账户须有 BVN 或 NIN",
    "Full data go with a transfer across the Union's border above the threshold": "超过阈值的欧盟跨境转账须附随完整信息",
    "Full data go with every transfer of crypto-assets": "每笔加密资产转移须附随完整信息",
    "Level 1 is for adults": "一级账户仅限成年人",
    "Mobile money is addressed by a Kenyan number": "移动货币须使用肯尼亚号码",
    "More is known of customers of higher risk": "较高风险客户须加强了解",
    "More is known of domestic holders of public office too": "国内公职人员亦须加强了解",
    "More is known of foreign holders of public office and their families": "外国公职人员及其家属须加强了解",
    "Names and accounts go with every transfer abroad, by the FATF's standard": "按 FATF 标准，每笔跨境转账附随姓名与账号",
    "Names and accounts go with every transfer that leaves or enters the Union": "每笔进出欧盟的转账附随姓名与账号",
    "Nobody is asked for money by another person": "不得由个人向他人收款",
    "Not carried out until the report is filed and the unit has had its time": "报告提交且情报机构期限届满前不得执行",
    "Real estate paid in cash": "以现金支付不动产",
    "Records are kept": "保存记录",
    "Records are kept, by the FATF's standard": "按 FATF 标准保存记录",
    "Small amounts of e-money": "小额电子货币",
    "SOFORT has been folded into Klarna": "SOFORT 已并入 Klarna",
    "Swish knows its payers by a Swedish number": "Swish 以瑞典号码识别付款人",
    "The Ghana Card is the document": "证件须为加纳卡",
    "The IBAN is the account's only identifier": "IBAN 是账户的唯一标识",
    "The account is within the SEPA schemes": "账户属于 SEPA 计划",
    "The customer of a relationship is identified and verified": "业务关系中的客户须识别并核实",
    "The key is one of the five kinds": "密钥须为五类之一",
    "The number is a CPF or a CNPJ": "号码须为 CPF 或 CNPJ",
    "The operation is entered in the register of operations": "业务须登记入册",
    "The payee's name is compared with the IBAN before a transfer in euros": "欧元转账前核对收款人姓名与 IBAN",
    "The payee's name is confirmed before a transfer": "转账前确认收款人姓名",
    "The payer is told of a debit in advance": "扣款前须告知付款人",
    "The schemes carry euros": "该计划仅处理欧元",
    "The tier is one that the law knows": "等级须为法律所定",
    "Those behind a business are identified": "须识别企业背后的人",
    "Wero is taken by shops of four countries": "Wero 仅限四国商店受理",
    "What was paid at a till does not come back the same way": "柜台付款不可原路退回",
    "Whether a politically exposed person takes part is determined": "须查明是否涉及政治公众人物",
    "Who brings or takes the cash is recorded": "须记录存取现金之人",
    "Whoever is doubted is identified, whatever the amount": "凡有疑问，不论金额均须识别",
    "Whoever left public office stays what he was for some years": "离任公职者若干年内仍按原身份对待",
    "Whose a self-hosted address is must be verified above the threshold": "超过阈值须核实自托管地址的归属",
    "a stored card number is unreadable": "存储的卡号须不可读",
    "a hash of a whole card number is keyed": "完整卡号的散列须带密钥",
    "an issuer keeps encrypted authentication data for issuing": "发卡机构为发卡保存加密的认证数据",
    "authentication data kept before authorisation are encrypted": "授权前保存的认证数据须加密",
    "authentication data may not be kept after authorisation, even encrypted": "授权后不得保存认证数据，加密亦不可",
    "nobody in the card chain but issuer and network keeps card numbers": "卡链条中仅发卡机构与卡组织可保存卡号",
    "customer files are deleted after 10 years": "客户档案十年后删除",
    "customer files are deleted after 5 years": "客户档案五年后删除",
    "what no law asks to be kept is erased on request": "法律未要求保存者应请求删除",
    "disclosure to a foreign court or authority needs a treaty": "向外国法院或当局披露须有条约依据",
    "books in another state of the Union: place notified, instant access and print-out": (
        "账簿存于欧盟他国：须申报地点、可即时访问并打印"
    ),
    "books outside the Union need a permit": "账簿存于欧盟之外须经许可",
    "books and records are kept in Germany": "账簿与记录保存于德国",
    "invoices are kept in France": "发票保存于法国",
    "payment system data are stored in India only": "支付系统数据仅存于印度",
    "a daily back-up of electronic books is kept in India": "电子账簿每日备份存于印度",
    "citizens' data are recorded in Russia first": "公民数据须先在俄罗斯记录",
    "citizens' data are not collected into databases abroad": "公民数据不得收集至境外数据库",
    "credit information collected in China stays there": "在中国采集的征信信息留存境内",
    "critical infrastructure operators: inside, or assessed": "关键信息基础设施运营者：留存境内或经评估",
    "important data: security assessment whatever the number": "重要数据：不论数量均须安全评估",
    "100,000 persons exported: security assessment": "出境涉及十万人：安全评估",
    "a million persons since 1 January: security assessment": "自 1 月 1 日起涉及百万人：安全评估",
    "sensitive data of 10,000 persons since 1 January: security assessment": "自 1 月 1 日起涉及万人敏感数据：安全评估",
    "fewer than 100,000 persons since 1 January, nothing sensitive": "自 1 月 1 日起不足十万人且无敏感数据",
    "export by a payment institution: separate consent": "支付机构向境外提供：单独同意",
    "the security assessment was passed": "已通过安全评估",
    "personal information collected abroad, with none of China's own brought in": "境外采集且未引入境内个人信息",
    "needed for a contract with the person: cross-border purchase, payment, booking": (
        "为订立、履行合同所必需：跨境购物、支付、预订"
    ),
    "GST/HST records are kept in Canada": "GST/HST 记录保存于加拿大",
    "Payconiq has ended": "Payconiq 已停用",
    "Paylib has ended": "Paylib 已停用",
    "giropay has ended": "giropay 已停用",
    "Pix Automático begins on 16 June 2025": "Pix Automático 自 2025 年 6 月 16 日起",
    "a guest's card number until four days after the transaction": "访客卡号可存至交易后四日",
    "accounting archives are not sent abroad": "会计档案不得出境",
    "accounting material is kept in Norway": "会计资料保存于挪威",
    "after collection: the first record stays in Russia": "采集之后：首份记录留存俄罗斯",
    "bank and credit data under their own law are outside the federal law": "适用专门法律的银行与信贷数据不受联邦法律约束",
    "bank and stock-exchange transfers, as to the transaction itself": "银行与证券交易转账，就交易本身而言",
    "bank verification numbers do not leave without approval": "银行核验号未经批准不得出境",
    "banks' data and recovery centres are in Indonesia": "银行的数据与灾备中心设于印度尼西亚",
    "banks: the primary data centre is in Tanzania": "银行：主数据中心设于坦桑尼亚",
    "biometric and genetic data stay in Uzbekistan": "生物识别与基因数据留存乌兹别克斯坦",
    "biometric data need the ministry's permit": "生物识别数据须经主管部许可",
    "bulk biometric of U.S. persons to a country of concern or a covered person": (
        "美国人大量生物识别数据传往受关注国家或受限主体"
    ),
    "bulk financial data of U.S. persons to a country of concern or a covered person": (
        "美国人大量金融数据传往受关注国家或受限主体"
    ),
    "bulk identifiers of U.S. persons to a country of concern or a covered person": "美国人大量身份标识传往受关注国家或受限主体",
    "cloud of licensed entities: personal and financial information stays in the State": "持牌机构的云：个人与金融信息留存境内",
    "data asked for by a foreign court or authority need approval": "外国法院或当局索取的数据须经批准",
    "data centres of larger non-bank financial institutions are in Indonesia": "较大非银行金融机构的数据中心设于印度尼西亚",
    "data of payment token providers leave with the central bank's approval": "支付代币服务商的数据经中央银行批准方可出境",
    "data of retail payment providers leave with the central bank's approval": "零售支付服务商的数据经中央银行批准方可出境",
    "data of users of telecom operators stay in Uzbekistan": "电信用户数据留存乌兹别克斯坦",
    "documents and records of payment and e-money institutions: ten years in Turkey": (
        "支付与电子货币机构的文件与记录：在土耳其保存十年"
    ),
    "domestic card transactions are switched in Indonesia": "境内卡交易在印度尼西亚转接",
    "domestic card transactions have a domestic acquirer": "境内卡交易须由境内机构收单",
    "domestic card-present transactions go through a licensed switch": "境内有卡交易须经持牌转接机构",
    "domestic debit cards use local card networks": "境内借记卡使用本地卡组织",
    "domestic enterprises keep users' data in Vietnam": "境内企业将用户数据保存于越南",
    "domestic online card payments go through mada": "境内在线卡付款经由 mada",
    "domestic operations with cards of international schemes are processed in Russia": "国际卡组织卡的境内业务在俄罗斯处理",
    "domestic transactions are switched in Nigeria, terminals through a licensed aggregator": (
        "境内交易在尼日利亚转接，终端经持牌聚合商"
    ),
    "domestic transactions with local cards are processed in Ghana": "本地卡的境内交易在加纳处理",
    "electronic books in another state of the Union: full access for the tax office": "电子账簿存于欧盟他国：税务机关可完整访问",
    "electronic books outside the Union need the tax office's approval": "电子账簿存于欧盟之外须经税务机关批准",
    "electronic invoices in the Union with online access and a declared place": "电子发票存于欧盟并可在线访问、已申报地点",
    "financial institutions: hosting outside the Kingdom needs approval": "金融机构：境外托管须经批准",
    "foreign enterprises keep a copy once the ministry has asked": "主管部要求后外国企业须留存副本",
    "foreign enterprises serving users in Vietnam keep a copy there": "服务越南用户的外国企业须在越南留存副本",
    "government data stay in Nigeria": "政府数据留存尼日利亚",
    "health, communication and biometric data of public bodies stay in Turkey": "公共机构的健康、通信与生物识别数据留存土耳其",
    "iDEAL is shown as iDEAL | Wero": "iDEAL 显示为 iDEAL | Wero",
    "iDEAL pays from a Dutch account": "iDEAL 自荷兰账户付款",
    "of a cross-border payment a copy of the domestic leg may also be kept abroad": "跨境付款的境内一端副本亦可存于境外",
    "payment data to a foreign authority need the central bank's approval": "向外国当局提供支付数据须经中央银行批准",
    "payment institutions and banks tell the central bank of processing abroad": "支付机构与银行须将境外处理告知中央银行",
    "payment system providers: the primary data centre is in Tanzania": "支付系统服务商：主数据中心设于坦桑尼亚",
    "payment transaction data are stored and managed in Nigeria": "支付交易数据在尼日利亚存储与管理",
    "payments between institutions are cleared by a licensed clearing institution": "机构间付款由持牌清算机构清算",
    "performance of the contract with the person, authentication and billing included": "履行与个人的合同，包括认证与计费",
    "personal data are kept in Kazakhstan; further copies abroad are free": "个人数据保存于哈萨克斯坦；另存境外副本不受限",
    "personal data are kept on servers in Zambia": "个人数据保存于赞比亚的服务器",
    "personal data are stored in Rwanda": "个人数据存储于卢旺达",
    "personal data of citizens are processed in Uzbekistan": "公民个人数据在乌兹别克斯坦处理",
    "persons are told that their data may leave Quebec": "须告知个人其数据可能离开魁北克",
    "primary and secondary systems of banks are in Turkey": "银行的主备系统设于土耳其",
    "processing abroad: deleted there and back within 24 hours or a business day": "境外处理：24 小时或一个工作日内删除并传回",
    "processing for strategic purposes: in Kenya, or a copy there": "战略目的之处理：在肯尼亚进行或留存副本",
    "public-scope systems are in Indonesia": "公共范围系统设于印度尼西亚",
    "records abroad: returns at most six months apart are kept in the State": "境外记录：境内留存相隔不超过六个月的申报",
    "restricted data and those of critical infrastructure are kept in Bangladesh": "受限数据与关键基础设施数据保存于孟加拉国",
    "storage outside Rwanda under a certificate of the authority": "凭当局证书可在卢旺达境外存储",
    "systems of system operators and their backups are in Turkey": "系统运营者的系统与备份设于土耳其",
    "systems with unique identifiers or credit information of financial firms are in Korea": (
        "金融公司含唯一标识或信用信息的系统设于韩国"
    ),
    "tax documents abroad with continuous remote access and notice of the place": "税务文件存于境外：可持续远程访问并通报地点",
    "tax documents are kept in Czechia": "税务文件保存于捷克",
    "telecom subscriber data stay in Pakistan": "电信用户数据留存巴基斯坦",
    "the cloud of digital banks is in Bangladesh": "数字银行的云设于孟加拉国",
    "the web site of an online seller is hosted in Algeria": "网络卖家的网站托管于阿尔及利亚",
    "user data of digital payment providers stay in the country": "数字支付服务商的用户数据留存境内",
    "what is processed abroad is deleted there and brought back": "境外处理的数据须删除并传回",
    "systems, backups and domestic transactions of payment institutions stay in China": "支付机构的系统、备份与境内交易留存中国",
}
_PARTS: Final[tuple[tuple[str, str], ...]] = (
    ("cash in and out together", "现金收付合计"),
    ("cash received", "收取现金"),
    ("cash paid out", "付出现金"),
    ("crypto-assets received", "收取加密资产"),
    ("a transfer to or from abroad", "跨境转账"),
    ("a transfer", "转账"),
    ("an operation", "业务"),
    ("cash", "现金"),
)
_BOUNDS: Final = {
    "above the reporting threshold": "超过报告阈值",
    "from the reporting threshold": "达到报告阈值",
    "of any amount": "不论金额",
}
_SPANS: Final = {
    "": "",
    ", on one day": "，一日之内",
    ", within 24 hours": "，24 小时之内",
    ", in a calendar month": "，一个自然月之内",
}
_OF: Final = {
    "Currencies accepted": "受理币种",
    "Limit of the wallet": "钱包限额",
    "Most": "最高限额",
    "Least": "最低限额",
    "Not with this tier": "此等级不可使用",
}
_CASH: Final = {
    "Cash above the limit": "现金超过限额",
    "Cash from the limit": "现金达到限额",
}
_AMONG: Final = {
    "": "",
    " between businesses": "（企业之间）",
    " between private persons": "（私人之间）",
    " from private payers abroad": "（来自境外的个人付款人）",
    " for vehicles, jewellery and art": "（车辆、珠宝与艺术品）",
}
_EMBARGO: Final = {
    "A party in a region of Ukraine under embargo": "一方位于受禁运的乌克兰地区",
    "A party in a territory under embargo": "一方位于受禁运地区",
    "A party in a territory under sanctions on trade and finance": "一方位于受贸易与金融制裁地区",
    "In dollars, with a party in a region of Ukraine under embargo": "美元付款，一方位于受禁运的乌克兰地区",
    "In dollars, with a party in a territory under embargo": "美元付款，一方位于受禁运地区",
}
_WHO: Final = {"CA": "加拿大", "EU": "欧盟", "GB": "英国", "UN": "联合国", "US": "美国"}
_PERMIT: Final = ": with the authority's permit"
_REPORT: Final = re.compile(r"([A-Z0-9]+): (.+?) (" + "|".join(_BOUNDS) + r")(.*)")
_LIST: Final = re.compile(r"(.+) \((CA|EU|GB|UN|US)\)")


def title(english: str) -> str | None:
    """A title in Chinese; None where there is none.

    >>> title("CTR: cash from the reporting threshold, on one day")
    'CTR：现金达到报告阈值，一日之内'
    """
    found = _WHOLE.get(english)
    if found is not None:
        return found
    if english.endswith(_PERMIT):
        base = title(english.removesuffix(_PERMIT))
        return None if base is None else f"{base}：凭当局许可"
    return _report(english) or _named(english) or _cash(english) or _embargo(english)


def _report(english: str) -> str | None:
    found = _REPORT.fullmatch(english)
    what = dict(_PARTS).get(found[2]) if found else None
    if found is None or what is None or found[4] not in _SPANS:
        return None
    return f"{found[1]}：{what}{_BOUNDS[found[3]]}{_SPANS[found[4]]}"


def _named(english: str) -> str | None:
    kind, _, name = english.partition(": ")
    if kind not in _OF or not name:
        return None
    return f"{_OF[kind]}：{NAMES.get(name.replace(' ', '_')) or humanised(name)}"


def _cash(english: str) -> str | None:
    for head, said in _CASH.items():
        rest = english.removeprefix(head)
        if rest != english and rest in _AMONG:
            return said + _AMONG[rest]
    return None


def _embargo(english: str) -> str | None:
    found = _LIST.fullmatch(english)
    said = _EMBARGO.get(found[1]) if found else None
    return f"{said}（{_WHO[found[2]]}）" if found and said else None
