"""Snapshots: what a source read of an account, stored as JSON lines, and read back with the same verdicts.

    {"asbuilt_snapshot": 1, "taken": …, "source": "aws", "identity": {…}, "regions": […], "types": […]}
    {"unread": {"type": …, "path": …, "names": […]}}               attributes that were not read of a type
    {"type": …, "address": …, "root": …, "origin": …, "identity": {…}, "attributes": {…}}      one line a resource
    {"notification": {"level": "error", "what": …, "hides": […]}}                              what was not read
    {"end": 2}                                                     the number of lines between; a torn file has none

Files ending in `.gz` and `.zst` are compressed. Of sensitive values `{"(sensitive)": true}` is stored, of
unknown ones `{"(unknown)": [reason, in English, in Korean]}`.
"""

from scanner.sources.snapshot.header import Header
from scanner.sources.snapshot.read import Snapshot
from scanner.sources.snapshot.write import write_snapshot

__all__ = ["Header", "Snapshot", "write_snapshot"]
