"""Destinations: whom the service tells what happened, and what a message to them is."""
