"""How far a conversation has come, read from nothing but its words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from simulator.openai.phrases import folded
from simulator.openai.prompt import Prompt, Said
from simulator.openai.understanding import Situation, answered_ahead, answers_before_asking, meaning_of
from simulator.openai.wording import Wording

MOST_ASKS = 3
ASKS_WHEN = ("callback_when", "absent_when", "callback_refused")
HEARD_ENOUGH = 0.8
ENDS = (".", "?", "!", "…", '"', "»", ")")
ENDING_TOOLS = {"end_call", "mark_do_not_call", "transfer_to_agent"}
CLOSINGS = ("opt_out", "voicemail", "wrong_number", "refusal", "human")


@dataclass
class Progress:
    """`closing` is what settled the matter; `idle` counts turns that brought no answer."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    situation: Situation = field(default_factory=Situation)
    last_said: str = ""
    closing: str = ""
    callback_set: bool = False
    times_asked_when: int = 0
    silences: int = 0
    repeats: int = 0
    idle: int = 0


class Replay:
    """Goes through the conversation as the assistant did."""

    def __init__(self, prompt: Prompt, wording: Wording) -> None:
        self._prompt, self._wording, self.progress = prompt, wording, Progress()
        if prompt.already_said:
            self._note_questions(prompt.already_said)

    def run(self) -> Progress:
        """Up to the person's latest words, which are to be answered now."""
        turns = list(turns_of(self._prompt.conversation))
        if turns and turns[-1][0] == "person":
            turns.pop()
        for speaker, lines in turns:
            if speaker == "person":
                self._hear(" ".join(said.text for said in lines))
            else:
                for said in lines:
                    self._speak(said)
        return self.progress

    def _hear(self, heard: str) -> None:
        progress = self.progress
        meaning = meaning_of(heard, progress.situation)
        progress.silences = progress.silences + 1 if meaning == "silence" else 0
        progress.repeats = progress.repeats + 1 if meaning in ("repeat", "unclear") else 0
        if meaning in CLOSINGS:
            progress.closing = progress.closing or meaning
        answered = take_answer(progress, self._prompt, heard, meaning)
        progress.idle = 0 if answered else progress.idle + 1

    def _speak(self, said: Said) -> None:
        progress, wording = self.progress, self._wording
        asks_when = any(wording.is_said_in(name, said.text) for name in ASKS_WHEN)
        progress.times_asked_when += asks_when
        was_set = "schedule_callback" in said.tools or wording.is_said_in("callback_set", said.text)
        progress.callback_set = progress.callback_set or (was_set and not said.was_refused)
        if ENDING_TOOLS & set(said.tools) and not said.was_refused:
            progress.closing = progress.closing or "ended"
        waits = wording.is_said_in("waiting", said.text)
        pending = self._note_questions(said.text) or (progress.situation.pending if waits else "")
        progress.situation = Situation(
            pending=pending,
            awaits_time=asks_when,
            waits=waits,
            offered=not pending and wording.is_said_in("anything_else", said.text),
            has_spoken=True,
            was_cut=bool(said.text) and not said.text.rstrip().endswith(ENDS),
        )
        progress.last_said = said.text

    def _note_questions(self, text: str) -> str:
        """Counts the questions in these words; returns the last one."""
        found = [question for question in self._prompt.questions if was_heard(question, text)]
        self.progress.asked.update(found)
        if found:
            self.progress.situation = Situation(pending=found[-1])
        return found[-1] if found else ""


def take_answer(progress: Progress, prompt: Prompt, heard: str, meaning: str) -> bool:
    """Notes what was answered, also before it was asked; whether anything was."""
    pending = progress.situation.pending
    is_answer = meaning in ("answer", "unsure", "accepts_offer")
    if meaning == "question":
        is_answer = answers_before_asking(heard)
    if not pending or not is_answer:
        return False
    progress.answers.setdefault(pending, heard)
    later = tuple(text for text in prompt.questions if text not in progress.answers and not progress.asked[text])
    for question in answered_ahead(heard, pending, later):
        progress.answers[question] = heard
    return True


def next_question(progress: Progress, prompt: Prompt) -> str:
    """The first that is neither answered nor asked in vain too often."""
    open_ones = (text for text in prompt.questions if text not in progress.answers)
    return next((text for text in open_ones if progress.asked[text] < MOST_ASKS), "")


def was_heard(question: str, text: str) -> bool:
    """Asked in full, or cut so near its end that it was understood."""
    wanted, said = folded(question), folded(text)
    if wanted in said:
        return True
    piece = cut_end(wanted, said)
    return len(piece) >= HEARD_ENOUGH * len(wanted)


def cut_end(wanted: str, said: str) -> str:
    """The beginning of `wanted` with which `said` ends, or nothing."""
    start = said.rfind(wanted[:8])
    piece = said[start:].rstrip(" .,…") if start >= 0 else ""
    return piece if piece and wanted.startswith(piece) else ""


def turns_of(conversation: tuple[Said, ...]) -> Iterator[tuple[str, list[Said]]]:
    for speaker, lines in groupby(conversation, key=lambda said: said.speaker):
        yield speaker, list(lines)
