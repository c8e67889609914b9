"""Settings every test shares. Fixtures live beside the tests that use them."""

import os

from hypothesis import HealthCheck, settings

# A shared machine stalls now and then: time limits would fail tests that found nothing wrong.
_SLOW_MACHINE = (HealthCheck.too_slow,)
settings.register_profile("local", deadline=None, suppress_health_check=_SLOW_MACHINE)
settings.register_profile("ci", deadline=None, suppress_health_check=_SLOW_MACHINE, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
