"""The tools that can be connected, one module each, which exports its `PROVIDER`; found by the name of the file."""
