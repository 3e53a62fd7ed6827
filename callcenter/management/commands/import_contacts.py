"""manage.py import_contacts FILE --list NAME: load a CSV or XLSX file of contacts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.tabular import NotATable
from contacts.importing import ImportRefused, ImportResult, import_contacts, write_rejects

FIGURES = {
    "rows": gettext_lazy("Rows"),
    "created": gettext_lazy("New"),
    "updated": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "merged": gettext_lazy("Repeated"),
    "rejected": gettext_lazy("Refused"),
    "seconds": gettext_lazy("Seconds"),
}
REFUSED = 2
"""Exit code for a file that could not be loaded at all."""


class Command(BaseCommand):
    help = "Load contacts from a CSV or XLSX file into a list; bad rows are refused one by one, with a reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX file")
        parser.add_argument("--list", required=True, metavar="NAME", dest="contact_list", help="made if it is new")
        parser.add_argument("--country", default=settings.DEFAULT_COUNTRY, help="of numbers without a prefix")
        parser.add_argument("--basis", default="", metavar="TEXT", help="legal basis, recorded for each contact")
        parser.add_argument("--dry-run", action="store_true", help="the same figures, and nothing is written")
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="where to write the refused rows")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON in the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rejects"] and not options["rejects"].parent.is_dir():
            raise CommandError(f"{options['rejects'].parent}: no such directory", returncode=REFUSED)
        result = self._import(options)
        if options["rejects"]:
            _write_rejects(result, options["rejects"])
        if options["json"]:
            self.stdout.write(json.dumps(result.figures.as_dict()))
        else:
            self._tell(result, dry_run=options["dry_run"])

    def _import(self, options: dict[str, Any]) -> ImportResult:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                return import_contacts(
                    file=file,
                    file_name=path.name,
                    contact_list=options["contact_list"],
                    country=options["country"].upper(),
                    basis=options["basis"],
                    dry_run=options["dry_run"],
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=REFUSED) from error
        except (NotATable, ImportRefused) as error:
            raise CommandError(f"{path.name}: {error}", returncode=REFUSED) from error

    def _tell(self, result: ImportResult, *, dry_run: bool) -> None:
        width = max(len(str(label)) for label in FIGURES.values())
        for name, value in result.figures.as_dict().items():
            self.stdout.write(f"{FIGURES[name]!s:<{width}}  {value:>10}")
        for rejection in result.rejections:
            row = _("row %(number)s: %(reason)s") % {"number": rejection.row_number, "reason": rejection.reason}
            self.stdout.write(f"  {row} [{rejection.code}]")
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was written."))


def _write_rejects(result: ImportResult, path: Path) -> None:
    try:
        with path.open("wb") as file:
            write_rejects(result.columns.headings, result.rejections, file)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=REFUSED) from error
