"""``edp run CAMPAGNE --force`` against the same notebooks by papermill then nbconvert on the command line.

Run with ``python benchmarks/bench_run.py [CAMPAGNE] [PAIRES]``. What is compared is not equal, in our disfavour: ``edp
run`` also recomputes the register, writes the portal, the figures as CSV and the manifest. The two sides alternate,
so that a busy machine slows both; both read clean tables that are already built.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[!.]*/[0-9]*.ipynb"))


def call(*command: str) -> None:
    """Run a module of this Python, quietly; exit code 1 (a problem in the data) is not a failure of the measure."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")


def ours(campaign: str) -> None:
    """Build the site."""
    call("edp_analysis.cli", "run", campaign, "--force")


def by_hand(campaign: str) -> None:
    """Execute and convert each notebook, one after the other, as one types it."""
    with tempfile.TemporaryDirectory() as folder:
        for notebook in NOTEBOOKS:
            executed = str(Path(folder) / notebook.name)
            call("papermill", str(notebook), executed, "-p", "campagne", campaign, "--no-progress-bar", "-k", "python3")
            call("nbconvert", "--to", "html", executed)


def seconds(side: Callable[[str], None], campaign: str) -> float:
    """Return the wall time of one side."""
    start = time.perf_counter()
    side(campaign)
    return time.perf_counter() - start


def main() -> None:
    """Measure pairs and print the median ratio."""
    campaign = sys.argv[1] if len(sys.argv) > 1 else "2024"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ours(campaign)
    pairs = []
    for rank in range(count):
        pairs.append((seconds(ours, campaign), seconds(by_hand, campaign)))
        print(f"paire {rank + 1}/{count} : edp run {pairs[-1][0]:.1f} s, à la main {pairs[-1][1]:.1f} s", flush=True)
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{len(NOTEBOOKS)} carnets, campagne {campaign}")
    print(f"edp run --force                     {statistics.median(a for a, _ in pairs):.1f} s")
    print(f"papermill puis jupyter nbconvert    {statistics.median(b for _, b in pairs):.1f} s")
    print(f"rapport                             {ratio:.2f} (médiane de {count} paires alternées)")


if __name__ == "__main__":
    main()
