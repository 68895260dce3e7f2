"""What is kept of talks, actions, goals and months with a scorecard, beside what all facts of the client give."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from shared.opmm.months import Months, month_ends, responses_since
from shared.opmm.scorecard import known_points
from shared.reading.scorecards import Cards
from shared.storage.client_agenda import AgendaReader, Planned
from shared.storage.facts import Facts
from shared.storage.records import Record, Scored
from shared.storage.scores import Scores
from tests.support.clients import dynamodb_client
from tests.support.service import Service

_ZONE = ZoneInfo("Europe/Amsterdam")


def kept(service: Service, client: str) -> Planned:
    """As it lies with the scorecard."""
    return _scored(service, client).planned


def read_anew(service: Service, client: str) -> Planned:
    """As all facts give it for the day of the scorecard, its names taken from there."""
    held = _scored(service, client)
    compared = held.as_of - timedelta(days=service.model.discussion.days)
    since = responses_since(held.as_of, service.model)
    facts = _cards(service).client_facts(held)
    inputs = facts.read(held.inputs.description, compared, since).inputs
    return AgendaReader(facts, service.model, inputs, since, held.as_of).read()


def kept_months(service: Service, client: str) -> Months:
    """The points at the ends of the months before, as they lie with the scorecard."""
    return _scored(service, client).months


def months_anew(service: Service, client: str) -> Months:
    """The same, each as the scorecard of that day has them."""
    held, cards = _scored(service, client), _cards(service)
    return {end: known_points(cards.as_of(held, end).score) for end in month_ends(held.as_of)}


def _cards(service: Service) -> Cards:
    facts = Facts(dynamodb_client(), service.tables.facts, lambda _: None)
    return Cards(facts, service.model, _ZONE, service.clock)


def can_be_read(service: Service, client: str) -> bool:
    """Whether the scorecard is one of this release, and whole."""
    return isinstance(_record(service, client), Scored)


def _scored(service: Service, client: str) -> Scored:
    record = _record(service, client)
    assert isinstance(record, Scored)
    return record


def _record(service: Service, client: str) -> Record:
    return Scores(dynamodb_client(), service.tables.scores, service.model, _ZONE).read_client(client)[1]
