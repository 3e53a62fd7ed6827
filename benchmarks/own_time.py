"""Own time of a turn from the practice network's clock readings: what the person waits, less what the vendors took.

relay:  (prompt sent -> first text received) - (model had the request -> sent its first token)
gather: (speech posted -> first byte of the first clip) - (model: request -> first whole sentence) - (voice: that clip)
Both clocks of a difference are the network's own. Waiting that the product chooses counts as the product's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Reading = dict[str, Any]
MILLISECONDS = 1000
UNDER_WAY_SECONDS = 5.0
"""A turn that began this shortly before the readings ended may still be answered."""


@dataclass(slots=True)
class Figures:
    own_ms: list[float] = field(default_factory=list)
    unanswered: int = 0


def relay_figures(timings: dict[str, list[Reading]]) -> Figures:
    models = _models_by_call(timings)
    figures = Figures()
    last_at = max((turn["prompt_sent_at"] for turn in timings["relay_turns"]), default=0.0)
    for turn in timings["relay_turns"]:
        if turn["overtaken"]:
            continue
        if turn["first_text_at"] is None:
            figures.unanswered += turn["prompt_sent_at"] < last_at - UNDER_WAY_SECONDS
            continue
        call_id = turn["custom_parameters"]["call_id"]
        asked = _between(models[call_id], turn["prompt_sent_at"], turn["first_text_at"])
        waited = sum(request["first_token_at"] - request["received_at"] for request in asked)
        figures.own_ms.append((turn["first_text_at"] - turn["prompt_sent_at"] - waited) * MILLISECONDS)
    return figures


def gather_figures(timings: dict[str, list[Reading]]) -> Figures:
    """Only turns in which something was heard ask the model; the others speak fixed sentences and are left out."""
    models = _models_by_call(timings)
    figures = Figures()
    last_at = max((turn["posted_at"] for turn in timings["gather_turns"]), default=0.0)
    for turn in timings["gather_turns"]:
        call_id, _, sequence = _path_of(turn["action_url"])
        answered_at = turn["first_clip_first_byte_at"]
        asked = [request for request in models[call_id] if request["sequence"] == sequence]
        if not asked:
            continue
        if answered_at is None:
            figures.unanswered += turn["posted_at"] < last_at - UNDER_WAY_SECONDS
            continue
        model = asked[-1]["first_sentence_at"] - asked[-1]["received_at"]
        voice = _voice_seconds(timings["speech_requests"], asked[-1]["first_sentence_at"], answered_at)
        figures.own_ms.append((answered_at - turn["posted_at"] - model - voice) * MILLISECONDS)
    return figures


def _models_by_call(timings: dict[str, list[Reading]]) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = defaultdict(list)
    for request in timings["model_requests"]:
        call_id, sequence, _ = (request["client_request_id"] or "::").split(":")
        if request["first_token_at"] is not None:
            found[call_id].append(request | {"sequence": sequence})
    return found


def _between(requests: Iterable[Reading], earliest: float, latest: float) -> list[Reading]:
    return [request for request in requests if earliest <= request["received_at"] <= latest]


def _voice_seconds(requests: Iterable[Reading], earliest: float, latest: float) -> float:
    """The voice's time for the first clip. Its requests carry no id of ours, so it is the last one that fits between
    the sentence and the answer; none fits when the sentence was in the cache."""
    fitting = [
        request
        for request in requests
        if request["finished_at"] and request["received_at"] >= earliest and request["finished_at"] <= latest
    ]
    last = max(fitting, key=lambda request: request["finished_at"], default=None)
    return last["finished_at"] - last["received_at"] if last else 0.0


def _path_of(url: str) -> tuple[str, str, str]:
    """Call id, secret and sequence of …/telephony/<call>/<secret>/gather/<sequence>; other addresses have none."""
    parts = url.split("/telephony/")[-1].split("/")
    return (parts[0], parts[1], parts[3]) if len(parts) > 3 else (parts[0], "", "")
