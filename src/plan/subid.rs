//! Sub-IDs: the token in a link that comes back in the network's report. Decides how a pattern is filled and cut.

