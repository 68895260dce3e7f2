"""The pure core: the model, the rules of the score, the ledger. Standard library only, no clock, no AWS."""
