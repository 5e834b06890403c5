//! The orchestrators: the only modules that bring reading, deciding, proving and writing together.

pub mod audit;
pub mod build;
mod built;
pub mod check;
pub mod fix;
pub mod init;
pub mod page;
pub mod strip;
pub(crate) mod study;
pub mod tree;
pub mod unused;
mod writer;
