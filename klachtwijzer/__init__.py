"""How is it started, and in which order does it happen?"""

__version__ = "0.1.0"
