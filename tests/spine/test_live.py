"""A real etcd and a real node_exporter, scraped by a real Prometheus: what is collected is what Prometheus answers."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from demo.prometheus import LocalPrometheus, free_port
from ocpperf_mcp.contracts.windows import floor_to
from tests.conftest import OCPPERF, Demo
from tests.spine.test_agrees_with_prometheus import asked, differences, stored

ETCD_METRICS = ("etcd_has_leader", "proposal_commit_rate", "etcd_db_physical_size")
