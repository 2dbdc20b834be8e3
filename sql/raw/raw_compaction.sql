-- raw_compaction: when the warehouse was last rewritten to give free space back, and what was free of which size.
-- grain: one row per rewriting
-- keys: compacted_at
create table if not exists raw_compaction (
    compacted_at timestamp,
    file_bytes bigint,
    free_share double
)
