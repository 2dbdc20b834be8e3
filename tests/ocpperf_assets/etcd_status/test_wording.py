"""What of etcd's words is shown and stored."""

import pytest

from ocpperf_assets.etcd_status.wording import LONGEST, last_words, sayable


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("open /etc/kubernetes/pki/etcd/server.key: no such file", "open (a file): no such file"),
        (
            'Failed to read "/a/b.crt" or key=/c/d.key or x:/e',
            'Failed to read "(a file)" or key=(a file) or x:(a file)',
        ),
        ("dial https://10.0.0.10:2379/health refused", "dial https://10.0.0.10:2379/health refused"),
        ("dial tcp [fd00::1]:2379:\n  i/o timeout", "dial tcp [fd00::1]:2379: i/o timeout"),
        ("x" * 2 * LONGEST, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_addresses_stay_and_paths_go(words: str, shown: str) -> None:
    assert sayable(words) == shown


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        ("", ""),
        ('{"level":"warn","msg":"retrying","error":"late"}\nError: unhealthy cluster\n', "Error: unhealthy cluster"),
        ('{"level":"fatal","msg":"conflicting variable","error":"shadowed"}\n', "conflicting variable: shadowed"),
        ("{half a line\n", ""),
    ],
)
def test_what_etcdctl_gave_up_with(stderr: str, words: str) -> None:
    assert last_words(stderr) == words
