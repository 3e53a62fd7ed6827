"""How fast contacts come in: a file of made-up rows, loaded into an empty PostgreSQL of this run's own.

    python -m benchmarks.imports --rows 100000 --format csv [--json]

One row in twenty repeats a number, one in fifty is refused. Peak memory is that of this process, the database apart.
"""

import argparse
import atexit
import json
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import machine

HEADINGS = ["Nombre y apellidos", "Teléfono móvil", "Correo electrónico", "Empresa", "Población", "Observaciones"]
FIRST = ["Ana", "Íñigo", "José Luis", "María Ángeles", "Eva", "Begoña", "Óscar", "Lucía"]
LAST = ["Gil", "Núñez", "de la Torre", "Peña", "Ibáñez", "Sáez de Buruaga", "López"]
REPEATED = 20
REFUSED = 50


def main() -> None:
    options = _options()
    directory = Path(tempfile.mkdtemp(prefix="centralita-imports-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    file = directory / f"contacts.{options.format}"
    _prepare_database(directory)
    _write(_rows(options.rows), file)
    report = {"machine": machine.describe(), "format": options.format} | _measure(file)
    print(json.dumps(report) if options.json else _table(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast contacts come in.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
    parser.add_argument("--json", action="store_true", help="print one object as the last line")
    return parser.parse_args()


def _prepare_database(directory: Path) -> None:
    """Durable as in production, and set up before Django reads its settings."""
    from callcenter.embedded import start_postgres

    os.environ["DATABASE_URL"] = start_postgres(directory / "postgres", {})
    os.environ |= {"DJANGO_SETTINGS_MODULE": "callcenter.settings", "LOCAL_DIR": str(directory)}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _rows(count: int) -> Iterator[list[str]]:
    chance = random.Random(7)
    yield HEADINGS
    for serial in range(count):
        number = 600_000_000 + (serial - 1 if serial % REPEATED == 1 else serial)
        phone = "" if serial % REFUSED == 3 else _written(number, serial)
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
        yield [name, phone, f"p{serial}@example.com", f"Empresa {serial % 997} S.L.", "Lugo", "Llamar por la tarde"]


def _written(number: int, serial: int) -> str:
    digits = str(number)
    groups = f"{digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
    return [digits, f"+34{digits}", groups, f"0034{digits}"][serial % 4]


def _write(rows: Iterator[list[str]], file: Path) -> None:
    from callcenter.tabular import write_csv, write_xlsx

    with file.open("wb") as target:
        if file.suffix == ".csv":
            write_csv(rows, target)
        else:
            write_xlsx(rows, target, "Contacts")


def _measure(file: Path) -> dict[str, Any]:
    from contacts.importing import import_contacts

    before, started = _peak_mb(), time.process_time()
    with file.open("rb") as source:
        figures = import_contacts(
            file=source, file_name=file.name, contact_list="Benchmark", country="ES", basis="contract"
        ).figures
    return figures.as_dict() | {
        "cpu_seconds_here": round(time.process_time() - started, 3),
        "rows_per_second": round(figures.rows / figures.seconds),
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "peak_mb_before": before,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _table(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:<16} {value}" for name, value in report.items())


if __name__ == "__main__":
    main()
