//! A sleep on a virtual clock.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::{State, VirtualClock};

/// A sleeper advances the clock after this many polls without progress. An executor polls all other tasks between two
/// of them.
const QUIET_POLLS: u32 = 16;

/// A sleeper advances the clock after this much real time without progress, on one thread.
const QUIET_TIME: Duration = Duration::from_micros(100);

/// The same if several threads use the clock, or before its first step: another thread may be about to start. Also while a
/// sleep that ends now awaits its poll: its task may have moved to another thread.
const QUIET_TIME_OF_THREADS: Duration = Duration::from_millis(20);

/// The same if both apply: a busy machine may run the thread of the due sleep late.
const QUIET_TIME_OF_DUE_THREADS: Duration = Duration::from_secs(1);

/// A sleep, from its first poll on.
pub(super) struct Sleep<'a> {
    clock: &'a VirtualClock,
    duration: Duration,
    /// Its entry among the sleepers.
    entry: Option<(Duration, u64)>,
    /// The progress at the last poll, and the number of polls since it changed.
    quiet: (u64, u32),
    /// The real time of its change. `wasm32-unknown-unknown` has no clock, and no threads.
    quiet_since: Option<Instant>,
}

impl<'a> Sleep<'a> {
    pub(super) fn new(clock: &'a VirtualClock, duration: Duration) -> Self {
        Self {
            clock,
            duration,
            entry: None,
            quiet: (0, 0),
            quiet_since: None,
        }
    }

    /// Blocks the thread until the end.
    pub(super) fn block(self) {
        let mut sleep = pin!(self);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        while sleep.as_mut().poll(&mut context).is_pending() {
            if has_threads() {
                thread::park();
            }
        }
    }

    /// Counts a poll. Returns whether there has been no progress for long enough.
    fn is_quiet(&mut self, state: &State) -> bool {
        let (progress, polls) = self.quiet;
        if progress != state.progress {
            self.quiet = (state.progress, 0);
            self.quiet_since = has_threads().then(Instant::now);
            return false;
        }
        self.quiet.1 = polls.saturating_add(1);
        let quiet_time = match (state.expects_threads(), state.has_due_sleep()) {
            (false, false) => QUIET_TIME,
            (true, false) | (false, true) => QUIET_TIME_OF_THREADS,
            (true, true) => QUIET_TIME_OF_DUE_THREADS,
        };
        polls >= QUIET_POLLS
            && self
                .quiet_since
                .is_none_or(|since| since.elapsed() >= quiet_time)
    }
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (clock, duration) = (self.clock, self.duration);
        let mut state = clock.lock();
        let entry = *self.entry.get_or_insert_with(|| {
            state.note_progress();
            let entry = (state.now.saturating_add(duration), state.progress);
            state.sleepers.insert(entry, None);
            entry
        });
        let (end, _) = entry;
        let mut is_awake = end > state.now && state.is_awake(entry);
        let mut wakers = Vec::new();
        if is_awake && self.is_quiet(&state) {
            state.advance_to_next_end();
            wakers = state.wakers();
            is_awake = state.is_awake(entry);
        }
        let has_ended = end <= state.now;
        if has_ended {
            state.note_progress();
            state.sleepers.remove(&entry);
            self.entry = None;
        } else if !is_awake {
            let waker = context.waker().clone();
            state.sleepers.insert(entry, Some(waker));
        }
        let expects_threads = state.expects_threads();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        if has_ended {
            return Poll::Ready(());
        }
        if is_awake {
            if expects_threads && has_threads() {
                // Leave the processor to other threads: a busy machine runs them late.
                thread::sleep(QUIET_TIME);
            }
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            self.clock
                .change(|state| drop(state.sleepers.remove(entry)));
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn has_threads() -> bool {
    !cfg!(all(target_family = "wasm", target_os = "unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls a sleep once.
    fn poll(sleep: Pin<&mut Sleep<'_>>) -> bool {
        sleep
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[test]
    fn sleep_that_is_no_longer_polled_stops_nobody() {
        let clock = VirtualClock::new();
        let mut forgotten = pin!(Sleep::new(&clock, Duration::from_secs(1)));
        assert!(!poll(forgotten.as_mut()));
        clock.block(Duration::from_secs(3));
        assert_eq!(clock.now(), Duration::from_secs(3));
        assert!(poll(forgotten.as_mut()));
    }

    #[test]
    fn forgotten_sleep_delays_one_step_only() {
        let clock = VirtualClock::new();
        let mut forgotten = pin!(Sleep::new(&clock, Duration::from_secs(1)));
        assert!(!poll(forgotten.as_mut()));
        clock.advance(Duration::from_secs(1));
        assert!(clock.lock().has_due_sleep());
        clock.advance(Duration::from_secs(1));
        assert!(!clock.lock().has_due_sleep());
    }

    #[test]
    fn late_thread_still_sees_the_end_of_its_sleep() {
        let clock = VirtualClock::new();
        let (sleeps, begun) = std::sync::mpsc::channel();
        let late = thread::spawn({
            let clock = clock.clone();
            move || {
                let mut sleep = pin!(Sleep::new(&clock, Duration::from_secs(1)));
                assert!(!poll(sleep.as_mut()));
                sleeps.send(()).unwrap();
                while clock.now() < Duration::from_secs(1) {
                    thread::yield_now();
                }
                // Far longer than the clock waits for other threads.
                for _ in 0..60 {
                    thread::park_timeout(Duration::from_millis(2));
                }
                assert!(poll(sleep.as_mut()));
                clock.now()
            }
        });
        begun.recv().unwrap();
        clock.block(Duration::from_secs(3));
        assert_eq!(late.join().unwrap(), Duration::from_secs(1));
    }

    #[test]
    fn dropped_sleep_is_forgotten() {
        let clock = VirtualClock::new();
        {
            let mut dropped = pin!(Sleep::new(&clock, Duration::from_secs(1)));
            assert!(!poll(dropped.as_mut()));
        }
        assert!(clock.lock().sleepers.is_empty());
    }
}
