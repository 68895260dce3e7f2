"""Shows the service at work: sends the sample portfolio through the real endpoints and prints the scores."""

from tools.demo.calls import DemoError, post_events, wait_until_settled
from tools.demo.portfolio import aliases, client_ids, load_portfolio
from tools.demo.report import print_portfolio
from tools.demo.run import main

__all__ = [
    "DemoError",
    "aliases",
    "client_ids",
    "load_portfolio",
    "main",
    "post_events",
    "print_portfolio",
    "wait_until_settled",
]
