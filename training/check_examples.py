"""Looks for faults in the examples: `python -m training.check_examples [--thin] [--language-folder DIR]`."""
