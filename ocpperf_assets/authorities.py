"""Files of certificates that somebody names, looked at before anything is sent."""

import ssl
from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError


def check_bundle(path: Path, next_step: str) -> None:
    """A file, or a directory as OpenSSL hashes it, whose files are looked up one by one when they are needed.

    Raises OcpperfError with that next step where it cannot be read or holds no certificate.
    """
    if path.is_dir():
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise OcpperfError(f"The CA bundle {path} holds no certificate.", next_step) from None
    except OSError as fault:
        raise OcpperfError(f"The CA bundle {path} cannot be read: {fault.strerror}.", next_step) from None
