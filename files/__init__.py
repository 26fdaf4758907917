"""Files that people upload: what is taken in, where it is kept, how it is given out.

No address leads to a file by its number: the app that owns one asks who may see the owner.

Reads the lists people send (`list_files`) and writes spreadsheets (`spreadsheets`), too.
"""
