//! A clock for tests, on which waiting takes no time.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::transport::Timer;

/// The time since 1970 at which every virtual clock starts: the beginning of 2026.
const START: Duration = Duration::from_secs(1_767_225_600);

/// A sleeper advances the clock after this many polls without progress. An executor polls all other tasks between two
/// of them.
const QUIET_POLLS: u32 = 16;

/// A sleeper advances the clock after this much real time without progress, on one thread.
const QUIET_TIME: Duration = Duration::from_millis(1);

/// The same if several threads use the clock, or before its first step: another thread may be about to start.
const QUIET_TIME_OF_THREADS: Duration = Duration::from_millis(20);

/// A clock for tests, on which waiting takes no time. Clones share the time.
///
/// Time advances to the end of the earliest sleep, and only when nothing else makes progress: no request, no
/// answer and no other sleep. So two concurrent calls end at the right times in the right order, on any executor.
/// Sleepers wake themselves: the clock needs no runtime.
///
/// A step of the clock takes a millisecond of real time. The first one takes 20 ms, and so does each one if several
/// threads use the clock: another thread may be about to send a request.
///
/// The clock does not see other IO and other clocks. A test that also waits for a socket, or for a timer of tokio, may
/// see virtual time pass meanwhile.
///
/// As a [`Timer`], it also gives virtual time to a `TowerTransport`.
///
/// ```
/// use std::time::Duration;
/// use paystack_transport::Timer;
/// use paystack_transport::testing::VirtualClock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = VirtualClock::new();
/// let slow = async { clock.sleep(Duration::from_secs(30)).await; clock.now() };
/// let fast = async { clock.sleep(Duration::from_secs(1)).await; clock.now() };
/// let ended = tokio::join!(slow, fast);
/// assert_eq!(ended, (Duration::from_secs(30), Duration::from_secs(1)));
/// # }
/// ```
#[derive(Clone)]
pub struct VirtualClock(Arc<Mutex<State>>);

struct State {
    now: Duration,
    /// Grows with each request, answer, sleep and step of the clock.
    progress: u64,
    /// The end and the number of each sleep under way.
    sleepers: BTreeSet<(Duration, u64)>,
    /// The thread of the constructor.
    thread: ThreadId,
    has_threads: bool,
    /// How often a sleeper advanced the clock.
    steps: u64,
}

impl VirtualClock {
    /// A clock at zero. Its [`unix_time`](Timer::unix_time) is the beginning of 2026.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            now: Duration::ZERO,
            progress: 0,
            sleepers: BTreeSet::new(),
            thread: thread::current().id(),
            has_threads: false,
            steps: 0,
        })))
    }

    /// The virtual time since the clock was created.
    pub fn now(&self) -> Duration {
        self.lock().now
    }

    /// Advances the time.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.now = state.now.saturating_add(duration);
        state.note_progress();
    }

    /// Blocks the thread until the time has advanced by this much. Async tasks on the same thread cannot run meanwhile.
    pub fn block(&self, duration: Duration) {
        let mut sleep = pin!(Sleep::new(self, duration));
        let mut context = Context::from_waker(Waker::noop());
        while sleep.as_mut().poll(&mut context).is_pending() {}
    }

    /// Keeps the time where it is for a moment, because a request has arrived or an answer has left.
    pub(super) fn note_progress(&self) {
        self.lock().note_progress();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Timer for VirtualClock {
    async fn sleep(&self, duration: Duration) {
        Sleep::new(self, duration).await;
    }

    fn now(&self) -> Duration {
        self.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        Some(START.saturating_add(self.now()))
    }
}

impl State {
    fn note_progress(&mut self) {
        self.progress = self.progress.wrapping_add(1);
        self.has_threads |= self.thread != thread::current().id();
    }

    /// Whether another thread uses the clock, or may be about to.
    fn expects_threads(&self) -> bool {
        self.has_threads || self.steps == 0
    }

    /// Advances to the end of the earliest sleep. A sleep that has ended already may belong to a task that is no longer
    /// polled.
    fn advance_to_next_end(&mut self) {
        let mut ends = self.sleepers.iter().map(|(end, _)| *end);
        if let Some(end) = ends.find(|end| *end > self.now) {
            self.now = end;
            self.steps = self.steps.saturating_add(1);
            self.note_progress();
        }
    }
}

/// A sleep, from its first poll on.
struct Sleep<'a> {
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
    fn new(clock: &'a VirtualClock, duration: Duration) -> Self {
        Self {
            clock,
            duration,
            entry: None,
            quiet: (0, 0),
            quiet_since: None,
        }
    }

    /// Counts a poll. Returns whether there has been no progress for long enough.
    fn is_quiet(&mut self, state: &State) -> bool {
        let (progress, polls) = self.quiet;
        if progress != state.progress {
            self.quiet = (state.progress, 0);
            self.quiet_since = has_real_clock().then(Instant::now);
            return false;
        }
        self.quiet.1 = polls.saturating_add(1);
        let quiet_time = match state.expects_threads() {
            true => QUIET_TIME_OF_THREADS,
            false => QUIET_TIME,
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
        let mut state = self.clock.lock();
        let duration = self.duration;
        let (end, _) = *self.entry.get_or_insert_with(|| {
            state.note_progress();
            let entry = (state.now.saturating_add(duration), state.progress);
            state.sleepers.insert(entry);
            entry
        });
        if end > state.now && self.is_quiet(&state) {
            state.advance_to_next_end();
        }
        if end <= state.now {
            state.note_progress();
            return Poll::Ready(());
        }
        let expects_threads = state.expects_threads();
        drop(state);
        if expects_threads {
            thread::yield_now();
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            self.clock.lock().sleepers.remove(entry);
        }
    }
}

fn has_real_clock() -> bool {
    !cfg!(all(target_family = "wasm", target_os = "unknown"))
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VirtualClock({:?})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_sleep_at_the_same_time() {
        let clock = VirtualClock::new();
        let ended = |seconds| {
            let clock = clock.clone();
            thread::spawn(move || {
                clock.block(Duration::from_secs(seconds));
                clock.now().as_secs()
            })
        };
        let ended = [ended(30), ended(1)].map(|thread| thread.join().unwrap());
        assert_eq!(ended, [30, 1]);
    }

    #[test]
    fn sleep_that_is_no_longer_polled_stops_nobody() {
        let clock = VirtualClock::new();
        let mut forgotten = pin!(Sleep::new(&clock, Duration::from_secs(1)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(forgotten.as_mut().poll(&mut context).is_pending());
        clock.block(Duration::from_secs(3));
        assert_eq!(clock.now(), Duration::from_secs(3));
        assert!(forgotten.as_mut().poll(&mut context).is_ready());
    }

    #[test]
    fn dropped_sleep_is_forgotten() {
        let clock = VirtualClock::new();
        {
            let mut dropped = pin!(Sleep::new(&clock, Duration::from_secs(1)));
            let mut context = Context::from_waker(Waker::noop());
            assert!(dropped.as_mut().poll(&mut context).is_pending());
        }
        assert!(clock.lock().sleepers.is_empty());
    }
}
