"""A small assistant that follows the prompt it is given, word for word where it matters.

It knows nothing but the messages: what it asked is what stands in its own earlier lines. It speaks the language of
the prompt, whatever language it hears, and understands all that it has tables for.
"""

from typing import Any

from simulator.openai.facts import facts_for
from simulator.openai.phrases import folded, intents_of
from simulator.openai.progress import MOST_ASKS, Replay, cut_end, next_question, take_answer
from simulator.openai.prompt import Prompt
from simulator.openai.reply import Reply, ToolCall
from simulator.openai.spoken_time import read_spoken_time
from simulator.openai.tool_use import use_tool
from simulator.openai.understanding import KEY_PRESS, SILENCE, answers_before_asking, meaning_of, settled
from simulator.openai.wording import Wording, join

MOST_IDLE = 8
KEY_NAMES = {"9": ("9", "nueve", "nine"), "0": ("0", "cero", "zero")}
MOST_TURNS = 50
MOST_REPEATS = 3
MOST_TIMES_ASKED_WHEN = 2
DISPOSITIONS = {
    "opt_out": "do_not_call",
    "voicemail": "voicemail",
    "wrong_number": "wrong_number",
    "refusal": "not_interested",
    "human": "human_requested",
}


class ScriptedAssistant:
    def __init__(self, prompt: Prompt, tools: dict[str, dict[str, Any]], variant: int = 0) -> None:
        self._prompt, self._tools = prompt, tools
        self._wording = Wording(prompt, variant)
        self._progress = Replay(prompt, self._wording).run()
        self._heard = SILENCE if not prompt.heard.strip() and prompt.conversation else prompt.heard

    def reply(self) -> Reply:
        if self._prompt.was_refused:
            return Reply(self._say("callback_refused"))
        if self._prompt.was_accepted:
            return self._after_tool()
        meaning = self._meaning()
        if meaning == "opt_out" and self._progress.closing != "ended":
            return Reply(self._say("opt_out"), self._use_first("mark_do_not_call", "opt_out"))
        if self._is_over(meaning):
            return self._end_again()
        if meaning != "callback" and self._has_gone_on_for_long(meaning):
            return self._end(self._disposition(), "enough", name=self._wording.name_after_comma())
        if meaning in DISPOSITIONS:
            return self._close(meaning)
        return self._answer(meaning)

    def _answer(self, meaning: str) -> Reply:
        rules = {
            "silence": self._on_silence,
            "callback": self._on_callback,
            "question": self._on_question,
            "goodbye": self._on_goodbye,
            "repeat": self._on_repeat,
            "unclear": self._on_unclear,
            "go_on": self._on_go_on,
        }
        rule = rules.get(meaning)
        if rule is not None:
            return rule()
        if meaning in ("robot", "who", "topic", "still_there", "complaint", "written", "other_language"):
            return self._on_small_talk(meaning)
        if meaning == "wait":
            return Reply(self._say("waiting"))
        return self._on_answer(meaning)

    def _meaning(self) -> str:
        """A key means what the opening says of it, and one that it does not name is not understood."""
        if KEY_PRESS.fullmatch(self._heard.strip()):
            names = KEY_NAMES.get(self._heard.strip(" []"), ())
            return "opt_out" if any(name in folded(self._prompt.already_said) for name in names) else "unclear"
        return meaning_of(self._heard, self._progress.situation)

    def _after_tool(self) -> Reply:
        """The person has not spoken since; what was not said with the tool is said now."""
        if self._progress.closing:
            return Reply(self._say("goodbye"))
        return Reply(self._say("told") if not self._progress.last_said else self._say("callback_end"))

    def _is_over(self, meaning: str) -> bool:
        """Once the matter is settled there is nothing left but to say goodbye."""
        if self._progress.closing:
            return True
        return self._progress.callback_set and meaning not in ("question", "robot", "callback", "repeat", "silence")

    def _end_again(self) -> Reply:
        closing = self._progress.closing
        if self._progress.callback_set and not closing:
            return self._end("callback", "callback_end")
        return self._end(DISPOSITIONS.get(closing, self._disposition()), "goodbye")

    def _has_gone_on_for_long(self, meaning: str) -> bool:
        answers_now = meaning in ("answer", "unsure") and bool(self._progress.situation.pending)
        is_idle = self._progress.idle >= MOST_IDLE and not answers_now
        return is_idle or len(self._prompt.spoken) >= MOST_TURNS + 2 * len(self._prompt.questions)

    def _close(self, meaning: str) -> Reply:
        if meaning == "human" and "transfer_to_agent" in self._tools:
            return Reply(self._say("transfer"), self._use("transfer_to_agent", reason=self._heard))
        return self._end(DISPOSITIONS[meaning], meaning)

    def _on_silence(self) -> Reply:
        if self._progress.silences == 0:
            return Reply(self._say("silence"))
        if self._progress.callback_set:
            return self._end("callback", "callback_end")
        return self._end("no_conversation" if not self._progress.answers else self._disposition(), "silence_end")

    def _on_callback(self) -> Reply:
        intents = intents_of(self._heard)
        moment = read_spoken_time(self._heard, self._prompt.now, vague="any_time" in intents)
        awaits = self._progress.situation.awaits_time
        if moment is None:
            may_ask = self._progress.times_asked_when < MOST_TIMES_ASKED_WHEN and "schedule_callback" in self._tools
            is_declined = awaits and bool(self._declines_to_say_when() & intents)
            if is_declined or not may_ask:
                return self._end("callback", "callback_untold")
            return Reply(self._say("absent_when" if "absent" in intents else "callback_when"))
        when = self._wording.tell(moment)
        if "schedule_callback" not in self._tools:
            return self._end("callback", "callback_noted", when=when)
        call = self._use("schedule_callback", at=moment.isoformat(timespec="seconds"), note=self._heard)
        return Reply(self._say("callback_set", when=when), call)

    def _declines_to_say_when(self) -> set[str]:
        """Whoever picked up for somebody else need not know."""
        speaks_for_another = self._wording.is_said_in("absent_when", self._progress.last_said)
        return {"no_time", "goodbye"} | ({"unsure"} if speaks_for_another else set())

    def _on_question(self) -> Reply:
        found, has_rest = facts_for(self._heard, self._prompt.facts)
        if answers_before_asking(self._heard):
            take_answer(self._progress, self._prompt, self._heard, "question")
        return Reply(join(self._tell(found, has_rest=has_rest), self._go_back()))

    def _tell(self, facts: list[str], *, has_rest: bool) -> str:
        if not facts:
            return self._say("no_fact")
        was_told = all(self._wording.has_said(fact) for fact in facts)
        told = self._say("fact_again" if was_told else "fact", fact=" ".join(facts))
        return join(told, self._say("no_fact_rest") if has_rest else "")

    def _on_small_talk(self, meaning: str) -> Reply:
        if meaning not in ("who", "topic"):
            return Reply(join(self._say("here" if meaning == "still_there" else meaning), self._go_back()))
        told = join(self._wording.introduction() if meaning == "who" else "", self._wording.calling())
        following = next_question(self._progress, self._prompt)
        back = self._go_back(tells_purpose=False) if self._progress.last_said else following
        return Reply(join(told or self._say("assistant"), back or self._say("anything_else")))

    def _on_goodbye(self) -> Reply:
        answered = bool(self._progress.answers) or not self._prompt.questions
        return self._end(self._disposition() if answered else "no_conversation", "goodbye")

    def _on_repeat(self) -> Reply:
        """The facts and the question of the last words, once more."""
        said = folded(self._progress.last_said)
        pieces = [text for text in (*self._prompt.facts, *self._prompt.questions) if folded(text) in said]
        if self._progress.repeats >= MOST_REPEATS:
            return self._go_on("told")
        if pieces:
            return Reply(join(self._say("say_again"), *pieces))
        return Reply(join(self._say("say_again"), self._wording.calling(), self._next_words()))

    def _on_unclear(self) -> Reply:
        if self._progress.repeats >= MOST_REPEATS:
            return self._go_on("told")
        return Reply(join(self._say("unclear"), self._progress.situation.pending or self._go_back()))

    def _on_go_on(self) -> Reply:
        if not self._progress.last_said:
            return Reply(join(self._wording.first_words(), self._next_words()))
        return Reply(join(self._cut_fact(), self._go_back()))

    def _on_answer(self, meaning: str) -> Reply:
        """An answer, or whatever may pass for one."""
        progress = self._progress
        take_answer(progress, self._prompt, self._heard, meaning)
        if not progress.last_said and not progress.answers:
            return Reply(join(self._wording.first_words(), self._next_words()))
        if meaning == "accepts_offer":
            return Reply(self._say("ask_away"))
        if progress.situation.was_cut and not progress.situation.pending:
            return Reply(join(self._cut_fact(), self._go_back()))
        if not progress.situation.pending and not self._wording.knows_purpose and not progress.answers:
            return Reply(self._go_back())
        return self._go_on("doubted" if meaning == "unsure" else self._acknowledgement())

    def _acknowledgement(self) -> str:
        intents = intents_of(settled(self._heard))
        if "negative" in intents:
            return "denied"
        return "affirmed" if "affirmative" in intents else "told"

    def _go_on(self, acknowledgement: str) -> Reply:
        following = next_question(self._progress, self._prompt)
        if following:
            lead = self._say(acknowledgement) if not self._progress.asked[following] else self._say("repeat")
            return Reply(join(lead, following))
        if not self._prompt.questions and not self._progress.situation.offered:
            return Reply(join(self._say(acknowledgement), self._say("anything_else")))
        last = acknowledgement if acknowledgement in ("doubted", "denied") else "noted_last"
        thanks = self._say(last) if self._progress.situation.pending else ""
        ended = self._end(self._disposition(), "farewell", name=self._wording.name_after_comma())
        return Reply(join(thanks, ended.text), ended.tools)

    def _go_back(self, *, tells_purpose: bool = True) -> str:
        """To the open question, after something else was talked about; or an open offer."""
        following = next_question(self._progress, self._prompt)
        if not following:
            return self._say("anything_else")
        times = self._progress.asked[following]
        if times == 0:
            untold = tells_purpose and not self._wording.knows_purpose
            return join(self._wording.calling() if untold else "", following)
        return join(self._say("repeat"), following) if times < MOST_ASKS else self._say("anything_else")

    def _next_words(self) -> str:
        return next_question(self._progress, self._prompt) or self._say("anything_else")

    def _cut_fact(self) -> str:
        """The fact in the middle of which the person began to speak."""
        if not self._progress.situation.was_cut:
            return ""
        said = folded(self._progress.last_said)
        cut = (fact for fact in self._prompt.facts if folded(fact) not in said and cut_end(folded(fact), said))
        fact = next(cut, "")
        return self._say("fact_again", fact=fact) if fact else ""

    def _disposition(self) -> str:
        if self._progress.callback_set:
            return "callback"
        is_interested = any(
            "interest" in intents_of(question) and "affirmative" in intents_of(answer)
            for question, answer in self._progress.answers.items()
        )
        return "interested" if is_interested else "completed"

    def _end(self, disposition: str, intent: str, **values: str) -> Reply:
        return Reply(self._say(intent, **values), self._use("end_call", disposition=disposition))

    def _use_first(self, name: str, meaning: str) -> tuple[ToolCall, ...]:
        used = self._use(name, reason=self._heard)
        return used or self._use("end_call", disposition=DISPOSITIONS[meaning])

    def _use(self, name: str, **known: str) -> tuple[ToolCall, ...]:
        return use_tool(name, self._tools, self._prompt, **known)

    def _say(self, intent: str, **values: str) -> str:
        return self._wording.say(intent, **values)
