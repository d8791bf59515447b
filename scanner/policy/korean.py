"""Korean particles, for what policies say."""

from scanner.model.korean import particle, with_particle

__all__ = ["particle", "with_particle"]
