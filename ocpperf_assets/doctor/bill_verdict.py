"""The bill in sentences."""

from ocpperf_assets.catalogue.vocabulary import written_duration
from ocpperf_assets.doctor.bill import WAREHOUSE_BYTES, Bill
from ocpperf_assets.doctor.line import Line, listed, ok, warning

MANY_NODES = 100
CALMER_STEP_S = 120


def of_bill(bill: Bill, sample_bytes: float | None, step_s: int, nodes: int) -> list[Line]:
    """`sample_bytes`: of JSON, as measured; `nodes`: for how many the bill is made, 0 where nothing tells."""
    of_nodes = f" of a cluster of {nodes} nodes" if nodes else ""
    return [
        ok(
            f"Queries{of_nodes}: {bill.total('queries_hour'):,} for one hour, "
            f"{bill.total('queries_day'):,} for 24 hours at once."
        ),
        ok(
            f"Series: {bill.total('series'):,}, buckets counted in full; samples a day at a step of "
            f"{written_duration(step_s)}: {bill.total('samples_day'):,}."
        ),
        _touched(bill),
        _download(bill, sample_bytes),
        ok(
            f"Warehouse: {size(bill.disk_day)} a day at {WAREHOUSE_BYTES:.0f} bytes a stored sample, tables included; "
            f"both slots with {bill.raw_days:g} days of raw samples: {size(bill.disk)}."
        ),
        *_truncated(bill),
    ]


def of_step(bill: Bill, calmer: Bill, nodes: int, step_s: int) -> list[Line]:
    """A wider step, proposed for many nodes; `calmer`: the bill at CALMER_STEP_S."""
    if nodes <= MANY_NODES or step_s >= CALMER_STEP_S:
        return []
    samples = bill.total("samples_day") - calmer.total("samples_day")
    return [
        warning(
            f"{nodes} nodes at a step of {written_duration(step_s)} are {bill.total('samples_day'):,} samples a day.",
            f"Set OCPPERF_STEP={written_duration(CALMER_STEP_S)}: it saves {samples:,} of them a day, and "
            f"{size(bill.disk - calmer.disk)} of {size(bill.disk)} of disk.",
        )
    ]


def _touched(bill: Bill) -> Line:
    if bill.touched_day is None:
        return ok("Work on the server: it does not tell how many samples a query goes through.")
    return ok(f"Work on the server: about {bill.touched_day:,} samples gone through a day, by its own count.")


def _download(bill: Bill, sample_bytes: float | None) -> Line:
    if sample_bytes is None:
        return warning("Download: not known, no range was answered.", "Run it again once metrics answer.")
    return ok(
        f"Download: {size(bill.download_day(sample_bytes))} of JSON a day before compression "
        f"({sample_bytes:.0f} bytes a sample, measured on an hour of the largest answers)."
    )


def _truncated(bill: Bill) -> list[Line]:
    if not bill.truncated:
        return []
    return [
        warning(
            f"More series than max_series allows: {listed(bill.truncated)}; they would be cut and used for no verdict.",
            "Raise max_series in a file of yours in OCPPERF_METRICS.",
        )
    ]


def size(count: float) -> str:
    """Bytes with the unit that keeps the number short, in steps of 1,000."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"
