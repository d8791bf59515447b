"""Figures of running systems: CloudWatch, Azure Monitor and Prometheus."""

from scanner.metrics.readers import MetricReaders

__all__ = ["MetricReaders"]
