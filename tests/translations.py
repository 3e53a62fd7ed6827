"""The compiled translations that the tests read: made here where set-up has not made them yet."""

import os
import subprocess
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def sources() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def compile_translations() -> None:
    """Several test processes may do this at once: each writes a file of its own and moves it into place."""
    for source in sources():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = source.with_suffix(f".{os.getpid()}.mo")
            subprocess.run(["msgfmt", "--output-file", fresh, source], check=True)
            fresh.replace(target)
