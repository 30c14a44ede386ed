"""Pages only, one package per audience; they do not import each other."""
