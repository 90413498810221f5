"""Cases: folders of CSV and TOML files that a planning question reads, checks and answers.

What force generation, care, supply and relief share: reading cell by cell with every problem noted
at once, writing files all or none, and the frame of the reports.
"""
