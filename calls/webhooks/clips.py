"""Fixed clips of the speech cache. The carrier fetches them without a signature: the secret in the path guards them."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from calls.models import SpeechClip
from calls.signatures import secret_matches
from calls.speech_cache import read_clip

A_YEAR = 31_536_000


@login_not_required
@require_safe
def clip(request: HttpRequest, call_id: UUID, secret: str, key: str) -> HttpResponse:
    """The key is a hash of the content, so that whoever fetched it may keep it."""
    if not secret_matches(call_id, secret):
        raise Http404
    sound = read_clip(get_object_or_404(SpeechClip, pk=key))
    if sound is None:
        raise Http404
    return HttpResponse(
        sound, content_type="audio/wav", headers={"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    )
