"""What tests need of AWS that moto does not give, and an independent answer to what a score is."""
