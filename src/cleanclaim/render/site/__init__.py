"""The book as a static site: a page for every code, modifier and rule, and a search that needs no server."""
