"""The long runs: many histories under many faults, and mutants that they must catch.

`python -m tests.campaigns --help`, or `make faults` and `make mutants`. The tests run a short form of each, in
`tests/integration/test_faults.py`, on the same engine.
"""
