"""Erasure: what is held of a person or a client, and taking it out of every table, in the background."""
