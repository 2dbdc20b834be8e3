"""What reports of case.yaml look like, as committed; run as a module, it writes the files anew."""

import json
import tempfile
from pathlib import Path

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.as_json import as_json
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.markdown import markdown
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.conftest import REPORT_CASE
from tests.ocpperf_mcp.report.conftest import FAULTY
from tests.sql.folder_case import publish_case, read_case

FOLDER = Path(__file__).with_name("golden")


def texts(report: Report) -> dict[str, str]:
    """File by file. When the warehouse was published is chance."""
    data = tuple(one.model_copy(update={"published_at": None}) for one in report.data)
    fixed = report.model_copy(update={"data": data})
    dumped = json.dumps(json.loads(as_json(fixed)), indent=1, ensure_ascii=False)
    return {"report.json": dumped + "\n", "report.md": markdown(fixed)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        home = publish_case(Home(Path(folder) / "home"), read_case(REPORT_CASE))
        with open_published(home) as con:
            for name, text in texts(gather(con, FAULTY)).items():
                (FOLDER / name).write_text(text, encoding="utf-8")
