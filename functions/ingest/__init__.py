"""Stores what arrives over HTTP as facts."""
