//! Code that must not compile, one folder for each crate. Each `.stderr` file holds the compiler's output.
