"""Fill the demo shop: draw its catalogue and have every picture embedded. `python -m shop.demo.fill`.

Two management commands in one process, because starting Django takes longer than either of them when there
is nothing left to do.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import CommandError, call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
    call_command("create_demo_catalogue")
    try:
        call_command("embed", "--missing", "--wait")
    except CommandError as error:  # such as damaged weights: it is a shop all the same
        print(f"{error}\nThe shop runs without look-alikes for these pictures.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
