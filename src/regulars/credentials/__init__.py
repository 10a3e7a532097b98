"""What opens the doors: keys of programs, second steps at sign-in, and the lock after wrong passwords.

Employees and their passwords are in `regulars.people`; what a page or a route asks for is its door's.
"""
