"""Long work that nobody should wait for: scoring, files that come in, tables that go out.

A job is a row that says what is asked for, by whom, and how far it is; workers take jobs, one after the
other. What is done is in the rooms below; ``kinds`` only calls it. Files of jobs lie in the home folder for
as long as they are needed, and no value of a person stands in a job's row.
"""
