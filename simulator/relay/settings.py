"""The attributes of one <ConversationRelay>, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from simulator.relay.attributes import CHECKS, CHILDREN, LANGUAGE_CHECKS, OLD_INPUTS, unknown_names, wrong_values
from simulator.relay.failure import RelayFailed
from simulator.relay.languages import Languages, read_languages

AUTOMATIC_PAUSE_SECONDS = 0.35
"""From the last word to the final prompt, as measured with the default recogniser."""
KINDS = {
    "none": frozenset[str](),
    "dtmf": frozenset({"dtmf"}),
    "speech": frozenset({"speech"}),
    "any": frozenset({"dtmf", "speech"}),
}
FLUX_ONLY = ("eotThreshold", "eagerEotThreshold")
CHANGEABLE = {
    "interruptible",
    "interruptSensitivity",
    "ignoreBackchannel",
    "reportInputDuringAgentSpeech",
    "preemptible",
    "partialPrompts",
    "dtmfDetection",
    "speechTimeout",
    "eotThreshold",
    "eagerEotThreshold",
    "hints",
}
"""By a `config` frame while the call lasts. Which ones Twilio takes is not documented."""


@dataclass(frozen=True)
class RelaySettings:
    attributes: Mapping[str, str]
    parameters: Mapping[str, str]
    languages: Languages
    failovers: tuple[Mapping[str, str], ...] = ()

    @property
    def url(self) -> str:
        return self.attributes["url"]

    @property
    def greeting(self) -> str:
        return self.attributes.get("welcomeGreeting", "")

    def kinds(self, name: str, default: str) -> frozenset[str]:
        """Which input an attribute stands for: speech, dtmf, both or none."""
        return input_kinds(self.attributes.get(name, default))

    def is_on(self, name: str, *, default: bool = False) -> bool:
        return self.attributes.get(name, str(default)).lower() == "true"

    @property
    def sensitivity(self) -> str:
        return self.attributes.get("interruptSensitivity", "high").lower()

    @property
    def pause_seconds(self) -> float:
        timeout = self.attributes.get("speechTimeout", "auto")
        return AUTOMATIC_PAUSE_SECONDS if timeout == "auto" else float(timeout) / 1000

    @property
    def events(self) -> set[str]:
        """`debug` is the older name of `events`."""
        return set(f"{self.attributes.get('events', '')} {self.attributes.get('debug', '')}".split())

    @property
    def formats_words(self) -> bool:
        return self.is_on("asrSmartFormat", default=self.is_on("deepgramSmartFormat", default=True))

    def changed(self, changes: Mapping[str, str]) -> "RelaySettings":
        """Raises RelayFailed."""
        wrong = wrong_values(changes, CHECKS)
        if wrong:
            raise RelayFailed(64106, ", ".join(wrong))
        return replace(self, attributes={**self.attributes, **changes})

    def has_failover(self, kind: str) -> bool:
        """`ttsProvider` or `transcriptionProvider`."""
        return any(kind in failover for failover in self.failovers)


def input_kinds(word: str) -> frozenset[str]:
    return KINDS[OLD_INPUTS.get(word.lower(), word.lower())]


def read_settings(noun: ElementTree.Element, *, allow_plain_ws: bool) -> RelaySettings:
    """Raises RelayFailed with the code that Twilio would give the session."""
    attributes = dict(noun.attrib)
    check_url(attributes.get("url", ""), allow_plain_ws=allow_plain_ws)
    wrong = wrong_values(attributes, CHECKS)
    if wrong:
        raise RelayFailed(64101, ", ".join(wrong))
    languages = read_languages(attributes, noun.findall("Language"))
    parameters = {child.get("name", ""): child.get("value", "") for child in noun.findall("Parameter")}
    failovers = tuple(dict(child.attrib) for child in noun.findall("Failover"))
    return RelaySettings(attributes, parameters, languages, failovers)


def check_url(url: str, *, allow_plain_ws: bool) -> None:
    if not url:
        raise RelayFailed(64101, "url is required")
    if url.startswith("ws://") and not allow_plain_ws:
        raise RelayFailed(64101, f"url={url!r} must begin with wss:// (here, --allow-plain-ws takes ws:// too)")
    if not url.startswith(("wss://", "ws://")):
        raise RelayFailed(64101, f"url={url!r} must begin with wss://")


def warnings(noun: ElementTree.Element) -> list[str]:
    """What Twilio passes over, and thresholds that the recogniser in use does not know."""
    found = [f"attribute {name}" for name in unknown_names(noun.attrib, CHECKS)]
    found += [f"noun {child.tag}" for child in noun if child.tag not in CHILDREN]
    for child in noun.findall("Language"):
        found += [f"Language attribute {name}" for name in unknown_names(child.attrib, LANGUAGE_CHECKS)]
    if not noun.get("speechModel", "").startswith("flux"):
        found += [f"{name} without speechModel flux" for name in FLUX_ONLY if noun.get(name)]
    return [f"12200 ConversationRelay: {what} is passed over" for what in found]
