"""Webhooks: what survey tools and HR systems post as they are, verified, turned into events and taken or parked."""
