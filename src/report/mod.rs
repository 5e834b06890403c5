//! What is printed, as text. Decides words and order; reads no file, prints nothing.

pub mod explain;
pub mod finding;
pub mod findings;
pub mod networks;
mod notices;
pub mod run;
pub mod summary;
