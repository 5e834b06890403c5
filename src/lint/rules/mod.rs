//! One rule each.

pub(super) mod missing_rel;
