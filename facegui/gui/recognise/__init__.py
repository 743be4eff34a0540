"""The recognise page: photos in, names out, and how sure they are."""
