"""The scenarios as shipped."""

from engine.scenarios import Scenarios
from tests.shipped import law

PACKS = law()
SCENARIOS = tuple(
    scenario for pack in PACKS.packs.values() for domain in pack.domains.values() for scenario in domain.scenarios
)
READY = Scenarios.of(PACKS)
