"""The name of this process among the workers, as attempts and signs of life keep it."""

import os
import socket

MACHINE = socket.gethostname()
WORKER = f"{MACHINE}:{os.getpid()}"
