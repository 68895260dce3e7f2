"""What the API and the pages read: scorecards of any day, the portfolio, and who may see which."""
