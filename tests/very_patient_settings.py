"""As `patient_settings`; and nobody is asked for a moment's patience while a test makes up its next word."""

from tests.patient_settings import *  # noqa: F403

TURN_WORD_SECONDS = 30.0
