"""House rules of Acme Billing: one file a rule, its cases beside it."""
