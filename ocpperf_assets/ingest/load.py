"""Load staged Parquet into the raw tables of the slot being written.

A window is replaced, never appended to: for every metric the part of each hour that was asked for (and answered)
is deleted and inserted again, so a repeated collection leaves the same rows. A failed query deletes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import duckdb

from ocpperf_assets.ingest.staged import Change, StagedDomain, chunks

CHUNK = timedelta(hours=24)

# An hour may have been asked for in several pieces; one row each.
_PIECES = """
create or replace temp table piece as
select cluster, domain, metric, hour, asked_start, asked_end, status, attempts, bytes, seconds, error, notes,
       expr_hash, step_s, extracted_at
from read_parquet($files)
where cluster = $cluster and hour >= $start and hour < $end
"""

# An hour of which a piece failed is partial where another piece was answered; many pieces are not many attempts.
_ASKED = """
create or replace temp table asked as
select
    cluster, domain, metric, hour,
    max(asked_end) filter (status <> 'error') as answered_until,
    case when bool_and(status = 'error') then 'error'
         when bool_or(status = 'truncated') then 'truncated'
         when bool_or(status in ('partial', 'error')) then 'partial'
         when bool_or(status = 'ok') then 'ok'
         else 'empty' end as status,
    max(attempts) as attempts, sum(bytes) as bytes, sum(seconds) as seconds,
    min_by(error, asked_start) as error,
    string_agg(distinct notes, '; ' order by notes) as notes,
    any_value(expr_hash) as expr_hash, any_value(step_s) as step_s, max(extracted_at) as extracted_at
from piece
group by all
"""

_DELETE = """
delete from {table} as old using piece
where old.cluster = piece.cluster and old.metric = piece.metric and piece.status <> 'error'
  and old.ts >= piece.asked_start and old.ts < piece.asked_end
  and old.ts >= $start and old.ts < $end
"""

_INSERT = """
insert into {table} by name
select cluster, metric, series_id, ts, {columns} from read_parquet($files)
where cluster = $cluster and ts >= $start and ts < $end
order by metric, series_id, ts{order}
"""

# A state is stored as the ends of its runs, and a run must not end where one answer met the next: of two equal
# neighbours at a seam the one that lies inside the run goes. So slices of an hour leave the rows of the whole hour.
_JOIN_RUNS = """
delete from {table} as old using (
    with seams as (
        select distinct piece.metric, piece.hour, unnest([asked_start, asked_end]) as seam,
               to_seconds(piece.step_s) as step
        from piece
        join catalogue_metric as m on m.name = piece.metric and m.kind = 'state'
    ),
    ends as (
        select series_id, metric, ts, date_trunc('hour', ts) as hour,
               lag(ts) over run as before, lead(ts) over run as after,
               before is not null and lag(value) over run is not distinct from value as goes_back,
               after is not null and lead(value) over run is not distinct from value as goes_on
        from {table}
        where cluster = $cluster and ts >= $start and ts < $end and metric in (select metric from seams)
        window run as (partition by series_id, date_trunc('hour', ts) order by ts)
    )
    select series_id, ts from ends join seams using (metric, hour)
    where goes_back and goes_on and (
        (ts = seam - step and after = seam) or (ts = seam and before = seam - step)
    )
) as inner_point
where old.cluster = $cluster and old.series_id = inner_point.series_id and old.ts = inner_point.ts
"""

_SERIES = """
merge into raw_series_label as old
using (
    select cluster, domain, metric, series_id, any_value(labels) as labels,
           min(first_seen) as first_seen, max(last_seen) as last_seen
    from read_parquet($files)
    group by all
) as new
on old.cluster = new.cluster and old.series_id = new.series_id
when matched and (new.first_seen < old.first_seen or new.last_seen > old.last_seen) then update set
    first_seen = least(old.first_seen, new.first_seen),
    last_seen = greatest(old.last_seen, new.last_seen),
    changed_version = $version
when not matched then insert (cluster, domain, metric, series_id, labels, first_seen, last_seen, changed_version)
    values (new.cluster, new.domain, new.metric, new.series_id, new.labels, new.first_seen, new.last_seen, $version)
"""

# Counts are taken from the tables as they now stand, not from the answer: an open hour is collected in slices.
# A state metric stores only the ends of its runs, so there what is stored is what is expected.
_COUNTS = """
create or replace temp table counted as
with points as (
    select cluster, metric, series_id, ts, value is null as is_nan from {raw}
    where cluster = $cluster and ts >= $start and ts < $end
    union all
    select cluster, metric, series_id, ts, bool_and(increase is null) as is_nan from raw_histogram
    where cluster = $cluster and ts >= $start and ts < $end
    group by all
),
series as (
    select points.cluster, points.metric, date_trunc('hour', points.ts) as hour, points.series_id,
           count(*) as samples, count(*) filter (is_nan) as nan,
           case when any_value(m.kind) = 'state' then count(*)
                else date_diff('second', min(ts), max(ts)) // any_value(asked.step_s) + 1 end as expected
    from points
    join asked on asked.metric = points.metric and asked.hour = date_trunc('hour', points.ts)
    join catalogue_metric as m on m.name = points.metric
    group by all
)
select cluster, metric, hour, count(*) as series, sum(samples) as samples, sum(nan) as nan, sum(expected) as expected
from series
group by all
"""

# A failed repetition leaves what an earlier collection brought: the row keeps its status and says what happened.
# Attempts tell healing when to give up. They count from the hour's close on, or refreshes would have used them up, and
# only in runs that were answered at all: while Prometheus is away, no metric's hour is tried.
_EXTRACTION = """
create or replace temp table extracted as
with asked as (
    select asked.*, coalesce(asked.status = 'error' and old.status <> 'error', false) as kept
    from asked left join raw_extraction as old using (cluster, metric, hour)
)
select asked.cluster, asked.domain, asked.metric, asked.hour,
       case when kept then old.status
            when asked.status = 'empty' and counted.samples > 0 then 'ok'
            else asked.status end as status,
       case when old.extracted_at >= asked.hour + interval 1 hour then old.attempts else 0 end
           + if($is_answered, asked.attempts, 0) as attempts,
       coalesce(counted.series, 0) as series,
       coalesce(counted.samples, 0) as samples,
       coalesce(counted.expected, 0) as expected,
       coalesce(counted.nan, 0) as nan,
       asked.bytes, asked.seconds,
       case when kept then null else asked.error end as error,
       case when kept then 'A repeated collection failed: ' || asked.error else asked.notes end as notes,
       case when kept then old.expr_hash else asked.expr_hash end as expr_hash,
       asked.step_s,
       greatest(asked.answered_until, old.collected_until) as collected_until,
       $run_id as run_id, asked.extracted_at
from asked
left join raw_extraction as old using (cluster, metric, hour)
left join counted using (cluster, metric, hour)
"""

_REPLACE_EXTRACTION = """
delete from raw_extraction as old using extracted as new
where old.cluster = new.cluster and old.metric = new.metric and old.hour = new.hour;
insert into raw_extraction by name select * from extracted order by hour, metric;
"""


class Loader:
    """Loads one run's staged domains; `record` is told every window of every table that changed.

    `is_answered`: whether Prometheus answered any query of the run.
    Needs the relation `catalogue_metric` on the connection. Memory stays flat over the range: a day is loaded
    at a time.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        run_id: str,
        version: int,
        is_answered: bool = True,
        record: Callable[[str, str, Change], None],
    ) -> None:
        self._con = con
        self._run_id = run_id
        self._version = version
        self._is_answered = is_answered
        self._record = record

    def load(self, staged: StagedDomain, changes: Sequence[Change]) -> None:
        """Replace the raw rows of the staged domain in the changed hours."""
        for change in changes:
            for window in chunks(change.window, CHUNK):
                self._con.execute("begin")
                self._load_window(staged, Change(change.cluster, window))
                self._con.execute("commit")
        if files := staged.files("series"):
            self._con.execute(_SERIES, {"files": files, "version": self._version})

    def _load_window(self, staged: StagedDomain, change: Change) -> None:
        raw = f"raw_{staged.domain}"
        bounds = {
            "cluster": change.cluster,
            "start": change.window.start.replace(tzinfo=None),
            "end": change.window.end.replace(tzinfo=None),
        }
        self._con.execute(_PIECES, {"files": staged.files("extraction"), **bounds})
        self._con.execute(_ASKED)
        self._replace(raw, staged.files("samples"), "value", "", bounds)
        self._con.execute(_JOIN_RUNS.format(table=raw), bounds)
        self._replace("raw_histogram", staged.files("buckets"), "le, increase", ", le", bounds)
        self._con.execute(_COUNTS.format(raw=raw), bounds)
        self._con.execute(_EXTRACTION, {"run_id": self._run_id, "is_answered": self._is_answered})
        self._con.execute(_REPLACE_EXTRACTION)
        for table, column in ((raw, "ts"), ("raw_histogram", "ts"), ("raw_extraction", "hour")):
            self._record(table, column, change)

    def _replace(self, table: str, files: list[str], columns: str, order: str, bounds: dict[str, object]) -> None:
        window = {key: bounds[key] for key in ("start", "end")}
        self._con.execute(_DELETE.format(table=table), window)
        if files:
            statement = _INSERT.format(table=table, columns=columns, order=order)
            self._con.execute(statement, {"files": files, **bounds})
