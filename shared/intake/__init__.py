"""What an event is and how it becomes a fact: for every door it may come in by."""
