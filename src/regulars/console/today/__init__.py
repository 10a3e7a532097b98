"""The home page: today's list, what changed, and who may be suggested."""
