"""The API against its own description: schemathesis with all its checks, on the web server of production."""

import os
import subprocess
import sys
from pathlib import Path

from shop.services.paths import CHECKOUT
from tests.site import Site

CONFIGURATION = CHECKOUT / "tests" / "schemathesis.toml"
# No worker answers here, and whoever asks is one client.
ENVIRONMENT = {"PHOTO_TIMEOUT_S": "0.1", "PHOTO_PER_MINUTE": "1000000", "LOG_LEVEL": "ERROR"}
FILL = """
import django
django.setup()
from shop.models import ApiToken
from tests.factories import make_brand, make_embedding, make_image, make_product, make_user
from catalog.models import Category
category = Category.objects.create(name="Shirts", slug="shirts")
for number, name in enumerate(["shirt", "coat", "cape"]):
    product = make_product(slug=name, name=name.title(), sku=name, category=category)
    make_embedding(make_image(product), 1.0, number / 10)
make_brand("Acme")
_, text = ApiToken.objects.issue(user=make_user(is_superuser=True), name="test", may_write=True)
print(text)
"""


def fill(site: Site) -> str:
    """A shop of three products that look alike; returns a token of somebody who may do everything."""
    return site.run(FILL)


def check(site: Site, token: str, *options: str) -> tuple[bool, str]:
    """Whether every answer was as the description promises, and what schemathesis printed.

    `options` are those of `schemathesis run`. 503 is an honest answer: nobody computes photos here.
    """
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(CONFIGURATION),
        "run",
    ]
    command += [f"http://127.0.0.1:{site.port}/api/schema/", "--header", f"Authorization: Bearer {token}"]
    command += ["--no-color", *options]
    done = subprocess.run(
        command,
        cwd=site.state.root,
        env={**os.environ, "COLUMNS": "110"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return done.returncode == 0, done.stdout + done.stderr
