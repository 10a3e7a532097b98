"""PostgreSQL, as Regulars keeps its connections."""
