"""The long tests, part by part: `make soak`, or `python -m tests.soak --parts kills door --quick`.

A part that has passed is not run again until `--again`; the report, var/soak.json, holds the newest result of
each. What `--quick` has found stands beside that, under names of its own: it shows that a part runs, not that
a promise holds. Everything runs on this machine; nothing is asked of the network.
"""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from shop.services.paths import CHECKOUT

# By name of the part: its options in full, and those that only show that it runs.
PARTS = {
    "kills": (
        ["--kills", "20", "--broker-away", "30", "--database-kills", "2"],
        ["--kills", "2", "--broker-away", "1", "--database-kills", "1", "--duplicates", "40"],
    ),
    "door": (["--minutes", "10"], ["--minutes", "0.5"]),
    "load": (["--minutes", "30"], ["--minutes", "1", "--products", "100"]),
    "crowd": (["--waves", "10"], ["--waves", "2"]),
    "requests": (["--minutes", "10"], ["--minutes", "0.5"]),
    "pictures": ([], []),
    "large": (["--megabytes", "1000"], ["--megabytes", "50"]),
    "saving": (["--pictures", "40"], ["--pictures", "5"]),
    "restore": (["--products", "20000"], ["--products", "500"]),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--again", action="store_true", help="also what has passed before")
    parser.add_argument("--quick", action="store_true", help="each part for a minute or two; proves little")
    parser.add_argument("--report", type=Path, default=CHECKOUT / "var" / "soak.json")
    options = parser.parse_args()
    report = json.loads(options.report.read_text()) if options.report.exists() else {}
    names = {part: f"{part}, quick" if options.quick else part for part in options.parts}
    for part, name in names.items():
        if report.get(name, {}).get("passed") and not (options.again or options.quick):
            print(f"{name}: passed before, on {report[name]['ended']}", file=sys.stderr)
            continue
        print(f"{name}: runs …", file=sys.stderr)
        report[name] = run(part, options.quick)
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps(report, indent=2) + "\n")
        print(f"{name}: {'passed' if report[name]['passed'] else 'FAILED'}", file=sys.stderr)
    print(json.dumps({name: report[name] for name in names.values()}, indent=2))
    return 0 if all(report[name]["passed"] for name in names.values()) else 1


def run(part: str, quick: bool) -> dict[str, object]:
    """What the part says of itself; what it complains of goes to the terminal."""
    command = [sys.executable, "-m", f"tests.soak.{part}", *PARTS[part][quick]]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout) if done.stdout.strip() else {"passed": False, "status": done.returncode}
    return found | {"ended": datetime.now(UTC).isoformat(timespec="seconds"), "options": command[3:]}


if __name__ == "__main__":
    sys.exit(main())
