"""Tells what happened: follows what is written of clients, and keeps the journal of it."""
