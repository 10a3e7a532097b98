"""The account that mail goes out by, tried for real, and what did not go out."""
