"""Writes shared/api/openapi.json."""

from shared.api.description import DESCRIPTION_FILE
from tools.openapi import text

DESCRIPTION_FILE.write_text(text(), encoding="utf-8")
print(f"{DESCRIPTION_FILE.name}: written")
