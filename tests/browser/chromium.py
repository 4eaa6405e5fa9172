"""The browser of the machine: Debian's Chromium, or the one that CHROMIUM names."""

import os
import shutil
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def launch_options() -> dict[str, Any]:
    """What Playwright starts it with; as root Chromium refuses its own sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"] if root else []}
