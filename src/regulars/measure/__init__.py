"""Whether it works: the five questions, goals, the diagnosis.

Pure rules over figures that the rooms below hand up; no table yet.
"""
