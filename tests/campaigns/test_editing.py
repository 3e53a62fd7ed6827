import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.models import CallingRules, Campaign
from tests.factories import make_campaign, make_contact, make_list, make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("campaigns:create")


@pytest.fixture
def post(alice, client):
    """What Alice types into the form for a valid campaign, with changes; posted to `url`."""
    client.force_login(alice)
    contact_list = make_list(make_contact())

    def send(url=CREATE, **changes):
        return client.post(url, valid_form(contact_list) | changes)

    return send


def valid_form(contact_list) -> dict[str, object]:
    return {
        "name": "Citas de enero",
        "kind": "service",
        "required_basis": "consent",
        "lists": [str(contact_list.pk)],
        "caller_number": "+34 910 000 000",
        "transport": "relay",
        "recording": "with_notice",
        "ring_timeout_seconds": "30",
        "max_call_seconds": "600",
        "silence_seconds": "8",
        "budget_micros": "12.50",
        "budget_currency": "EUR",
        "observes_holidays": "on",
        "max_attempts": "3",
        "max_attempts_per_day": "2",
        "max_concurrent_calls": "5",
        "starts_per_second": "0.5",
        "windows_0": "16:00-20:00, 10:00-14:00",
        "windows_5": "9-24:00",
        "delay_busy": "30 s",
        "delay_no_answer": "4 h",
        "language": "es-ES",
        "disclosure": "Le habla un asistente virtual de la Clínica Sol.",
        "opening": "¿Hablo con {name}?",
        "purpose": "Confirmar la cita del martes.",
        "questions": "¿Le viene bien el martes?\n\n  ¿Sigue siendo correcto su correo?  ",
        "facts": "La consulta está en la calle Mayor 5.",
    }


def errors_at(response, field) -> str:
    """The words of the messages beside a field."""
    page = " ".join(response.content.decode().split())
    place = page.split(f'id="id_{field}_while_typing"')[1]
    return place[: place.index("</div> </div>" if "<div>" in place[:80] else "</div>")]


def test_a_campaign_is_stored_with_its_rules_and_its_script(post, alice):
    assert post().status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.caller_number, campaign.created_by) == ("draft", "+34910000000", alice)
    assert (campaign.budget_micros, campaign.budget_currency) == (12_500_000, "EUR")
    assert campaign.rules.windows == {"0": [["10:00", "14:00"], ["16:00", "20:00"]], "5": [["09:00", "24:00"]]}
    assert campaign.rules.retry_delays == {"busy": 30, "no_answer": 14_400}
    assert campaign.script.questions == ["¿Le viene bien el martes?", "¿Sigue siendo correcto su correo?"]
    assert AuditEntry.objects.filter(action="campaign_created", user=alice).count() == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "This field is required."),
        ("lists", [], "Choose at least one contact list."),
        ("lists", ["00000000-0000-0000-0000-000000000000"], "Select a valid choice"),
        ("windows_1", "14:00-10:00", "The window ends (10:00) before it begins (14:00)."),
        ("windows_1", "10:00-14:00, 13:00-15:00", "10:00-14:00 and 13:00-15:00 overlap."),
        ("windows_1", "10:00-25:00", "25:00 is not a time of day"),
        ("windows_1", "mornings", "is no window. Write windows as"),
        ("delay_busy", "soon", "Write a delay such as 30 s"),
        ("delay_busy", "400 d", "Wait 90 days at the most."),
        ("caller_number", "910000000", "with its country code"),
        ("disclosure", "  ", "the disclosure may not be empty"),
        ("opening", "", "This field is required."),
        ("opening", "¿Hablo con {nombre}?", "In braces only {name} can stand"),
        ("opening", "Hola " * 201, "at most 1000 characters"),
        ("disclosure", "Hola {name}, soy un asistente virtual.", "Only the opening may hold {name}"),
        ("farewell", "Adiós {", "Only the opening may hold {name}"),
        ("max_attempts", "0", "greater than or equal to 1"),
        ("starts_per_second", "fast", "Enter a number."),
        ("budget_micros", "-3", "greater than or equal to 0.01"),
        ("required_basis", "practice", "only call on the practice phone network"),
        ("is_always_open", "on", "Only practice campaigns may call at any hour."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(post, real_carrier, field, text, words):
    response = post(**{field: text})
    assert response.status_code == 422
    assert words in errors_at(response, field)
    assert not Campaign.objects.exists()
    assert not CallingRules.objects.exists()


def test_a_week_without_any_window_is_refused(post):
    response = post(windows_0="", windows_5="")
    assert "Enter at least one calling window." in errors_at(response, "windows_0")


def test_nothing_that_was_typed_is_lost_on_an_error(post):
    page = post(windows_1="14:00-10:00", purpose="Mi propósito", delay_busy="soon").content.decode()
    for typed in ["14:00-10:00", "Mi propósito", "soon", "16:00-20:00, 10:00-14:00", "Citas de enero"]:
        assert typed in page


def test_two_campaigns_do_not_share_a_name(post):
    make_campaign(name="Citas de enero")
    assert "already exists" in errors_at(post(), "name")


def test_commercial_calls_to_spain_are_not_made_from_a_spanish_mobile(post):
    response = post(kind="commercial", caller_number="+34600123456")
    assert "may not come from a Spanish mobile" in errors_at(response, "caller_number")


def test_a_new_campaign_asks_for_consent_and_shows_the_carriers_number(post, client, settings):
    page = client.get(CREATE).content.decode()
    assert '<option value="consent" selected>' in page
    assert settings.TWILIO_CALLER_NUMBER in page
    assert "10:00-20:00" in page
    assert "4 h" in page


def test_a_practice_campaign_may_call_at_any_hour_on_the_practice_network(post, practice_network):
    response = post(required_basis="practice", is_always_open="on", windows_0="", windows_5="")
    assert response.status_code == 302
    assert Campaign.objects.get().rules.is_always_open


def test_the_form_of_a_campaign_shows_what_is_stored(post, client):
    post()
    campaign = Campaign.objects.get()
    page = client.get(reverse("campaigns:edit", args=[campaign.pk])).content.decode()
    for shown in ["10:00-14:00, 16:00-20:00", "30 s", "12.50", "¿Sigue siendo correcto su correo?", "+34910000000"]:
        assert shown in page


def test_saving_without_a_change_writes_no_new_version_of_the_script(post):
    post()
    campaign = Campaign.objects.get()
    edit = reverse("campaigns:edit", args=[campaign.pk])
    lists = [str(campaign.lists.get().pk)]
    post(edit, name="Citas de febrero", lists=lists)
    assert [script.version for script in campaign.scripts.all()] == [1]
    post(edit, opening="Buenos días, ¿{name}?", lists=lists)
    assert [script.version for script in campaign.scripts.all()] == [2, 1]
    assert campaign.scripts.get(version=1).opening == "¿Hablo con {name}?"


def test_an_edit_does_not_undo_what_happened_since_the_form_was_opened(post):
    post()
    campaign = Campaign.objects.get()
    Campaign.objects.update(status="paused", status_reason="Too many failures", spent_micros=5)
    post(reverse("campaigns:edit", args=[campaign.pk]), name="Otro nombre")
    campaign.refresh_from_db()
    assert (campaign.name, campaign.status, campaign.spent_micros) == ("Otro nombre", "paused", 5)


def test_a_running_campaign_takes_no_change_that_it_could_not_have_started_with(post):
    post()
    campaign = Campaign.objects.get()
    Campaign.objects.update(status="running")
    response = post(reverse("campaigns:edit", args=[campaign.pk]), name="Otro nombre", lists=[str(make_list().pk)])
    assert "There is no contact on the chosen lists." in errors_at(response, "lists")
    campaign.refresh_from_db()
    assert campaign.name == "Citas de enero"
    assert campaign.lists.get().contacts.count() == 1


def test_retry_delays_that_the_form_does_not_show_stay(post):
    post()
    campaign = Campaign.objects.get()
    CallingRules.objects.update(retry_delays={"busy": 5, "screening": 60})
    post(reverse("campaigns:edit", args=[campaign.pk]), delay_busy="", delay_no_answer="2 min")
    campaign.rules.refresh_from_db()
    assert campaign.rules.retry_delays == {"screening": 60, "no_answer": 120}


def test_a_field_is_checked_while_it_is_typed_and_nothing_is_stored(post):
    answer = post(reverse("campaigns:validate") + "?field=windows_1", windows_1="14:00-10:00")
    assert "before it begins" in answer.content.decode()
    assert post(reverse("campaigns:validate") + "?field=windows_1").content.decode().strip() == ""
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("field", ["", "nonsense", "status"])
def test_checking_a_field_that_there_is_not_says_nothing(post, field):
    response = post(reverse("campaigns:validate") + f"?field={field}")
    assert (response.status_code, response.content.decode().strip()) == (200, "")


def test_only_agents_are_offered_as_agents(post, client, bob):
    make_user(role="analyst", email="analyst@example.com")
    page = client.get(CREATE).content.decode()
    assert str(bob.pk) in page
    assert "analyst@example.com" not in page


def test_an_agent_of_another_campaign_cannot_even_check_its_fields(client, charlie, alice):
    campaign = make_campaign()
    client.force_login(charlie)
    assert client.post(reverse("campaigns:validate-edit", args=[campaign.pk])).status_code == 403
