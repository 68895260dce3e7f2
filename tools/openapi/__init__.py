"""Makes the OpenAPI 3.1 description of the HTTP API from the code: `python -m tools.openapi`.

The query function serves the file that this writes, and needs nothing to do so. A test holds that the file is what the
code says, and another that the service responds as it says.
"""

from tools.openapi.document import document, text

__all__ = ["document", "text"]
