"""Tools tests share."""
