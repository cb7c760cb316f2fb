"""The conversation: the only room that knows both medicine and speech."""
