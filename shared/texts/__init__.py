"""What the service says to people, in their language."""
