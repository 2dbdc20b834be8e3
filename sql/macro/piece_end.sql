-- piece_end: the end of the last piece, `width` long, that a window ending at t1 touches: t1 itself where a piece ends there.
-- function: piece_end(width, t1)
time_bucket(width, t1 - interval 1 microsecond) + width
