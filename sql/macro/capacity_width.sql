-- capacity_width: how long the pieces are from which growth over a window is read: at most 48 of them, and whole days where the
-- window has eight, so that the hours of the day do not pass for growth.
-- function: capacity_width(t0, t1)
to_seconds(
    case
        when t1 - t0 >= interval 8 days then 86400 * ceil(epoch(t1 - t0) / 86400 / 48)
        else list_filter(
            [300, 600, 900, 1800, 3600, 7200, 14400], lambda width: epoch(t1 - t0) <= width * 48
        )[1]
    end::bigint
)
