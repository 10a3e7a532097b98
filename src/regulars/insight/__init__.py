"""The value models, over files and tables: a library without Django."""
