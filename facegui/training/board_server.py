"""TensorBoard in a process of its own: started by `facegui.services.learning.tensorboard`.

TensorBoard's own server and pages, as they come, for this machine only.
"""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing.connection import Connection

HOST = "127.0.0.1"


def serve(folder: str, pipe: Connection) -> None:
    """Serve the event files below *folder* until *pipe* closes; the process's entry point.

    Sends the address once it answers, or why it did not start, as ``(started, text)``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    try:
        from tensorboard import program

        board = program.TensorBoard()
        # Port 0 is any free one; fast loading would start one more process.
        board.configure(logdir=folder, host=HOST, port=0, load_fast="false")
        address = board.launch()
    except BaseException as error:  # its own way out is SystemExit
        pipe.send((False, str(error)))
        return
    pipe.send((True, address))
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    os._exit(0)  # its threads would keep the process alive
