"""The one door for what the carrier posts about a call.

`@carrier_webhook(kind, key=…)` makes a view of `(call, form, **path) -> HttpResponse`, where `path` are further parts
of the address (`sequence` of `gather/<int:sequence>`). `key(form, **path)` is the natural key of the news: a second
post with the same key on the same call is answered from `WebhookReceipt` with the first answer, and the handler is
not run. Handler and receipt share one transaction: jobs asked for inside start after commit, and an exception leaves
no receipt, so that the carrier's next try is handled afresh. Handlers answer 200 with text and never wait.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from callcenter import clock
from calls.models import Call, WebhookReceipt
from calls.services.moving import record_event
from calls.signatures import secret_matches, signed_by_carrier

Handler = Callable[..., HttpResponse]
NaturalKey = Callable[..., str]
Beforehand = Callable[[Call, QueryDict], None]

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
USUAL_ANSWER = {"body": EMPTY_TWIML, "content_type": "text/xml"}
CLAIM = """
    INSERT INTO calls_webhookreceipt (call_id, kind, key, content_type, body, received_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (call_id, kind, key) DO NOTHING
"""
KEY_LENGTH = 120
SID_LENGTH = 64

log = structlog.get_logger(__name__)


def carrier_webhook(
    kind: str, *, key: NaturalKey, beforehand: Beforehand | None = None
) -> Callable[[Handler], Handler]:
    """Turn a handler into a view that only the carrier can reach, once per natural key (see the module's text).

    `beforehand` is done in a transaction of its own, so that it stays done whatever becomes of the handler.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def view(request: HttpRequest, call_id: UUID, secret: str, **path: Any) -> HttpResponse:
            if not (secret_matches(call_id, secret) and signed_by_carrier(request)):
                return _refuse(call_id, kind)
            call = Call.objects.filter(pk=call_id).first()
            if call is None:
                log.info("webhook_of_unknown_call", call=str(call_id), kind=kind)
                return nothing_more()
            sid = request.POST.get("CallSid", "")[:SID_LENGTH].replace("\0", "")
            if not learn_carrier_sid(call, sid):
                record_event(call, "other_carrier_id", source="carrier", data={"carrier_sid": sid})
                return _refuse(call_id, kind)
            natural_key = key(request.POST, **path).replace("\0", "")[:KEY_LENGTH]
            if beforehand and not WebhookReceipt.objects.filter(call=call, kind=kind, key=natural_key).exists():
                beforehand(call, request.POST)
            return _answer_once(call, kind, natural_key, lambda: handler(call, request.POST, **path))

        return csrf_exempt(login_not_required(require_POST(view)))

    return decorate


def nothing_more() -> HttpResponse:
    """An answer without instructions; to a live call it means that the call ends."""
    return twiml_response(EMPTY_TWIML)


def twiml_response(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml")


def learn_carrier_sid(call: Call, sid: str) -> bool:
    """Remember under which id the carrier knows this call; False when it is known by another, or another has it.

    The first news may come before the answer to our own request, or instead of it.
    """
    if call.carrier_sid or not sid:
        return call.carrier_sid == sid
    try:
        with transaction.atomic():
            Call.objects.filter(pk=call.pk, carrier_sid=None).update(carrier_sid=sid)
    except IntegrityError:
        return False
    call.refresh_from_db(fields=["carrier_sid"])
    return call.carrier_sid == sid


def _answer_once(call: Call, kind: str, key: str, handle: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        if not _is_first(call, kind, key):
            receipt = WebhookReceipt.objects.get(call=call, kind=kind, key=key)
            return HttpResponse(receipt.body, content_type=receipt.content_type)
        response = handle()
        answer = {"body": response.content.decode(), "content_type": response.headers["Content-Type"]}
        if answer != USUAL_ANSWER:
            WebhookReceipt.objects.filter(call=call, kind=kind, key=key).update(**answer)
        return response


def _is_first(call: Call, kind: str, key: str) -> bool:
    """Claim the key. A repeat that arrives meanwhile waits on the unique index until the first one has committed."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [call.pk, kind, key, USUAL_ANSWER["content_type"], USUAL_ANSWER["body"], clock.now()])
        return cursor.rowcount == 1


def _refuse(call_id: UUID, kind: str) -> HttpResponseForbidden:
    log.warning("webhook_refused", call=str(call_id), kind=kind)
    return HttpResponseForbidden()
