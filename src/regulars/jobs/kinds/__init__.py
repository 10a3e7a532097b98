"""What each kind of job does: it calls the room that does it, and says what it came to."""
