"""Lets the scripted assistant talk with the network's people in writing, to read how believable it is.

python -m simulator.openai.rehearse [--persona NAME] [--seed 7] [--times 1]
"""

import argparse
import random
import sys
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.openai.prompt import read_prompt
from simulator.openai.reply import Reply
from simulator.openai.scripted_assistant import ScriptedAssistant
from simulator.openai.understanding import SILENCE
from simulator.options import PERSONAS_FOLDER
from simulator.people.mind import Mind, Reaction
from simulator.people.persona import Persona
from simulator.people.persona_file import read_personas

SCRIPTS = Path(__file__).parent / "rehearsals.toml"
NOW = datetime.fromisoformat("2026-11-23T11:20")
CHARACTERS_PER_SECOND = 15
MOST_TURNS = 60
NUMBER = "600123456"
DISPOSITIONS = ["interested", "not_interested", "callback", "wrong_number", "completed", "no_conversation"]
TOOLS: dict[str, dict[str, Any]] = {
    "end_call": {
        "type": "object",
        "properties": {"disposition": {"type": "string", "enum": [*DISPOSITIONS, "human_requested"]}},
        "required": ["disposition"],
    },
    "schedule_callback": {
        "type": "object",
        "properties": {"at": {"type": "string"}, "note": {"type": "string"}},
        "required": ["at", "note"],
    },
    "mark_do_not_call": {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]},
}


@dataclass(frozen=True)
class Script:
    """What an application puts into its prompt."""

    language: str
    purpose: str
    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    name: str = ""
    opening: str = ""

    def prompt(self) -> str:
        numbered = [f"{place}. {text}" for place, text in enumerate(self.questions, start=1)]
        sections = {
            "Language": self.language,
            "Purpose": self.purpose,
            "Questions": "\n".join(numbered),
            "Facts": "\n".join(f"- {fact}" for fact in self.facts),
            "Already said": self.opening,
            "Person": f"Name: {self.name}" if self.name else "",
            "Time": f"{NOW:%Y-%m-%dT%H:%M} (Europe/Madrid)",
        }
        written = (f"# {heading}\n{content}" for heading, content in sections.items() if content)
        return "\n".join(["You are the assistant of a call centre, on the phone with a person.", *written])


class Rehearsal:
    """One conversation, without sound: what is said is heard, except for what an interruption cuts off."""

    def __init__(self, script: Script, persona: Persona, dice: random.Random) -> None:
        self._persona, self._person = persona, Mind(persona, 1, dice)
        self._messages: list[dict[str, Any]] = [{"role": "system", "content": script.prompt()}]
        self.lines: list[str] = []
        self.replies: list[Reply] = []
        self._opening = script.opening
        self._picked_up = self._person.pick_up().replace("{number}", " ".join(NUMBER))

    def run(self) -> list[str]:
        if self._persona.is_machine:
            self._note("person", self._picked_up)
            self._answer(self._picked_up)
            return self.lines
        self._note("person", self._picked_up or SILENCE)
        self._note("assistant", self._opening)
        said = self._opening
        for _ in range(MOST_TURNS):
            reaction = Reaction(SILENCE) if self._persona.is_silent else self._person.react(said)
            if self._is_over(reaction):
                break
            said = self._answer(reaction.say or (f"[{reaction.press}]" if reaction.press else ""))
            if reaction.then == "leave" or self._has_ended():
                break
        return self.lines

    def _is_over(self, reaction: Reaction) -> bool:
        if reaction.press:
            self._note("person", f"[{reaction.press}]")
        if reaction.say:
            self._note("person", reaction.say)
        if reaction.then == "hang-up":
            self._note("person", "[hangs up]")
        return reaction.then == "hang-up"

    def _answer(self, heard: str) -> str:
        self._messages.append({"role": "user", "content": heard or SILENCE})
        reply = ScriptedAssistant(read_prompt(self._messages), TOOLS).reply()
        said = self._as_heard(reply.text)
        self.replies.append(reply)
        self._messages.append({"role": "assistant", "content": said})
        self._note("assistant", said + "".join(f" [{tool.name} {tool.text}]" for tool in reply.tools))
        return said

    def _as_heard(self, text: str) -> str:
        """As far as the person lets it be spoken."""
        step = self._person.next_step()
        if step is None or step.barge_in_after is None:
            return text
        heard = text[: int(step.barge_in_after * CHARACTERS_PER_SECOND)]
        return heard if heard == text else heard.rpartition(" ")[0]

    def _has_ended(self) -> bool:
        names = {tool.name for tool in self.replies[-1].tools}
        return bool(names & {"end_call", "mark_do_not_call"})

    def _note(self, speaker: str, text: str) -> None:
        self.lines.append(f"{speaker}: {text}")


def read_scripts() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(SCRIPTS.read_text("utf-8"))


def script_for(persona: Persona, dice: random.Random) -> Script:
    scripts = read_scripts()
    language = persona.language if persona.language in scripts else "en-US"
    data = dice.choice(scripts[language])
    name = dice.choice(data["names"])
    return Script(
        language=language,
        purpose=data["purpose"],
        questions=tuple(data["questions"]),
        facts=tuple(data["facts"]),
        name=name,
        opening=data["opening"].format(name=name.split()[0]),
    )


def rehearse(persona: Persona, seed: str) -> list[str]:
    dice = random.Random(seed)
    return Rehearsal(script_for(persona, dice), persona, dice).run()


def can_talk(persona: Persona) -> bool:
    """Menus, screens and fax machines want keys and tones, not words."""
    return "answer" in persona.outcomes and persona.machine in ("", "voicemail")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persona", help="one of the personas; all of them without it")
    parser.add_argument("--personas", type=Path, default=PERSONAS_FOLDER)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=1, help="conversations with each")
    options = parser.parse_args()
    for name, persona in read_personas(options.personas).items():
        if options.persona not in (None, name) or not can_talk(persona):
            continue
        for time in range(options.times):
            lines = rehearse(persona, f"{options.seed}|{name}|{time}")
            sys.stdout.write("\n".join([f"== {name}", *lines, "", ""]))


if __name__ == "__main__":
    main()
