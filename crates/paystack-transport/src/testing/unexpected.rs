//! The failure of a test by a request that it does not expect.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// Fails a test by a panic. It panics again when it is dropped, because a task may catch the first panic.
#[derive(Default)]
pub(super) struct Unexpected(Mutex<Option<String>>);

impl Unexpected {
    #[allow(
        clippy::panic,
        reason = "an unexpected request fails the test, as mock libraries do"
    )]
    pub(super) fn fail(&self, problem: String) -> ! {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| problem.clone());
        drop(first);
        panic!("{problem}");
    }
}

impl Drop for Unexpected {
    #[allow(
        clippy::panic,
        reason = "the test fails, even if a task has caught its panic"
    )]
    fn drop(&mut self) {
        let problem = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(problem) = problem
            && !thread::panicking()
        {
            panic!("{problem}");
        }
    }
}
