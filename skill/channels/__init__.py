"""The ways in besides this machine's microphone and keys: each holds Charley's one conversation over its own medium."""
