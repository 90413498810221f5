"""The UN monthly reports on uniformed personnel (PDF, 2015 onwards, all layouts).

No layout is known in advance: the heading line of a page gives the columns, the places of names
give the rows that they belong to, and the totals that the report prints say whether that is right.
"""

from sulh.intake.un_monthly_pdf.source import SOURCE

__all__ = ["SOURCE"]
