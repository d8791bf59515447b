"""What everything else speaks in: values, resources, findings, reports. Standard library only."""
