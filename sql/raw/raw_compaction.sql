-- raw_compaction: when the warehouse was last rewritten to give free space back, and what was free of which size.
-- grain: one row per rewriting
-- keys: compacted_at
-- example: from raw_compaction order by compacted_at desc
-- example: select max(compacted_at) as last from raw_compaction
-- example: select compacted_at, file_bytes * free_share as freed_bytes from raw_compaction order by compacted_at
create table if not exists raw_compaction (
    compacted_at timestamp,
    file_bytes bigint,
    free_share double
)
