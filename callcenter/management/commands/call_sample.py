"""The calling of the demonstration, on processes that run already (`manage.py demo` starts them)."""

import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.models import User
from callcenter import clock
from callcenter.demo import contact_lists, results
from callcenter.demo.campaigns import pause_earlier_campaigns, start_demo_campaign
from callcenter.demo.progress import await_recordings, follow
from callcenter.demo.staff import EMAIL, demo_login
from callcenter.demo.verdict import judge_demonstration
from campaigns.models import Campaign, Transport
from contacts.models import ContactList

DOORS_OPEN_SECONDS = 60
COLUMNS = (Transport.RELAY.value, Transport.GATHER.value)


class Command(BaseCommand):
    help = "Imports the sample files, calls everyone on them in the practice phone network, and tells what came of it."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with translation.override("en"):
                sys.exit(self.call_everyone())
        except KeyboardInterrupt:
            sys.exit(130)

    def call_everyone(self) -> int:
        """The exit code: 0 when every contact reached a final state and the judge found nothing."""
        login = demo_login(settings.LOCAL_DIR)
        pause_earlier_campaigns(user=login.user)
        relay_list, gather_list = self.import_samples(login.user)
        self.wait_for_doors()
        campaigns = self.start_campaigns(relay_list, gather_list, login.user)
        self.stdout.write(f"\nWatch at {settings.PUBLIC_BASE_URL}   e-mail {EMAIL}   password {login.password}\n\n")
        self.stdout.flush()
        in_time = follow(campaigns, sys.stdout)
        await_recordings(campaigns)
        return self.tell_results(campaigns, in_time=in_time)

    def import_samples(self, user: User) -> tuple[ContactList, ContactList]:
        relay_list = self.import_sample(contact_lists.RELAY_FILE, "Clientes (muestra)", user)
        everyone = self.import_sample(contact_lists.GATHER_FILE, "Contacts (sample)", user)
        count = contact_lists.GATHER_CONTACTS
        gather_list = contact_lists.first_contacts(everyone, count=count, list_name=f"Contacts (first {count})")
        return relay_list, gather_list

    def import_sample(self, path: Any, list_name: str, user: User) -> ContactList:
        result = contact_lists.import_sample(path, list_name=list_name, user=user)
        figures = result.figures
        self.stdout.write(
            f"{path.name}: {figures.rows} rows, {figures.created} created, {figures.updated} updated, "
            f"{figures.unchanged} unchanged, {figures.merged} merged, {figures.rejected} rejected"
        )
        for rejection in result.rejections:
            self.stdout.write(f"  row {rejection.row_number} rejected: {rejection.reason}")
        return ContactList.objects.get(name=list_name)

    def wait_for_doors(self) -> None:
        """Until web and practice network answer."""
        deadline = clock.monotonic() + DOORS_OPEN_SECONDS
        doors = [f"{settings.TWILIO_BASE_URL}/simulator/identity", f"{settings.PUBLIC_BASE_URL}/readyz"]
        while not all(map(answers, doors)):
            if clock.monotonic() > deadline:
                raise CommandError(f"The processes did not start; their logs are in {settings.LOCAL_DIR / 'logs'}.")
            time.sleep(0.1)

    def start_campaigns(self, relay_list: ContactList, gather_list: ContactList, user: User) -> list[Campaign]:
        moment = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M:%S")
        return [
            start_demo_campaign(name=f"{title} {moment}", transport=transport, contact_list=chosen, user=user)
            for title, transport, chosen in (
                ("Recordatorio de cita", Transport.RELAY, relay_list),
                ("Encuesta de taller", Transport.GATHER, gather_list),
            )
        ]

    def tell_results(self, campaigns: Sequence[Campaign], *, in_time: bool) -> int:
        self.stdout.write("")
        for line in results.table(results.sections(campaigns), COLUMNS):
            self.stdout.write(line)
        for campaign in campaigns:
            self.stdout.write(f"Own time per turn, {campaign.transport}: {results.own_time(campaign)}")
        shared = results.shared_transcripts(campaigns, results.personas_met())
        self.stdout.write(f"Transcripts shared by different personas: {shared or 'none'}")
        verdict = judge_demonstration(campaigns)
        self.stdout.write("Judge, with the practice network's own list")
        for line in verdict.lines():
            self.stdout.write(f"  {line}")
        unfinished = results.unfinished_contacts(campaigns)
        self.stdout.write(f"Contacts without a final state: {unfinished or 'none'}")
        if not in_time:
            self.stdout.write("The campaigns did not finish in the time allowed.")
        return 1 if unfinished or verdict.count or not in_time else 0


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
