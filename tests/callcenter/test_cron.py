from pathlib import Path

from django.conf import settings
from django_rq.cron import DjangoCronScheduler

from callcenter.launcher.ports import Ports
from callcenter.launcher.programs import Plan, programs


def schedule() -> dict[str, str]:
    """Function -> queue, as `manage.py rqcron callcenter.cron` reads them."""
    scheduler = DjangoCronScheduler()
    scheduler.load_config_from_file("callcenter.cron")
    return {job.func_name: job.queue_name for job in scheduler.get_jobs()}


def test_what_must_happen_by_the_clock_is_scheduled():
    assert set(schedule()) == {
        "calls.jobs.sweep",
        "calls.jobs.fetch_missing_recordings",
        "calls.jobs.settle_prices",
        "calls.conversation.jobs.evict_clips",
        "callcenter.cron.clear_sessions",
    }


def queues_of(name: str, tmp_path: Path) -> list[str]:
    """Those that a pool of the launcher takes jobs from, the most urgent first."""
    plan = Plan(ports=Ports(web=8000, sockets=8001, simulator=9000), directory=tmp_path)
    (command,) = [program.command for program in programs(plan) if program.name == name]
    return [word for word in command if word in settings.RQ_QUEUES]


def test_scheduled_work_goes_to_queues_that_have_workers(tmp_path):
    assert set(schedule().values()) <= set(queues_of("worker", tmp_path)) <= set(settings.RQ_QUEUES)


def test_the_sweep_waits_neither_for_recordings_nor_for_imports(tmp_path):
    assert schedule()["calls.jobs.sweep"] == "sweeping"
    assert queues_of("worker", tmp_path)[0] == "sweeping"
    assert queues_of("dialing", tmp_path) == ["dialing", "sweeping"]
