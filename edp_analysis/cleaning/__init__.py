"""Cleaning: one record per learner, answer or account, with every raw row accounted for."""
