"""The claims of the accuracy benchmark, written from the published tables and from nothing of cleanclaim."""
