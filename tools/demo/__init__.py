"""Shows the service at work: sends the sample portfolio through the real endpoints and prints the scores."""

from tools.demo.run import demo, demonstrate

__all__ = ["demo", "demonstrate"]
