"""What makes a web site of the rooms: settings, addresses, the server.

Here is nothing of the business. Settings come from the environment and from the home folder,
where the database of a small shop lies; docs/settings.md names each of them.
"""
