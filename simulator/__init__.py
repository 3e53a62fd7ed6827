"""The practice phone network: Twilio, ElevenLabs and OpenAI as one process that speaks their protocols."""
