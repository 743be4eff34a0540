"""Photos become faces: found, measured, stored and judged by the rules."""
