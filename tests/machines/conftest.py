"""Services are opened by the dozen here: what answers a route is made once."""

from tests.api.conftest import _routes_are_made_once

__all__ = ["_routes_are_made_once"]
