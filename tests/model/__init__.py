"""The order lifecycle against a reference model, and sweepers against each other."""
