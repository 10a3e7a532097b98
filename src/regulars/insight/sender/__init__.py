"""What customers are worth by whom they bring.

Here live the claims of who sent whom and which of them stand, the tree that they make, the
value that flows along it, the rate at which people send, and the quadrants. Pure numpy: no
files, no words for people, no model of purchases.
"""
