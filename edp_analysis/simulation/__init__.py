"""Simulated campaigns, in the form real files arrive, with the truth kept beside the tests.

``simulate("2024")`` writes the raw folder of a campaign from the ``[simulation]`` section of its file: what the
campaign must reproduce, and how each school keeps its file. It never writes over data that are not simulated.
"""

from edp_analysis.simulation.campaign_writer import SimulationReport, simulate

__all__ = ["SimulationReport", "simulate"]
