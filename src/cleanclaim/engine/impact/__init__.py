"""What the next release changes: the same claims, checked and priced under one release and under another."""
