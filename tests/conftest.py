"""Settings every test shares. Fixtures live beside the tests that use them."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.tracing import MARK, beside_the_tracer, choose

# A shared machine stalls now and then: time limits would fail tests that found nothing wrong.
_SLOW_MACHINE = (HealthCheck.too_slow,)
settings.register_profile("local", deadline=None, suppress_health_check=_SLOW_MACHINE)
settings.register_profile("ci", deadline=None, suppress_health_check=_SLOW_MACHINE, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# Tests leave few circles behind, but hold much that stays: looking through it every 700 objects takes a tenth of the time.
gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """What takes long goes first, in whatever order the others are: at the end nobody waits for one long test."""
    choose(sorted(items, key=lambda item: item.nodeid))
    yield
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Cases of bytes are told by their length: what a packer writes has the second of its making in it, and two workers that
    collect in different seconds would not agree on the names of the tests."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Schemathesis draws the examples of each route here. What a module imports is traced, whoever asks for it."""
    if "::" not in collector.nodeid:
        return (yield)
    with beside_the_tracer():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Fixtures are part of it: they take longer than the test, often."""
    if item.get_closest_marker(MARK) is None:
        return (yield)
    with beside_the_tracer():
        return (yield)
