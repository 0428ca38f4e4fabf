//! Does the program write each row once, whatever happens to it?

mod commands;
mod kills;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(feature = "postgres")]
mod quota;
mod support;
