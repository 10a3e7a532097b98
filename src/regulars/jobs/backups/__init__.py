"""Backups as files: how they are called, what is in one, and what was wished for and came of it.

Here is what the pages and the commands both need. Making one and going back to one is of the whole
installation: `regulars.project.backups`.
"""
