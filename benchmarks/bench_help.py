"""How long ``edp --help`` takes, as a multiple of ``python -c pass``: heavy libraries must not be imported at start.

Run with ``python benchmarks/bench_help.py``. The two commands alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

PAIRS = 20
NOTHING = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "edp_analysis.cli", "--help"]


def seconds(command: list[str]) -> float:
    """Return the wall time of one command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure pairs and print the median ratio."""
    seconds(NOTHING), seconds(HELP)  # the first reading of the files is not what is measured
    pairs = [(seconds(NOTHING), seconds(HELP)) for _ in range(PAIRS)]
    nothing, answer = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"python -c pass  {nothing * 1000:.0f} ms")
    print(f"edp --help      {answer * 1000:.0f} ms")
    print(f"rapport         {ratio:.1f} (médiane de {PAIRS} paires alternées)")


if __name__ == "__main__":
    main()
