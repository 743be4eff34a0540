"""Photos come into a library: folders, web addresses, lists with labels, videos, the webcam."""
