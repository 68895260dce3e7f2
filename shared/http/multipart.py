"""Forms with files in them (RFC 7578), as browsers send them."""

import re

from shared.http.problems import NotJsonError
from shared.http.requests import Request
from shared.opmm.dataclass import dataclass

MEDIA_TYPE = "multipart/form-data"

_MOST_PARTS = 20
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"\r\n]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)
_NAME = re.compile(rb"\bname=\"([^\"\r\n]{0,100})\"", re.IGNORECASE)
_FILENAME = re.compile(rb"\bfilename=\"([^\"\r\n]{0,255})\"", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody has chosen; without a name nobody has."""

    name: str
    content: bytes


def multipart(request: Request, most: int) -> tuple[dict[str, str], dict[str, Upload]]:
    """The fields of a form, and its files, by name.

    Raises NotJsonError for what cannot be read, and TooLargeError past `most` bytes.
    """
    boundary = _BOUNDARY.search(request.headers.get("content-type", ""))
    body = request.body(most)
    if request.media_type != MEDIA_TYPE or boundary is None:
        raise NotJsonError("The body is no form.")
    delimiter = b"\r\n--" + (boundary[1] or boundary[2]).encode()
    parts = (b"\r\n" + body).split(delimiter, _MOST_PARTS + 1)
    if len(parts) > _MOST_PARTS:
        raise NotJsonError(f"The form has more than {_MOST_PARTS} parts.")
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in parts[1:-1]:
        headers, end, content = part.partition(_END)
        name, filename = _NAME.search(headers), _FILENAME.search(headers)
        if not end or name is None:
            raise NotJsonError("A part of the form has no name.")
        if filename is None:
            fields[_text(name[1])] = _text(content)
        else:
            uploads[_text(name[1])] = Upload(_text(filename[1]).replace("\\", "/").rpartition("/")[2], content)
    return fields, uploads


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
