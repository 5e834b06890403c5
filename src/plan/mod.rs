pub mod subid;
