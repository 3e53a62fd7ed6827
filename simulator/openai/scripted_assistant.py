"""A small assistant that follows the prompt it is given, word for word where it matters.

It knows nothing but the messages: what it asked is what stands in its own earlier lines.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from simulator.openai.phrases import Phrases, families, read_phrases, stop_words
from simulator.openai.prompt import Prompt
from simulator.openai.reply import Reply, ToolCall
from simulator.openai.spoken_time import read_spoken_time
from simulator.people.words import plain

SILENCE = "[silence]"
FACT_OVERLAP = 0.2
CLOSING_INTENTS = {
    "opt_out": "do_not_call",
    "wrong_number": "wrong_number",
    "refusal": "not_interested",
    "human": "human_requested",
}


class ScriptedAssistant:
    def __init__(self, prompt: Prompt, tools: set[str]) -> None:
        self._prompt, self._tools = prompt, tools
        self._phrases: Phrases = read_phrases(prompt.language)
        self._key = f"{prompt.name}|{len(prompt.conversation)}|{prompt.heard}"

    def reply(self) -> Reply:
        """The first rule that fits what was heard; otherwise the next question."""
        rules: tuple[Callable[[str], Reply | None], ...] = (
            self._on_refused_tool,
            self._on_silence,
            self._on_opt_out,
            self._after_closing,
            self._on_ending_wish,
            self._on_callback,
            self._on_question,
        )
        heard = self._prompt.heard
        for rule in rules:
            found = rule(heard)
            if found is not None:
                return found
        return self._continue(heard)

    def _on_refused_tool(self, heard: str) -> Reply | None:
        """The application did not accept the time that was agreed on."""
        last = self._prompt.conversation[-1:]
        was_refused = bool(last) and last[0].was_refused
        return Reply(self._say("callback_refused")) if was_refused else None

    def _on_silence(self, heard: str) -> Reply | None:
        if heard.strip() != SILENCE:
            return None
        if SILENCE not in self._prompt.earlier_heard()[-1:]:
            return Reply(self._say("silence"))
        return self._end("no_conversation" if self._next_question() else "completed", "silence_end")

    def _on_opt_out(self, heard: str) -> Reply | None:
        if not self._phrases.hears("opt_out", heard):
            return None
        return Reply(self._say("opt_out"), self._call("mark_do_not_call", reason=heard[:200]))

    def _after_closing(self, heard: str) -> Reply | None:
        """Once the matter is settled there is nothing left but to say goodbye."""
        earlier = self._prompt.earlier_heard()
        for intent, disposition in CLOSING_INTENTS.items():
            if any(self._phrases.hears(intent, said) for said in earlier):
                return self._end(disposition, "goodbye")
        if self._callback_was_set() and not self._phrases.hears("question_words", heard):
            return self._end("callback", "callback_end")
        return self._end("completed", "goodbye") if self._phrases.hears("goodbye", heard) else None

    def _on_ending_wish(self, heard: str) -> Reply | None:
        intent = next((intent for intent in CLOSING_INTENTS if self._phrases.hears(intent, heard)), "")
        if not intent or (intent == "human" and self._phrases.hears("robot", heard)):
            return None
        if intent == "human" and "transfer_to_agent" in self._tools:
            return Reply(self._say("human"), self._call("transfer_to_agent", reason=heard[:200]))
        return self._end(CLOSING_INTENTS[intent], intent)

    def _on_callback(self, heard: str) -> Reply | None:
        if not self._wants_callback(heard):
            return None
        moment = read_spoken_time(heard, self._prompt.now)
        if moment is None:
            return Reply(self._say("callback_when"))
        when = self._phrases.tell_moment(moment, self._prompt.now)
        call = self._call("schedule_callback", at=moment.isoformat(timespec="seconds"), note=heard[:200])
        return Reply(self._say("callback_set", when=when), call)

    def _wants_callback(self, heard: str) -> bool:
        last = " ".join(self._prompt.spoken[-1:])
        asked_when = any(self._was_said(intent, last) for intent in ("callback_when", "callback_refused"))
        return asked_when or self._phrases.hears("callback", heard)

    def _callback_was_set(self) -> bool:
        return any(
            "schedule_callback" in said.tools or self._was_said("callback_set", said.text)
            for said in self._prompt.conversation
            if said.speaker == "assistant" and not said.was_refused
        )

    def _was_said(self, intent: str, text: str) -> bool:
        starts = (plain(variant.partition("{")[0]).strip() for variant in self._phrases.says[intent])
        return any(start and start in plain(text) for start in starts)

    def _on_question(self, heard: str) -> Reply | None:
        if self._phrases.hears("robot", heard):
            return Reply(f"{self._say('robot')} {self._next_words(repeats=True)}")
        if self._phrases.hears("who", heard):
            return Reply(f"{self._say('who', purpose=self._prompt.purpose)} {self._next_words()}")
        if self._phrases.hears("still_there", heard) and self._prompt.spoken:
            return Reply(f"{self._say('here')} {self._next_words(repeats=True)}")
        if not self._asks_something(heard):
            return None
        fact = self._best_fact(heard)
        answer = self._say("fact", fact=fact) if fact else self._say("no_fact")
        return Reply(f"{answer} {self._next_words(repeats=True)}")

    def _asks_something(self, heard: str) -> bool:
        questions = re.findall(r"[^.!?¿]*\?", heard)
        if any(len(plain(text).split()) > 2 for text in questions):
            return True
        return self._phrases.hears("question_words", heard) and len(heard.split()) > 2

    def _best_fact(self, heard: str) -> str:
        """By shared words; a fact that shares none is no answer."""
        asked = content_words(heard)
        scored = [(overlap(asked, content_words(fact)), fact) for fact in self._prompt.facts]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] >= FACT_OVERLAP else ""

    def _continue(self, heard: str) -> Reply:
        if not self._prompt.spoken:
            return Reply(self._first_words())
        following = self._next_question()
        if following:
            return Reply(f"{self._acknowledge(heard)} {following}")
        if not self._prompt.questions and not any(
            self._was_said("anything_else", said) for said in self._prompt.spoken
        ):
            return Reply(f"{self._acknowledge(heard)} {self._say('anything_else')}")
        disposition = "interested" if self._is_interested() else "completed"
        return self._end(disposition, "farewell", name=f", {self._first_name()}" if self._first_name() else "")

    def _first_words(self) -> str:
        """What the fixed opening has said already is not said again."""
        prompt = self._prompt
        if prompt.already_said:
            said = overlap(content_words(prompt.purpose), content_words(prompt.already_said)) >= 0.6
            greeting = self._say("purpose") if said else f"{self._say('purpose')} {prompt.purpose}"
        elif prompt.name:
            greeting = self._say("greeting", name=self._first_name(), purpose=prompt.purpose)
        else:
            greeting = self._say("greeting_unnamed", purpose=prompt.purpose)
        return f"{greeting} {self._next_words()}"

    def _next_words(self, *, repeats: bool = False) -> str:
        """The pending question, again if it was asked but not answered, or an open offer."""
        pending = self._last_question() if repeats else ""
        if pending:
            return f"{self._say('repeat')} {pending}"
        return self._next_question() or self._say("anything_else")

    def _next_question(self) -> str:
        return next((text for text in self._prompt.questions if not self._was_asked(text)), "")

    def _last_question(self) -> str:
        last = self._prompt.spoken[-1] if self._prompt.spoken else ""
        return next((text for text in self._prompt.questions if plain(text) in plain(last)), "")

    def _was_asked(self, question: str) -> bool:
        return any(plain(question) in plain(said) for said in (*self._prompt.spoken, self._prompt.already_said))

    def _acknowledge(self, heard: str) -> str:
        if self._phrases.hears("negative", heard):
            return self._say("denied")
        return self._say("affirmed" if self._phrases.hears("affirmative", heard) else "told")

    def _is_interested(self) -> bool:
        """The question about interest was answered with yes."""
        return any(
            self._phrases.hears("interest", said.text) and self._phrases.hears("affirmative", answer.text)
            for said, answer in pairwise(self._prompt.conversation)
            if said.speaker == "assistant" and answer.speaker == "person"
        )

    def _end(self, disposition: str, intent: str, **values: str) -> Reply:
        return Reply(self._say(intent, **values), self._call("end_call", disposition=disposition))

    def _call(self, name: str, **arguments: str) -> tuple[ToolCall, ...]:
        """Only tools that were offered are used."""
        return (ToolCall(name, arguments),) if name in self._tools else ()

    def _say(self, intent: str, **values: str) -> str:
        return self._phrases.say(intent, self._key, **values)

    def _first_name(self) -> str:
        return self._prompt.name.split()[0] if self._prompt.name else ""


def content_words(text: str) -> set[str]:
    """Stems of six letters bring together horario and horarios; families bring together street and address."""
    words = re.findall(r"[a-z0-9]{3,}", plain(text))
    stems = {word[:6].rstrip("s") for word in words if word not in stop_words()}
    return stems | {name for name, family in families().items() if not family.isdisjoint(words)}


def overlap(asked: set[str], offered: set[str]) -> float:
    return len(asked & offered) / len(asked) if asked else 0.0
