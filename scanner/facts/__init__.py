"""Facts about resource types that hold for every system: provider schemas and provider defaults, as data files.

`load_facts()` is the only thing that others use.
"""

from scanner.facts.facts import ProviderFacts, load_facts

__all__ = ["ProviderFacts", "load_facts"]
