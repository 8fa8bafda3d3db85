"""Publishers and their series, and the only code that reaches the network."""
