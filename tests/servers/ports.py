"""Free loopback ports, which no other test process on this machine takes at the same time."""

import random
import socket

# below the range that the kernel gives to outgoing connections (ip_local_port_range)
_FIRST, _LAST = 15000, 32000
_held: list[socket.socket] = []


def free_port() -> int:
    """Return a TCP port nobody listens on, kept for this process until it ends.

    Held by a UDP socket of the same number, which every test process tries for first: so none
    is given out twice before its server listens, nor while a server is being started again.
    """
    for port in random.sample(range(_FIRST, _LAST), k=_LAST - _FIRST):
        holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            holder.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            holder.close()
            continue
        _held.append(holder)
        return port
    raise RuntimeError("there is no free port")
