"""Facts, scores and secrets in AWS: the only importer of its SDK."""
