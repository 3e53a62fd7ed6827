"""The fixed words of a campaign exist before its first call."""

import pytest

from calls.conversation import jobs as worker_jobs
from calls.conversation.dispatch import turns_queue
from calls.conversation.preparing import prepare_speech
from calls.models import SpeechClip
from tests.calls.conversation.test_relay_door import jobs
from tests.calls.conversation.test_speech import voice
from tests.factories import make_campaign, make_script

__all__ = ["voice"]

pytestmark = pytest.mark.django_db
FIXED = {
    "Le habla un asistente virtual de la Clínica Sol.",
    "Esta llamada se graba.",
    "Si no desea recibir más llamadas, pulse nueve.",
    "De acuerdo, no volveremos a llamarle. Disculpe las molestias. Adiós.",
}


@pytest.fixture(autouse=True)
def _empty_queue():
    turns_queue().empty()
    yield
    turns_queue().empty()


def spoken(voice):
    return {request["text"] for request in voice.requests}


def test_a_running_campaign_asks_once_for_its_fixed_words():
    asked = set()
    make_campaign()
    for _ in range(2):
        prepare_speech(asked)
    assert jobs() == [("make_fixed_clips",)]


def test_a_new_version_of_the_script_asks_again():
    asked = set()
    campaign = make_campaign()
    prepare_speech(asked)
    newer = make_script(campaign=campaign, version=2, disclosure="Soy una máquina.")
    prepare_speech(asked)
    assert [job.args for job in turns_queue().jobs][-1] == (newer.pk,)


def test_a_campaign_that_does_not_run_asks_for_nothing():
    make_campaign(status="paused")
    prepare_speech(set())
    assert jobs() == []


def test_what_every_call_says_is_made_and_kept(voice):
    script = make_campaign().script
    worker_jobs.make_fixed_clips(script.pk)
    assert spoken(voice) == FIXED
    assert SpeechClip.objects.filter(is_fixed=True).count() == len(FIXED)


def test_what_is_kept_already_costs_nothing(voice):
    script = make_campaign().script
    for _ in range(2):
        worker_jobs.make_fixed_clips(script.pk)
    assert len(voice.requests) == len(FIXED)


def test_over_gather_the_lines_of_the_turns_are_made_too(voice):
    worker_jobs.make_fixed_clips(make_campaign(transport="gather").script.pk)
    assert "¿Sigue ahí?" in spoken(voice)
    assert spoken(voice) > FIXED


def test_an_opening_without_a_name_is_the_same_for_everyone(voice):
    script = make_campaign(script={"opening": "¿Tiene un momento?"}).script
    worker_jobs.make_fixed_clips(script.pk)
    assert "¿Tiene un momento?" in spoken(voice)
