"""The Lambda functions: each folder is one, its handler the composition root."""

import gc

# What is imported stays, and a request leaves few cycles: collecting at every 700 objects was a twentieth of a start.
gc.set_threshold(50_000)
