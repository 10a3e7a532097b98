"""Long work: files in, tables out, scores, and how each of them stands."""
