"""Who is it? In files and live."""
