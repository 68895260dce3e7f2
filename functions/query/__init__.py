"""Answers what the scores are, and why."""
