"""What goes wrong with a ConversationRelay session."""

from dataclasses import dataclass


@dataclass
class RelayFaults:
    """`relay_error_code` ends the session after `relay_error_after_prompts` prompts; 64114 so: nothing is recognised.

    relay_misheard: the share of the words that the recogniser gets wrong.
    """

    drop_relay_after_prompts: int = 0
    relay_unreachable: bool = False
    relay_error_code: int = 0
    relay_error_after_prompts: int = 0
    relay_deaf: bool = False
    relay_misheard: float = 0.0
    relay_prompt_delay_ms: int = 0
    relay_duplicate_prompts: float = 0.0
