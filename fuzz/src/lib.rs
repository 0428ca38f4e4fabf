//! Shared parts of the targets: a counting allocator, and the memory limit of an input.

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MOST: usize = 64 * 1024 * 1024;

/// Panics on drop if more than 64 MiB were allocated at once since its creation.
///
/// libFuzzer has its own limit, which works only with a sanitizer.
pub struct MemoryLimit {
    before: usize,
}

impl MemoryLimit {
    pub fn begin() -> Self {
        ALLOCATOR.reset_peak_usage();
        Self {
            before: ALLOCATOR.current_usage(),
        }
    }
}

impl Drop for MemoryLimit {
    fn drop(&mut self) {
        let taken = ALLOCATOR.peak_usage().saturating_sub(self.before);
        assert!(taken <= MOST, "{taken} bytes at once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // One test, since the allocator counts for the whole process.
    #[test]
    fn more_than_64_mib_at_once_is_too_much() {
        let takes = |bytes| {
            std::panic::catch_unwind(|| {
                let _limit = MemoryLimit::begin();
                drop(vec![0_u8; bytes]);
                drop(vec![0_u8; bytes]);
            })
        };
        assert!(takes(MOST / 8 * 7).is_ok());
        assert!(takes(MOST + 1).is_err());
    }
}
