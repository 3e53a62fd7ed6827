"""One person's calls: told, handed to another contact, and erased."""

import pytest
from django.core.files.base import ContentFile

from accounts.models import AuditEntry
from callcenter import clock
from calls.judge import Case, judge_dialing
from calls.models import Call, CallStatus, Recording, RecordingStatus, Turn, WebhookReceipt
from calls.services import opt_out
from calls.services.recordings import announce_recording
from campaigns.models import ContactStatus
from contacts.models import Contact, DoNotCallEntry
from contacts.personal_data import describe_person, erase_person, move_person
from contacts.services import ContactRefused, add_to_dnc, is_on_dnc
from tests.factories import make_call, make_campaign, make_contact, make_membership, make_turn

pytestmark = pytest.mark.django_db


def ended_call(contact=None, **fields):
    membership = make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.DONE, attempts=1)
    return make_call(membership=membership, **{"status": CallStatus.COMPLETED, "ended_at": clock.now()} | fields)


def with_recording(call, **fields):
    recording = Recording(call=call, carrier_sid=f"RE-{call.pk}", status=RecordingStatus.STORED, **fields)
    recording.file.save(f"{call.pk}.wav", ContentFile(b"sound"))
    return recording


def test_everything_said_to_a_person_is_told():
    call = ended_call()
    make_turn(call=call, heard="Sí, soy Ana", said="Encantado")
    (told,) = describe_person(call.contact)["calls"]
    assert (told["number"], told["turns"][0]["heard"]) == (call.to_number, "Sí, soy Ana")
    (entry,) = describe_person(call.contact)["campaigns"]
    assert entry["attempts"] == 1


def test_an_erased_person_leaves_no_number_no_words_and_no_sound():
    call = ended_call()
    make_turn(call=call, heard="Sí, soy Ana", said="Encantado")
    WebhookReceipt.objects.create(call=call, kind="voice", key="answered", body="<Say>¿Hablo con Ana?</Say>")
    recording = with_recording(call)
    erase_person(call.contact)
    call.refresh_from_db()
    recording.refresh_from_db()
    assert (call.contact, call.membership, call.to_number, recording.status) == (None, None, "", "absent")
    assert not recording.file.storage.exists(f"{call.pk}.wav")
    assert not recording.file
    assert not Turn.objects.exists()
    assert not WebhookReceipt.objects.exclude(body="").exists()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("source", ["conversation", "assistant"])
def test_the_words_of_an_opt_out_go_and_the_wish_stays_in_force(source):
    call = ended_call()
    number = call.to_number
    opt_out(call=call, wording="No me llamen más, soy Ana Ruiz", source=source)
    erase_person(call.contact)
    assert is_on_dnc(e164=number, now=clock.now())
    assert DoNotCallEntry.objects.get().reason == ""
    assert "Ana" not in str(list(AuditEntry.objects.values()))


def test_what_staff_wrote_on_a_do_not_call_entry_stays():
    call = ended_call()
    add_to_dnc(e164=call.to_number, reason="Letter of 3 May", source="manual")
    erase_person(call.contact)
    assert DoNotCallEntry.objects.get().reason == "Letter of 3 May"


def test_the_calls_of_the_erased_are_judged_as_before():
    for _ in range(2):
        call = ended_call(placed_at=clock.now(), evidence={})
        erase_person(call.contact)
    faults = {found.what for finding in judge_dialing(Case(now=clock.now())) for found in finding.violations}
    assert "number_in_two_calls" not in faults


def test_pages_of_an_erased_persons_call_open(client, alice, anna):
    call = ended_call(placed_at=clock.now())
    erase_person(call.contact)
    for user in (alice, anna):
        client.force_login(user)
        assert client.get(call.get_absolute_url()).status_code == 200
        assert client.get("/calls/").status_code == 200


def test_a_recording_announced_after_the_erasure_is_not_fetched():
    call = ended_call()
    erase_person(call.contact)
    call.refresh_from_db()
    assert announce_recording(call=call, carrier_sid="RE1", duration_seconds=9).status == RecordingStatus.ABSENT


def test_nobody_is_erased_or_merged_in_the_middle_of_a_call():
    call = make_call(status=CallStatus.IN_PROGRESS)
    with pytest.raises(ContactRefused):
        erase_person(call.contact)
    with pytest.raises(ContactRefused):
        move_person(source=make_contact(), target=call.contact)
    assert Call.objects.get().contact == call.contact


def test_a_merged_person_keeps_the_calls_of_both():
    first, second = ended_call(), ended_call()
    Contact.objects.filter(pk=first.contact.pk).update(call_count=2, last_disposition="interested")
    first.contact.refresh_from_db()
    move_person(source=first.contact, target=second.contact)
    assert set(Call.objects.values_list("contact", flat=True)) == {second.contact.pk}
    assert Contact.objects.get().call_count == 2
