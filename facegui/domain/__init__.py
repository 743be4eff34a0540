"""What everything else speaks of: frozen values, the error tree, rules, and the ports.

Standard library and numpy only; imports nothing from the rooms above.
"""
