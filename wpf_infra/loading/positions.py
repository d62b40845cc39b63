"""Where each declared thing stands, for a whole catalogue, without making a value of each place before it is asked for.

Here: the look-up by dotted path. Not here: finding the places (`yaml12`, `python_file`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wpf_infra.model.finding import Position


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one file: line and column of each path, relative to what the file declares."""

    file: str
    places: Mapping[str, tuple[int, int]]

    def nearest(self, path: str) -> Position:
        """Where `path`, or the nearest thing around it, stands; the file alone when nothing is known."""
        while path not in self.places and path:
            path = path.rpartition(".")[0]
        return self._position(path)

    def _position(self, path: str) -> Position:
        line, column = self.places.get(path, (None, None))
        return Position(self.file, line, column)


class Positions(Mapping[str, Position]):
    """Every place of a catalogue by its dotted path, the first step being the owner (`higashi-suido.vms.app-1`)."""

    def __init__(self, files: Mapping[str, Places]) -> None:
        self._files = files

    def __getitem__(self, path: str) -> Position:
        owner, _, rest = path.partition(".")
        places = self._files[owner]
        if rest and rest not in places.places:
            raise KeyError(path)
        return places.nearest(rest)

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        owner, _, rest = path.partition(".")
        return owner in self._files and (not rest or rest in self._files[owner].places)

    def __iter__(self) -> Iterator[str]:
        for owner, places in self._files.items():
            for path in places.places:
                yield f"{owner}.{path}" if path else owner

    def __len__(self) -> int:
        return sum(len(places.places) for places in self._files.values())
