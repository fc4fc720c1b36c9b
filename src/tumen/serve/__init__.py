"""The live page and its JSON API, on this machine: the answer follows the controls."""
