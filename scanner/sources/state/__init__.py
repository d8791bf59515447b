"""States of terraform: as `terraform show -json` gives them, and as they are stored (version 4)."""

from scanner.sources.state.read import read_state

__all__ = ["read_state"]
