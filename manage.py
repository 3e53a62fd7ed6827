#!/usr/bin/env python
"""Centralita's command line. Without DATABASE_URL and REDIS_URL it brings its own servers up in `.local/`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")
    from callcenter.embedded import use_embedded_servers

    use_embedded_servers()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
