"""What is drawn up, submitted, approved, changed with a reason and compared; and editing by two.

The owner (a year's goals, a plan) has `document = OneToOneField(Document)`, gives its content as
lines (`documents.content`) and its pages hand the steps to `documents.http.take_step`.
"""
