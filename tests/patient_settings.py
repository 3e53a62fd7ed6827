"""The product's own settings, with more time for workers: for tests of what is said, on machines that hesitate."""

from callcenter.settings import *  # noqa: F403

TURN_LIFE_SECONDS = 10.0
TURN_TRY_AGAIN_WITHIN_SECONDS = 30.0
