"""The demonstration: a real export is imported, everyone on it is called, and what came of it is told."""
