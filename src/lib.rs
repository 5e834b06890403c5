//! The library behind the `affilink` binary.

pub mod config;
pub mod document;
pub mod edit;
pub mod networks;
pub mod plan;
pub mod program;
pub mod source;
pub mod span;
pub mod survey;
pub mod yaml;
