"""Contradictions in baselines: what a person would find by reading a document twice."""

from scanner.policy.lint.lint import lint
from scanner.policy.lint.problem import Problem

__all__ = ["Problem", "lint"]
