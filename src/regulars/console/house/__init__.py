"""Settings: what the business says of itself, its places, its rules, who works here, what programs may."""
