"""Connecting a tool: what to type into it, a payload as it sends them, and what becomes of that, step by step."""
