"""What `tools/package.py` is made of: the standard library only, as `sam build` may run it with any Python."""
