"""Global surgery: what belongs to a procedure before and after it, and patients seen before."""
