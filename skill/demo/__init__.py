"""Simulated patients: stories with a voice, who answer Charley through the real recogniser."""
