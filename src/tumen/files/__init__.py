"""Files in and out: strict YAML with lines, schemas, nearest names, writing beside and renaming.

Nothing is imported here, so that a command which only writes a file does not load pydantic.
"""
