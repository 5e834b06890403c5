//! What is printed, as text. Decides words and order; reads no file, prints nothing.

pub mod audit;
mod escape;
pub mod explain;
pub mod finding;
pub mod findings;
pub mod networks;
mod notices;
pub mod output;
pub mod run;
pub mod summary;
