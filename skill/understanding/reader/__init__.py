"""The learned reader: what an answer means, with a probability for every meaning."""
