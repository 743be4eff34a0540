"""Where photos and frames come from: folders, lists, cameras. Reads only; changes nothing."""
