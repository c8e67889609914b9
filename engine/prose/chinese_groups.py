"""Groups of places in Chinese, by `group:` and their codes."""

from __future__ import annotations

from typing import Final

GROUPS: Final[dict[str, str]] = {
    "group:EMBARGO-CA": "加拿大禁运地区",
    "group:EMBARGO-EU": "欧盟禁运地区",
    "group:EMBARGO-GB": "英国禁运地区",
    "group:EMBARGO-PARTIAL-EU": "欧盟贸易与金融制裁地区",
    "group:EMBARGO-PARTIAL-GB": "英国贸易与金融制裁地区",
    "group:EMBARGO-PARTIAL-UN": "联合国贸易与金融制裁地区",
    "group:EMBARGO-UN": "联合国全面制裁地区",
    "group:EMBARGO-US": "美国全面制裁地区",
    "group:FATF-BLACK": "FATF 呼吁采取行动的高风险司法管辖区",
    "group:FATF-GREY": "FATF 加强监测的司法管辖区",
    "group:HIGH-RISK-EU": "欧盟高风险第三国",
    "group:HIGH-RISK-GB": "英国高风险第三国",
    "group:ADEQUACY-EU": "获欧盟充分性认定的国家",
    "group:ADEQUACY-GB": "获英国充分性规定认定的国家",
    "group:CONCERN-US": "美国数据安全计划所列受关注国家",
    "group:EEA": "欧洲经济区",
    "group:EU": "欧洲联盟",
    "group:WORLD": "全球",
}
