"""Where the OpenAPI description stands: `python -m tools.openapi` writes it, the query function serves it."""

from pathlib import Path

DESCRIPTION_FILE = Path(__file__).with_name("openapi.json")
