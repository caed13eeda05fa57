"""No peer: the comparison is of ours with itself."""

implementations = {}
