"""Paper: what people print, sign, file and hand on. Word where staff edit it, PDF where they do not."""
