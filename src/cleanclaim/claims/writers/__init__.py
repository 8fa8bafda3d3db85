"""Writers: claims brought back into the files they came from."""
