//! The ways into hosts that hand pages over instead of files: other programs' plugins and protocols. Decides how what a host
//! says becomes a page and how the answer reads; whose a link is and what becomes of it is asked of `pipeline`.

pub mod filter;
pub mod host;
mod json;
pub mod mdbook;
mod nodes;
mod origin;
pub mod pandoc;
