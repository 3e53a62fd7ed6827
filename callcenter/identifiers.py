"""Identifiers for whatever stands in a URL: UUIDv7, so that primary keys sort by creation."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
