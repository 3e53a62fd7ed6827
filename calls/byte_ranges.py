"""One file, or one stretch of it, as players ask for when someone moves along the recording (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from typing import IO

from django.core.files import File
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 64 * 1024
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class RangeNotSatisfiable(ValueError):
    """The stretch asked for lies beyond the file."""


def parse_range(header: str, size: int) -> range | None:
    """The bytes asked for. None means the whole file: no header, several ranges, or one that is not understood."""
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first and last and int(first) > int(last):
        return None
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        raise RangeNotSatisfiable(header)
    return range(start, stop)


def serve_file(
    file: File, *, content_type: str, etag: str, range_header: str = "", if_range: str = ""
) -> HttpResponseBase:
    """200 with all of it, 206 with the stretch asked for, or 416 where there is none."""
    size = file.size
    try:
        wanted = parse_range(range_header if if_range in ("", etag) else "", size)
    except RangeNotSatisfiable:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    stretch = range(size) if wanted is None else wanted
    response = StreamingHttpResponse(_read(file, stretch), status=200 if wanted is None else 206)
    response["Content-Type"], response["Content-Length"] = content_type, str(len(stretch))
    response["Accept-Ranges"], response["ETag"] = "bytes", etag
    if wanted is not None:
        response["Content-Range"] = f"bytes {stretch.start}-{stretch.stop - 1}/{size}"
    return response


def _read(file: IO[bytes] | File, stretch: range) -> Iterator[bytes]:
    with file:
        file.seek(stretch.start)
        left = len(stretch)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
