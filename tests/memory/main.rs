//! Does the SDK bound its memory use?
//!
//! The allocator counts for the whole process, so these tests run one at a time.

mod decoding;
mod pagination;
mod peer;
mod responses;

use std::sync::{Mutex, MutexGuard, PoisonError};

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Waits until no other test runs.
fn alone() -> MutexGuard<'static, ()> {
    static RUNNING: Mutex<()> = Mutex::new(());
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
