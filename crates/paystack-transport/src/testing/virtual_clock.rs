//! A clock for tests, on which waiting takes no time.

mod sleep;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use async_trait::async_trait;

use self::sleep::Sleep;
use crate::transport::Timer;

/// The time since 1970 at which every virtual clock starts: the beginning of 2026.
const START: Duration = Duration::from_secs(1_767_225_600);

/// The number of sleepers that wake themselves until the clock advances. Several, because a task may no
/// longer poll its sleep.
const AWAKE: usize = 4;

/// A clock for tests, on which waiting takes no time. Clones share the time.
///
/// Time advances to the end of the earliest sleep, and only when nothing else makes progress: no request, no
/// answer and no other sleep. So two concurrent calls end at the right times in the right order, on any executor.
/// The four earliest sleepers wake themselves, so the clock needs no runtime. It stops only if their tasks keep all four
/// sleeps without polling them.
///
/// A step of the clock takes a tenth of a millisecond of real time. The first one takes 20 ms, and so does each one if
/// several threads use the clock: another thread may be about to send a request. While one of them has not yet seen the
/// end of its sleep, a step takes up to a second.
///
/// The clock does not see sockets, other clocks, or threads that do not use it. [`hold`](Self::hold) stops it while a
/// test waits for one of them.
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
    /// The sleeps under way, by their end and number. A sleeper that wakes itself may have no waker.
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
    /// The number of guards that stop the clock.
    holds: u32,
    /// The thread of the constructor.
    thread: ThreadId,
    has_threads: bool,
    /// The number of times that a sleeper advanced the clock.
    steps: u64,
}

impl VirtualClock {
    /// A clock at zero. Its [`unix_time`](Timer::unix_time) is the beginning of 2026.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            now: Duration::ZERO,
            progress: 0,
            sleepers: BTreeMap::new(),
            holds: 0,
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
        self.change(|state| {
            state.now = state.now.saturating_add(duration);
            state.note_progress();
        });
    }

    /// Blocks the thread until the time has advanced by this much. Async tasks on the same thread cannot run meanwhile.
    pub fn block(&self, duration: Duration) {
        Sleep::new(self, duration).block();
    }

    /// Stops the clock until the guard is dropped, for work that the clock does not see: a thread of the test, a socket,
    /// or a timer of the runtime. Only [`advance`](Self::advance) advances the time meanwhile, so a task must not sleep on
    /// this clock while it owns the guard.
    ///
    /// If no other thread has used the clock yet, its steps after the first one take only a tenth of a millisecond, not
    /// 20 ms. Start a thread with a guard, and drop the guard after the first request of the thread.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paystack_transport::Timer;
    /// use paystack_transport::testing::VirtualClock;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let clock = VirtualClock::new();
    /// let work = async {
    ///     let hold = clock.hold();
    ///     tokio::time::sleep(Duration::from_millis(50)).await; // real time, such as a query to a database
    ///     drop(hold);
    ///     clock.now()
    /// };
    /// let (ended, ()) = tokio::join!(work, clock.sleep(Duration::from_secs(30)));
    /// assert_eq!(ended, Duration::ZERO);
    /// # }
    /// ```
    pub fn hold(&self) -> Hold {
        let mut state = self.lock();
        state.holds = state.holds.saturating_add(1);
        drop(state);
        Hold(self.clone())
    }

    /// Keeps the time where it is for a moment, because a request has arrived or an answer has left.
    pub(super) fn note_progress(&self) {
        self.lock().note_progress();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and wakes the sleepers that must then be polled. A waker may run any code, so the state is
    /// unlocked first.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let wakers = state.wakers();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
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

    /// Whether a sleep ends now, but has not been polled since.
    fn has_due_sleep(&self) -> bool {
        let ending = (self.now, 0)..=(self.now, u64::MAX);
        self.sleepers.range(ending).next().is_some()
    }

    /// Advances to the end of the earliest sleep. A sleep that has ended already may belong to a task that is no longer
    /// polled.
    fn advance_to_next_end(&mut self) {
        let mut ends = self.sleepers.keys().map(|(end, _)| *end);
        if let Some(end) = ends.find(|end| *end > self.now) {
            self.now = end;
            self.steps = self.steps.saturating_add(1);
            self.note_progress();
        }
    }

    /// Whether a sleeper is one of the earliest, which wake themselves.
    fn is_awake(&self, sleeper: (Duration, u64)) -> bool {
        let waiting = self.sleepers.range((self.now, u64::MAX)..);
        self.holds == 0 && waiting.take(AWAKE).any(|(other, _)| *other == sleeper)
    }

    /// The wakers of the sleeps that have ended, and of the next ones.
    fn wakers(&mut self) -> Vec<Waker> {
        let now = self.now;
        let mut waiting = 0_usize;
        let due = self.sleepers.iter_mut().take_while(|((end, _), _)| {
            waiting = waiting.saturating_add(usize::from(*end > now));
            waiting <= AWAKE
        });
        due.filter_map(|(_, waker)| waker.take()).collect()
    }
}

/// Stops a [`VirtualClock`] until it is dropped: [`VirtualClock::hold`].
#[must_use = "the clock is stopped only until the guard is dropped"]
#[derive(Debug)]
pub struct Hold(VirtualClock);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.change(|state| {
            state.holds = state.holds.saturating_sub(1);
            state.note_progress();
        });
    }
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
        let hold = clock.hold();
        let ended = |seconds| {
            let clock = clock.clone();
            thread::spawn(move || {
                clock.block(Duration::from_secs(seconds));
                clock.now().as_secs()
            })
        };
        let threads = [ended(30), ended(1)];
        while clock.lock().sleepers.len() < threads.len() {
            thread::yield_now();
        }
        drop(hold);
        assert_eq!(threads.map(|thread| thread.join().unwrap()), [30, 1]);
    }

    #[tokio::test]
    async fn a_thousand_sleeps_end_at_their_times() {
        let clock = VirtualClock::new();
        let sleepers: Vec<_> = (0..1_000)
            .map(|number| {
                let clock = clock.clone();
                tokio::spawn(async move {
                    clock.sleep(Duration::from_secs(1_000 - number)).await;
                    assert_eq!(clock.now().as_secs(), 1_000 - number);
                })
            })
            .collect();
        for sleeper in sleepers {
            sleeper.await.unwrap();
        }
    }

    #[tokio::test]
    async fn hold_stops_the_clock_for_a_thread() {
        let clock = VirtualClock::new();
        let hold = clock.hold();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(Duration::from_secs(30)).await;
                clock.now()
            }
        });
        let seen = clock.clone();
        // Far longer than the clock waits for other threads.
        let worker = thread::spawn(move || {
            for _ in 0..60 {
                thread::park_timeout(Duration::from_millis(2));
            }
            sender.send(seen.now()).unwrap();
            drop(hold);
        });
        assert_eq!(receiver.await.unwrap(), Duration::ZERO);
        assert_eq!(sleeper.await.unwrap(), Duration::from_secs(30));
        worker.join().unwrap();
    }

    #[tokio::test]
    async fn sleep_that_its_task_forgets_stops_nobody() {
        let clock = VirtualClock::new();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let waiting = clock.clone();
        let waiting = tokio::spawn(async move {
            let mut sleep = waiting.sleep(Duration::from_secs(1));
            tokio::select! {
                biased;
                () = &mut sleep => panic!("it has not ended"),
                () = std::future::ready(()) => {}
            }
            receiver.await.unwrap()
        });
        let sleeping = clock.clone();
        tokio::spawn(async move {
            sleeping.sleep(Duration::from_secs(3)).await;
            sender.send(sleeping.now()).unwrap();
        });
        assert_eq!(waiting.await.unwrap(), Duration::from_secs(3));
    }

    #[tokio::test]
    async fn advance_wakes_a_sleep_under_a_hold() {
        let clock = VirtualClock::new();
        let _hold = clock.hold();
        let advance = async { clock.advance(Duration::from_secs(30)) };
        tokio::join!(clock.sleep(Duration::from_secs(30)), advance);
        assert_eq!(clock.now(), Duration::from_secs(30));
    }
}
