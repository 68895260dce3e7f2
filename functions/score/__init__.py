"""Keeps scorecards and ledgers up to date with the facts."""
