from django.conf import settings
from django_rq.cron import DjangoCronScheduler


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


def test_scheduled_work_goes_to_queues_that_have_workers():
    assert set(schedule().values()) <= {"default", "imports"} <= set(settings.RQ_QUEUES)
