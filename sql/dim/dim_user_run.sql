-- dim_user_run: windows that people gave a name (`ocpperf run name`), as they were at the last publication.
-- grain: one row per name
-- keys: name
-- window: none
select name, cluster, start, "end", note, named_at from user_run
