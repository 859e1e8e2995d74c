"""Helper library of the reproducible evaluation of the *écoles de production*.

Data goes one way, from left to right::

    intake -> cleaning -> indicators -> exhibits -> publication

``statistics``, ``contract``, ``campaign`` and ``problems`` serve every room; ``disclosure`` is the gate through
which every exhibit leaves.
"""

__version__ = "0.1.0"
