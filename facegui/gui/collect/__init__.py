"""The Collect page: where photos come from, a view for each kind of source."""
