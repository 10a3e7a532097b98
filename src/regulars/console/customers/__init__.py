"""The list of customers: found, narrowed down, kept by a name, taken along."""
