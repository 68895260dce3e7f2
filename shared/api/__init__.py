"""What the HTTP API is: its operations, what they take and what they respond with."""
