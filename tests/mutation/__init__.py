"""Mutation check of formula models: change one operator, threshold or sign; some unit test must fail.

What belongs here: taking dbt's compiled unit tests apart, changing a model's own expression, judging each
change with the model's unit tests, and the register of changes that nothing can notice.
"""
