"""What every test stands on: properties that fail alike today and tomorrow, on a fast and on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")
