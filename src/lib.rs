//! The library behind the `affilink` binary: merchant links of static sites become affiliate links, byte by byte.
//!
//! One page goes one way: [`source`] and [`document`] read it as spans, [`survey`] says whose its links are, [`plan`] decides,
//! [`edit`] applies and proves, and [`pipeline`] brings these together with files. [`config`] compiles `affiliates.yaml` into
//! the [`program::ProgramMap`] and policies that they share; [`networks`] is the catalog of link forms.

pub mod adapters;
pub mod audit;
pub mod config;
pub mod diagnostic;
pub mod disclosure;
pub mod document;
pub mod edit;
pub mod explain;
pub mod fsio;
pub mod generator;
pub mod git;
pub mod init;
pub mod interrupt;
pub mod lint;
pub mod manifest;
pub mod networks;
pub mod notice;
pub mod pipeline;
pub mod plan;
pub mod prefilter;
pub mod printable;
pub mod product;
pub mod program;
pub mod report;
pub mod source;
pub mod span;
pub mod survey;
pub mod walk;
pub mod yaml;
