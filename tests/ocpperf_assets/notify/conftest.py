"""Webhooks on loopback, and a warehouse whose hours close one after the other."""

from collections.abc import Iterator

import pytest

from tests.doubles.webhooks import Webhooks, serving_webhooks


@pytest.fixture
def webhooks() -> Iterator[Webhooks]:
    with serving_webhooks() as served:
        yield served
