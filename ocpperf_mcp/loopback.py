"""Which hosts are this machine, and nobody else's."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Of an address, bracketed or not, or a name: none but localhost is known to be one."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
