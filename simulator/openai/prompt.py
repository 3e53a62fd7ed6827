"""The prompt as the scripted assistant reads it: headings, lists, and what was said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

HEADING = re.compile(r"^#{1,3}\s*(.+?)\s*$")
ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.*)$")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
REFUSED = re.compile(
    r"error|fail|refus|reject|invalid|outside|\bno_|\bnot\b|not_|cannot|unable|denied|closed", re.IGNORECASE
)
NAME = re.compile(r"^\s*(?:name|nombre)\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)


def local_now() -> datetime:
    """Without a zone, as the prompt tells times."""
    return datetime.now().astimezone().replace(tzinfo=None)


@dataclass(frozen=True)
class Said:
    """`tools` were used with these words; refused, they changed nothing."""

    speaker: str
    text: str
    tools: tuple[str, ...] = ()
    was_refused: bool = False


@dataclass(frozen=True)
class Prompt:
    language: str = "en"
    purpose: str = ""
    already_said: str = ""
    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    name: str = ""
    now: datetime = field(default_factory=local_now)
    conversation: tuple[Said, ...] = field(default=())
    system: str = ""
    has_language: bool = False

    @property
    def heard(self) -> str:
        """The person's latest words: everything since the assistant last spoke."""
        words: list[str] = []
        for said in reversed(self.conversation):
            if said.speaker == "assistant":
                break
            words.insert(0, said.text)
        return " ".join(words)

    @property
    def was_refused(self) -> bool:
        """The application did not accept what was done in the latest words."""
        return bool(self.conversation) and self.conversation[-1].was_refused

    @property
    def was_accepted(self) -> bool:
        """A tool was used in the latest words, and nobody has spoken since."""
        return bool(self.conversation) and bool(self.conversation[-1].tools) and not self.was_refused

    @property
    def spoken(self) -> tuple[str, ...]:
        return tuple(said.text for said in self.conversation if said.speaker == "assistant")


def read_prompt(messages: list[dict[str, Any]]) -> Prompt:
    system = "\n".join(text_of(message) for message in messages if message["role"] in ("system", "developer"))
    parts = read_sections(system)
    return Prompt(
        language=parts.get("language", "en").split()[0] if parts.get("language") else "en",
        purpose=parts.get("purpose", parts.get("", "")).strip(),
        already_said=parts.get("already said", "").strip(),
        questions=tuple(read_items(parts.get("questions", ""))),
        facts=tuple(read_items(parts.get("facts", ""))),
        name=read_name(parts.get("person", "")),
        now=read_moment(parts.get("time", "")),
        conversation=tuple(read_conversation(messages)),
        system=system,
        has_language=bool(parts.get("language")),
    )


def read_sections(text: str) -> dict[str, str]:
    """By lower-case heading; what stands before the first one is under ""."""
    parts: dict[str, list[str]] = {"": []}
    current = parts[""]
    for line in text.splitlines():
        heading = HEADING.match(line)
        if heading:
            current = parts.setdefault(heading[1].lower(), [])
        else:
            current.append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}


def read_items(text: str) -> list[str]:
    found = [ITEM.match(line) for line in text.splitlines()]
    items = [match[1].strip() for match in found if match and match[1].strip()]
    return items or [line.strip() for line in text.splitlines() if line.strip()]


def read_name(text: str) -> str:
    found = NAME.search(text)
    return found[1] if found else ""


def read_moment(text: str) -> datetime:
    """Local time of the person, as the prompt tells it."""
    found = MOMENT.search(text)
    return datetime.fromisoformat(found[0]) if found else local_now()


def read_conversation(messages: list[dict[str, Any]]) -> Iterator[Said]:
    """Results of tools are messages of their own: what tells of an error is a refusal."""
    results = {message.get("tool_call_id"): text_of(message) for message in messages if message["role"] == "tool"}
    for message in messages:
        if message["role"] == "user":
            yield Said("person", text_of(message))
        elif message["role"] == "assistant":
            calls = message.get("tool_calls") or ()
            refused = any(REFUSED.search(results.get(call.get("id"), "")) for call in calls)
            names = tuple(call["function"]["name"] for call in calls)
            yield Said("assistant", text_of(message), names, refused)


def text_of(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content if isinstance(part, dict))
