"""How often a fuzzing test is tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

few_and_many = pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)])


def fuzz(test: Callable[[], None], examples: int) -> None:
    """Run a ``given`` test with so many examples."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    settings(max_examples=examples, deadline=None, suppress_health_check=health)(test)()
