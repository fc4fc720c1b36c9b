"""Cases from files: settings that accumulate into a ladder of steps."""

from __future__ import annotations
