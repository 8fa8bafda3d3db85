"""The book: dated and cited facts of every loaded release."""
