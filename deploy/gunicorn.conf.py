"""What the web and the sockets door have in common; the rest stands on their command lines."""

from pathlib import Path

keepalive = 75
graceful_timeout = 4
errorlog = "-"
accesslog = None
control_socket_disable = True
asgi_lifespan = "off"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
