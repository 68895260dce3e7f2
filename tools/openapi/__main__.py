"""Writes functions/query/openapi.json."""

from functions.query.openapi_document import FILE
from tools.openapi import text

FILE.write_text(text(), encoding="utf-8")
print(f"{FILE.name}: written")
