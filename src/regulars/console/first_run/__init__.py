"""The first fifteen minutes: from an empty folder to three names for tomorrow."""
