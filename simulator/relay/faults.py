"""What goes wrong with a ConversationRelay session."""

from dataclasses import dataclass


@dataclass
class RelayFaults:
    drop_relay_after_prompts: int = 0
