"""The usual way: what a service like this costs with Powertools' whole set, to compare with."""
