"""What may leave, and for whom."""
