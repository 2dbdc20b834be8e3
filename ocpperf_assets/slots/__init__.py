"""One writer, many readers, no lock shared: two complete files and a link to the published one.

The writer takes the slot that is not published, catches it up from the published one, adds what is new, checkpoints,
closes, and switches the link by rename. A marker file beside a slot says that it is being written; it is removed only
after the switch, so a slot without a marker is always a published version, today's or an earlier one.
"""

from ocpperf_assets.slots.turn import WriteTurn, write_turn

__all__ = ["WriteTurn", "write_turn"]
