"""Intake: read any file as it was received, and say what is wrong and where. Nothing is corrected here."""
