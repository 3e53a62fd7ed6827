"""Where the speech service stands on this network's one port."""

PREFIX = "/elevenlabs"
