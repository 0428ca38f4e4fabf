//! What must not compile: the cases are one folder a crate, with what the compiler says beside each.
