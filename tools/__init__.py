"""What a developer or operator runs."""
