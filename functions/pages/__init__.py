"""The pages for people: scorecards and the portfolio as HTML that needs no script, no build and no other server."""
