"""Webhooks: the tools that can be connected, how they sign, and what their payloads become."""
