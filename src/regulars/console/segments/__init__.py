"""Segments: everybody crossed, segments of one's own, and the people in them."""
