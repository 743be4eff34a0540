"""Who is it? A bundle and a face's features give a name, or *unknown*. Numpy only."""
