"""One engine for all tests that need TensorFlow: a new one takes seconds to come up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from facegui.services.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A process with TensorFlow; a test that kills it leaves the next one to start anew."""
    made = Engine("test")
    made.warm()
    yield made
    made.close()
