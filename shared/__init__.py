"""What the functions have in common; never imports from them."""
