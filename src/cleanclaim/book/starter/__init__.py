"""The facts embedded in the package, so that it works without a download."""
