"""What the web server's process does beside serving."""

import subprocess
import sys

from shop.services.paths import CHECKOUT

# After the first time glibc would by itself take the block from what it keeps for the thread.
BLOCKS = """
import ctypes, threading
import shop.wsgi

def is_mapped(address):
    with open("/proc/self/maps") as maps:
        bounds = [[int(number, 16) for number in line.split()[0].split("-")] for line in maps]
    return any(begin <= address < end for begin, end in bounds)

def blocks():
    for _ in range(3):
        block = bytearray(4_000_000)
        address = ctypes.addressof(ctypes.c_char.from_buffer(block)) + 2_000_000
        assert is_mapped(address)
        del block
        print(is_mapped(address))

thread = threading.Thread(target=blocks)
thread.start()
thread.join()
"""


def test_a_large_block_goes_back_to_the_system_when_it_is_free() -> None:
    ended = subprocess.run([sys.executable, "-c", BLOCKS], cwd=CHECKOUT, capture_output=True, text=True)
    assert ended.stdout.split() == ["False"] * 3, ended.stderr
