"""Checking claims of any number in constant memory, by several processes.

The claims are read one by one and spread over files on disk by patient (:mod:`.reading`), so that each part holds all
claims of its patients; the parts are checked one by one, or several at a time (:mod:`.parts`, :mod:`.workers`), and
what was found is put back in the order of the input (:mod:`.joined`). What comes out is what the whole would give in
memory: same findings, same order, same words.
"""
