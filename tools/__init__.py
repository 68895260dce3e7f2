"""What a developer or an operator runs."""
