"""Every answer of the API is as its description says, on real processes; the long form is `make soak`."""

from collections.abc import Iterator

import pytest

from tests import contract
from tests.site import Site, temporary_site

pytestmark = pytest.mark.slow
# The same requests each time, so that a failure comes again.
FIXED = ["--seed", "8", "--generation-deterministic", "--max-examples", "10", "--no-shrink"]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with temporary_site(**contract.ENVIRONMENT) as site:
        site.start_web()
        yield site


def test_every_answer_passes_all_checks_of_schemathesis(site):
    passed, printed = contract.check(site, contract.fill(site), *FIXED)
    assert passed, printed
    assert "Operations:       16 selected / 16 total" in printed


def test_no_request_of_it_left_a_trace_of_an_error(site):
    assert "Traceback" not in site.log("web")
