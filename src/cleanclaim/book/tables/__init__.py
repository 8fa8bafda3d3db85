"""One module per published table: schema, recognition and parser of its layouts."""
