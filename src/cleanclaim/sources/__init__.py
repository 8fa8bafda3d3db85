"""Publishers and their series, and the only code that reaches the network.

``catalog`` reads the ``source.toml`` of every source; ``fetch.update`` brings present releases into a folder:
``plan`` follows the landing pages (``page``, ``naming``), ``download`` brings each file (``web``), and ``verify``
holds it against what the page promised. Nothing here parses or loads a table.
"""
