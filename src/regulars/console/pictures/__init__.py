"""Pictures of everybody: who spends and sends, how recently and how often people come, whether they come back.

Drawn here as SVG and tables, so that every mark is a link to the people it stands for. What they show is
read in ``scoring``; pictures on paper are in ``insight.report``.
"""
