"""Plans of terraform, as `terraform show -json` gives them."""

from scanner.sources.plan.document import Document, Kind, kind_of
from scanner.sources.plan.drift import Change, read_drift
from scanner.sources.plan.read import Plan, read_plan

__all__ = ["Change", "Document", "Kind", "Plan", "kind_of", "read_drift", "read_plan"]
