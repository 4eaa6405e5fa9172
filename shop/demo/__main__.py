"""Start the demo and turn whatever may go wrong into a sentence."""

from __future__ import annotations

import os
import sys
import time

from shop.demo.port import require_free, wanted_port
from shop.demo.run import Demo
from shop.demo.terminal import say
from shop.services.paths import ServicesError, State
from shop.services.supervisor import Stopped, Supervisor


def main() -> int:
    began = time.monotonic()
    supervisor = Supervisor(State.at(), say=say)
    try:
        port = wanted_port(os.environ)
        with supervisor:
            # After the supervisor has cleared away what a killed demo left behind, which may hold the port.
            require_free(port)
            try:
                Demo(supervisor, port, began).run()
            except ServicesError as error:
                say(f"{error}\nStopping …")
                return 1
            except Stopped:
                say("\nStopping …")
                raise
    except Stopped:
        say("Everything has stopped.")
    except ServicesError as error:
        say(f"{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
