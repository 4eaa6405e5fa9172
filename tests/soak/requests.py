"""Schemathesis asks the API for minutes, with all its checks and requests made up anew each time.

    python -m tests.soak.requests --minutes 10

Ends with status 1 when an answer was not as the description says; then prints what schemathesis printed, with
the seed by which it asks the same again.
"""

import argparse
import json
import re
import sys
import time

from tests import contract
from tests.site import temporary_site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    began = time.monotonic()
    with temporary_site(**contract.ENVIRONMENT) as site:
        site.start_web()
        limit = [
            "--max-time",
            str(round(options.minutes * 60)),
            "--continue-on-failure",
            "--generation-database",
            "none",
        ]
        passed, printed = contract.check(site, contract.fill(site), *limit)
        traces = site.log("web").count("Traceback")
    generated = re.search(r"([\d,]+) generated", printed)
    report = {
        "requests": generated and int(generated[1].replace(",", "")),
        "seconds": round(time.monotonic() - began),
        "traces_in_the_log": traces,
        "passed": passed and not traces,
    }
    if not report["passed"]:
        print(printed, file=sys.stderr)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
