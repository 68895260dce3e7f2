"""The page of all partnerships: which clients are listed, in what order, and what is told of each."""
