"""Add-on codes and their primaries."""
