"""On whom an economy depends, and what it would take to replace whoever leaves.

Import from the modules: schemas of scenarios read :mod:`tumen.lifeline.illicit`, and must not
load the engine for it.
"""
