"""How sure is sure enough: the line between a name and *unknown*, over the scores of real faces."""
