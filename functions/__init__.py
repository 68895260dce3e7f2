"""The Lambda functions: each folder is one, its handler the composition root."""
