"""What stands for the person's words when there are none: a pressed key, or nothing at all."""

OPT_OUT_KEY = "9"
NOTHING = ""
SILENCE_FOR_MODEL = "[silence]"


def key_press(digit: str) -> str:
    """How a pressed key stands in a transcript."""
    return f"[{digit}]"


def for_model(heard: str) -> str:
    """The person's part of a turn as the model reads it."""
    return heard or SILENCE_FOR_MODEL
