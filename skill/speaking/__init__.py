"""Text in, sound out: synthetic voices, their cache, an interruptible player, earcons and captions."""
