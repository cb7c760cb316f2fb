"""A hundred remembered cramps, and the report of them."""

import pytest

from skill.reporting.report.compose import compose
from skill.reporting.report.document import Document
from skill.reporting.report.history import Told, histories
from skill.reporting.report.wording import Wording
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol
from tests.support.remembered import NOW, cramps


@pytest.fixture(scope="session", name="protocol")
def _protocol() -> Protocol:
    return load_protocol()


@pytest.fixture(scope="session", name="wording")
def _wording() -> Wording:
    return Wording()


@pytest.fixture(scope="session", name="told")
def _told(protocol: Protocol) -> tuple[Told, ...]:
    return histories(cramps(100), protocol)


@pytest.fixture(scope="session", name="document")
def _document(told: tuple[Told, ...], protocol: Protocol, wording: Wording) -> Document:
    return compose(told, protocol, wording, NOW)
