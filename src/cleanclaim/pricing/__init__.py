"""What a service pays under the Medicare fee schedules, and every step on the way.

``price`` is the one door. The stages run in the order of :mod:`cleanclaim.pricing.price`; each reads the lines, puts
what it does on them as a step with its citation, and knows nothing of the others.
"""
