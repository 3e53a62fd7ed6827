"""Whose certificates the network trusts when it calls an application."""

import ssl
from pathlib import Path


def trust_also(ca_file: Path | None) -> ssl.SSLContext:
    """The machine's authorities and, for applications in a private network, one more; raises OSError."""
    trust = ssl.create_default_context()
    if ca_file is not None:
        trust.load_verify_locations(ca_file)
    return trust
