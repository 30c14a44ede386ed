"""The packs as people read them: standards, awards and rulings in words, glossary, method, worked examples."""
