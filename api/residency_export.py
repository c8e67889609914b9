"""Allowed regions as the policies of cloud providers: what is not on the list cannot be created there.

A policy guards where resources are made. It does not stop remote access, support or a copy that a service makes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine.packs.regions import Region, Regions

GLOBAL_SERVICES: Final = (
    "account:*", "aws-portal:*", "billing:*", "budgets:*", "ce:*", "cloudfront:*", "globalaccelerator:*", "health:*", "iam:*",
    "organizations:*", "pricing:*", "route53:*", "route53domains:*", "shield:*", "sts:*", "support:*", "trustedadvisor:*",
    "waf:*",
)  # fmt: skip
"""Services of AWS whose calls all go to one region: a ban on regions would switch them off."""
ORGANIZATION: Final = "organizations/ORGANIZATION_ID"


class NothingToExport(ValueError):
    """No region of the provider is allowed. A policy that forbids everything is not written by accident."""


def aws_scp(regions: Sequence[str]) -> dict[str, Any]:
    """A service control policy: everything but global services is denied outside these regions."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DenyOutsideAllowedRegions",
                "Effect": "Deny",
                "NotAction": list(GLOBAL_SERVICES),
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}},
            }
        ],
    }


def azure_policy(regions: Sequence[str]) -> dict[str, Any]:
    """A policy definition as the built-in one of allowed locations, with the list as the parameter's default."""
    return {
        "properties": {
            "displayName": "Allowed locations (data residency)",
            "policyType": "Custom",
            "mode": "Indexed",
            "description": "Resources are created in allowed locations only.",
            "metadata": {"category": "General", "version": "1.0.0"},
            "parameters": {
                "listOfAllowedLocations": {
                    "type": "Array",
                    "metadata": {"displayName": "Allowed locations", "strongType": "location"},
                    "defaultValue": list(regions),
                }
            },
            "policyRule": {
                "if": {
                    "allOf": [
                        {"field": "location", "notIn": "[parameters('listOfAllowedLocations')]"},
                        {"field": "location", "notEquals": "global"},
                        {"field": "type", "notEquals": "Microsoft.AzureActiveDirectory/b2cDirectories"},
                    ]
                },
                "then": {"effect": "deny"},
            },
        }
    }


def google_org_policy(regions: Sequence[str]) -> dict[str, Any]:
    """An organisation policy on the locations of resources."""
    return {
        "name": f"{ORGANIZATION}/policies/gcp.resourceLocations",
        "spec": {"rules": [{"values": {"allowedValues": [f"in:{one}-locations" for one in regions]}}]},
    }


_Export = tuple[str, str, Callable[[Sequence[str]], dict[str, Any]]]
EXPORTS: Final[Mapping[str, _Export]] = {
    "aws-scp": ("aws", "aws", aws_scp),
    "azure-policy": ("azure", "AzureCloud", azure_policy),
    "google-org-policy": ("google", "google", google_org_policy),
}
"""Word -> provider, its main partition, and how the policy is written. Other partitions are other organisations."""


def exported(kind: str, allowed: Sequence[str], regions: Regions) -> dict[str, Any]:
    """The policy of one provider for these regions (`aws:eu-west-1`). Raises NothingToExport."""
    provider, partition, write = EXPORTS[kind]
    rows = [row for name in allowed if (row := regions.find(name)) is not None]
    chosen = sorted(row.region_id for row in rows if _fits(row, provider, partition))
    if not chosen:
        raise NothingToExport(f"no region of {provider} is allowed for everything that was asked")
    return write(chosen)


def _fits(row: Region, provider: str, partition: str) -> bool:
    return row.provider == provider and row.partition == partition
