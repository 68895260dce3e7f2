"""What is kept of talks, actions and goals with a scorecard, beside what all facts of the client give."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from shared.opmm.timestamps import window
from shared.reading.scorecards import Cards
from shared.storage.client_agenda import AgendaReader, Planned
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.records import Scored
from shared.storage.scores import Scores
from tests.support.service import Service

_ZONE = ZoneInfo("Europe/Amsterdam")


def kept(service: Service, client: str) -> Planned:
    """As it lies with the scorecard."""
    return _scored(service, client).planned


def read_anew(service: Service, client: str) -> Planned:
    """As all facts give it for the day of the scorecard, its names taken from there."""
    held = _scored(service, client)
    cards = Cards(Facts(connect(), service.tables.facts, lambda _: None), service.model, _ZONE, service.clock)
    compared = held.as_of - timedelta(days=service.model.discussion.days)
    facts = cards.client_facts(held)
    inputs = facts.read(held.inputs.description, compared).inputs
    since = window(compared, service.model.nps_window_days)[0]
    return AgendaReader(facts, service.model, inputs, since, held.as_of).read()


def _scored(service: Service, client: str) -> Scored:
    _, record = Scores(connect(), service.tables.scores, service.model, _ZONE).read_client(client)
    assert isinstance(record, Scored)
    return record
