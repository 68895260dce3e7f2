"""Webhooks: what survey tools and HR systems post as they are, verified and turned into events."""
