"""Policy-as-code compliance: is the infrastructure still what the design document says?"""

__version__ = "0.1.0"
