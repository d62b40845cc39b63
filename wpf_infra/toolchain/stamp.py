"""What was set up before: a note in the virtual environment, so that a second `make up` need not look again.

Here: notes by name, kept in one small file. Not here: what a note's value means; whoever writes it compares it.
"""

from __future__ import annotations

import json
from pathlib import Path


class Stamp:
    """Notes in `file`. A file that cannot be read counts as no notes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._notes: dict[str, str] = {}
        try:
            notes = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(notes, dict):
            self._notes = {str(name): str(value) for name, value in notes.items()}

    def says(self, name: str, value: str) -> bool:
        return self._notes.get(name) == value

    def note(self, name: str, value: str) -> None:
        """Write it down at once: what is done stays done when the next step fails."""
        self._notes[name] = value
        temporary = self._file.with_name(self._file.name + ".new")
        temporary.write_text(json.dumps(self._notes, indent=2) + "\n", encoding="utf-8")
        temporary.replace(self._file)
