"""Answers are decoded by several threads at once."""

import subprocess
import sys

# What msgspec asks of Python while it makes a decoder lets another thread in, which finds it half made and crashes.
PROGRAM = """
import sys
from ocpperf_assets.promql.decode import decode_matrix
from ocpperf_assets.promql.faults import error_message
from ocpperf_assets.promql.instant import decode_instant

made = []
sys.setprofile(lambda frame, *_: made.append(frame) if frame.f_code.co_name == "get_class_annotations" else None)
decode_matrix(b'{"status": "success", "data": {"resultType": "matrix", "result": []}}')
decode_instant(b'{"status": "success", "data": {"resultType": "vector", "result": []}}')
error_message(b'{"status": "error", "error": "too many"}')
sys.setprofile(None)
sys.exit(len(made))
"""


def test_no_decoder_is_made_while_answers_arrive() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), "a decoder was made after the import"
