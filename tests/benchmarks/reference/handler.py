"""A service for responses written the usual way: Powertools' resolver with validation, idempotency, batches, boto3.

It does less than the functions here (one kind of event, a counter for each client, no names, no ledger), and what it
does it does as Powertools' documentation shows it. Its Tracer is left out: the SDK of X-Ray is no dependency here, and
would add twice `import boto3` to a start.
"""

import os
from datetime import datetime
from typing import Annotated, Any, Literal

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBRecordEventName
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.serialization.pydantic import PydanticSerializer
from pydantic import BaseModel, Field

logger = Logger(service="reference")
metrics = Metrics(namespace="Reference", service="reference")
app = APIGatewayHttpResolver(enable_validation=True)
processor = BatchProcessor(event_type=EventType.DynamoDBStreams)

tables = boto3.resource("dynamodb")
facts = tables.Table(os.environ["REFERENCE_FACTS"])
scores = tables.Table(os.environ["REFERENCE_SCORES"])
seen = DynamoDBPersistenceLayer(table_name=os.environ["REFERENCE_SEEN"])
config = IdempotencyConfig(event_key_jmespath="[source, id]", expires_after_seconds=86_400)


class Rating(BaseModel):
    """What somebody responded."""

    response_id: str = Field(min_length=1, max_length=255)
    score: int = Field(ge=0, le=10)
    responded_at: datetime
    respondent: str | None = Field(default=None, max_length=320)
    comment: str | None = Field(default=None, max_length=4000)


class Event(BaseModel):
    """A CloudEvent of one type."""

    specversion: Literal["1.0"]
    type: Literal["nps.responded"]
    source: str = Field(min_length=1, max_length=255)
    id: str = Field(min_length=1, max_length=255)
    subject: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    time: datetime
    data: Rating


class Stored(BaseModel):
    """What became of an event."""

    id: str
    client_id: str
    status: str = "accepted"


@idempotent_function(  # type: ignore[untyped-decorator] # Powertools gives it no types
    data_keyword_argument="event",
    persistence_store=seen,
    config=config,
    output_serializer=PydanticSerializer(model=Stored),
)
def store(event: Event) -> Stored:
    """Stores a response once."""
    rating = event.data.model_dump(mode="json", exclude_none=True)
    fact_id = f"response#{event.source}#{event.data.response_id}"
    facts.put_item(
        Item={"client_id": event.subject, "fact_id": fact_id, "recorded_at": event.time.isoformat(), **rating}
    )
    metrics.add_metric("EventsAccepted", MetricUnit.Count, 1)
    return Stored(id=event.id, client_id=event.subject)


@app.post("/v1/events")
def post_event(event: Annotated[Event, Body()]) -> Response[Stored]:
    """Takes one event."""
    return Response(status_code=202, content_type=content_types.APPLICATION_JSON, body=store(event=event))


@app.get("/v1/clients/<client_id>")
def get_client(client_id: Annotated[str, Path(max_length=63)]) -> dict[str, Any]:
    """Tells the counts of one client."""
    item = scores.get_item(Key={"client_id": client_id}, ConsistentRead=True).get("Item")
    metrics.add_metric("ClientsRead", MetricUnit.Count, 1)
    if item is None:
        raise NotFoundError(client_id)
    return {"client_id": client_id, "responses": int(str(item["responses"])), "sum": int(str(item["sum"]))}


def count(record: DynamoDBRecord) -> None:
    """Counts a response that is new."""
    new = record.dynamodb.new_image if record.dynamodb else None
    if record.event_name is not DynamoDBRecordEventName.INSERT or new is None:
        return
    metrics.add_metric("ResponsesCounted", MetricUnit.Count, 1)
    scores.update_item(
        Key={"client_id": new["client_id"]},
        UpdateExpression="ADD responses :one, #sum :score",
        ExpressionAttributeNames={"#sum": "sum"},
        ExpressionAttributeValues={":one": 1, ":score": new["score"]},
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Responds to API Gateway, and to the stream."""
    config.register_lambda_context(context)
    if "Records" in event:
        response: Any = process_partial_response(event, count, processor, context)
        return dict(response)
    return app.resolve(event, context)
