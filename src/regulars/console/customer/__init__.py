"""One customer: the page in four parts (what they are like, what we know, may we write, their data).

``head`` is what all parts have in common. A part that can be written to says what is wrong beside the field; what
is removed for good asks first.
"""
