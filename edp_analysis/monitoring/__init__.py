"""Yearly monitoring: the template that a school fills in, and what the dashboard it gets back says."""

from edp_analysis.monitoring.kit import Kit, write_templates
from edp_analysis.monitoring.settings import Monitoring, read_monitoring

__all__ = ["Kit", "Monitoring", "read_monitoring", "write_templates"]
