"""Statistics are imported at start-up by others: the slow libraries wait until a function needs them."""

import pkgutil
import subprocess
import sys

import edp_analysis.statistics as room


def test_importing_the_room_loads_neither_scipy_nor_statsmodels():
    modules = [f"edp_analysis.statistics.{module.name}" for module in pkgutil.iter_modules(room.__path__)]
    assert "edp_analysis.statistics.proportions" in modules
    code = f"import sys, {', '.join(modules)}; print(sorted({{'scipy', 'statsmodels'}} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert found.stdout.strip() == "[]"
