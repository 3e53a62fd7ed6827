"""What a person asked for on the phone: never to be called again, or to be called later."""

from datetime import datetime

from django.utils.translation import gettext as _

from callcenter import clock
from callcenter.live import nudge
from calls.facts import candidates_of
from calls.funnel import objection_to_hour
from calls.models import Call, CallStatus
from calls.refusals import CallRefused
from calls.services.finishing import settle_disposition
from calls.services.moving import in_transaction, lock, nudge_pages, record_event, store
from calls.services.queueing import hand_back
from campaigns.models import CampaignContact, ContactStatus, Disposition, PassOverReason
from contacts.services import add_to_dnc


def opt_out(*, call: Call, wording: str, source: str) -> None:
    """Nobody calls this number again: on the list, waiting calls canceled and memberships blocked in every campaign.

    `wording` is how the wish was recognised (a phrase or key), kept as the reason of the entry. Ending the call is
    the conversation's business. The entry alone keeps the dialer away, so it is kept even if the rest fails.
    """
    keep_wish(call=call, wording=wording, source=source)
    _follow_wish(call, source)


def keep_wish(*, call: Call, wording: str, source: str) -> None:
    """Put the number on the list, and do no more."""
    add_to_dnc(e164=call.to_number, reason=wording[:200], source=source)


@in_transaction
def _follow_wish(call: Call, source: str) -> None:
    settle_disposition(call=call, disposition=Disposition.DO_NOT_CALL, source=source)
    _cancel_waiting_calls(call)
    _block_memberships(call)


def promise_callback(*, call: Call, at: datetime, note: str = "", source: str = "assistant") -> None:
    """The person wants to be called at `at`; kept in this campaign, before any retry. The latest wish counts.

    An hour at which the dialer would not dial is refused: asked beforehand, so that a refusal undoes nothing.
    """
    _demand_keepable(call, at)
    _write_down(call, at, note=note, source=source)


def _demand_keepable(call: Call, at: datetime) -> None:
    membership = (
        CampaignContact.objects.select_related("contact", "campaign__rules").filter(pk__in=[call.membership_id]).first()
    )
    if membership is None:
        raise CallRefused(_("The contact is no longer in the campaign."))
    [candidate] = candidates_of([membership], now=at, apart_from=call.pk)
    if (objection := objection_to_hour(candidate.facts, at)) is not None:
        raise CallRefused(str(objection.label), objection.value)


@in_transaction
def _write_down(call: Call, at: datetime, *, note: str, source: str) -> None:
    lock(call)
    store(call, callback_at=at)
    record_event(call, "callback_promised", source=source, data={"at": at.isoformat(), "has_note": bool(note)})
    settle_disposition(call=call, disposition=Disposition.CALLBACK, source=source)
    nudge_pages(call)


def _cancel_waiting_calls(call: Call) -> None:
    waiting = Call.objects.filter(to_number=call.to_number, status=CallStatus.QUEUED).exclude(pk=call.pk)
    for other in waiting:
        hand_back(call=other, reason=PassOverReason.ON_DNC_LIST, source="opt_out")


def _block_memberships(call: Call) -> None:
    """Everywhere the number's owner waits. The membership of a running call is blocked when that call ends."""
    waiting = CampaignContact.objects.filter(
        contact__numbers__e164=call.to_number, contact__numbers__rank=1, status=ContactStatus.PENDING
    )
    held = dict(waiting.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", "campaign_id"))
    blocked = {"status": ContactStatus.BLOCKED, "reason": PassOverReason.ON_DNC_LIST, "reason_at": clock.now()}
    CampaignContact.objects.filter(pk__in=held).update(**blocked)
    nudge(*(f"campaigns/{campaign}" for campaign in set(held.values())))
