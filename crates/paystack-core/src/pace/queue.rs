//! Who waits for a turn, in the order of their tickets.

use std::collections::VecDeque;
use std::time::Duration;

/// Who has not come back this long after it was expected is taken for dropped.
const LATENESS: Duration = Duration::from_secs(1);

/// How many may go before a call whose time has come but who sleeps, so that it does not hold up
/// the next.
const OVERTAKEN: u8 = 4;

/// A place in the queue, kept through all attempts of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// Who waits, in the order of their tickets.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    drawn: u64,
    swept: Duration,
}

/// A call that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    ticket: Ticket,
    /// Until when it is expected to look again.
    expected: Duration,
    /// How many later calls went before it.
    overtaken: u8,
}

impl Queue {
    /// A place behind all that were drawn before.
    pub(super) fn draw(&mut self) -> Ticket {
        self.drawn = self.drawn.saturating_add(1);
        Ticket(self.drawn)
    }

    /// How many wait before this ticket.
    pub(super) fn place(&self, ticket: Ticket) -> usize {
        self.waiting
            .partition_point(|waiting| waiting.ticket < ticket)
    }

    /// Keeps a place for a ticket, whose holder looks again at this time.
    pub(super) fn wait(&mut self, ticket: Ticket, until: Duration) {
        let expected = until.saturating_add(LATENESS);
        let place = self.place(ticket);
        match self.waiting.get_mut(place) {
            Some(waiting) if waiting.ticket == ticket => waiting.expected = expected,
            _ => {
                let overtaken = 0;
                let waiting = Waiting {
                    ticket,
                    expected,
                    overtaken,
                };
                self.waiting.insert(place, waiting);
            }
        }
    }

    /// Takes a ticket out.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        let place = self.place(ticket);
        let waits = |waiting: &Waiting| waiting.ticket == ticket;
        if self.waiting.get(place).is_some_and(waits) {
            self.waiting.remove(place);
        }
    }

    /// Lets a ticket go before those that wait before it, unless they are many or one of them was
    /// overtaken too often already.
    pub(super) fn overtake(&mut self, ticket: Ticket) -> bool {
        let place = self.place(ticket);
        let fair = place < usize::from(OVERTAKEN)
            && self
                .waiting
                .iter()
                .take(place)
                .all(|waiting| waiting.overtaken < OVERTAKEN);
        if fair {
            for waiting in self.waiting.iter_mut().take(place) {
                waiting.overtaken = waiting.overtaken.saturating_add(1);
            }
        }
        fair
    }

    /// Forgets, once a second, who has not come back.
    pub(super) fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) >= LATENESS {
            self.swept = now;
            self.waiting.retain(|waiting| waiting.expected >= now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A queue in which so many wait until a time.
    fn queue(waiting: usize, until: Duration) -> (Queue, Vec<Ticket>) {
        let mut queue = Queue::default();
        let tickets: Vec<_> = (0..waiting).map(|_| queue.draw()).collect();
        tickets.iter().for_each(|ticket| queue.wait(*ticket, until));
        (queue, tickets)
    }

    #[test]
    fn a_ticket_keeps_its_place_however_late_it_comes_to_wait() {
        let mut queue = Queue::default();
        let [first, second, third] = [(); 3].map(|()| queue.draw());
        for ticket in [third, first, second, first] {
            queue.wait(ticket, SECOND);
        }
        assert_eq!([first, second, third].map(|it| queue.place(it)), [0, 1, 2]);
        queue.leave(first);
        queue.leave(first);
        assert_eq!([first, second, third].map(|it| queue.place(it)), [0, 0, 1]);
        let last = queue.draw();
        assert_eq!(queue.place(last), 2);
    }

    #[test]
    fn who_is_a_second_late_is_forgotten_and_who_comes_back_in_time_is_not() {
        let (mut queue, tickets) = queue(3, 10 * SECOND);
        queue.sweep(11 * SECOND);
        assert_eq!(queue.waiting.len(), 3, "not late yet");
        queue.wait(tickets[1], 20 * SECOND);
        queue.sweep(11 * SECOND + SECOND / 2);
        assert_eq!(queue.waiting.len(), 3, "looked at only a moment ago");
        queue.sweep(12 * SECOND);
        assert_eq!(queue.waiting.len(), 1);
        assert_eq!(queue.place(tickets[1]), 0);
    }

    #[test]
    fn one_who_sleeps_is_overtaken_four_times_and_no_more() {
        let (mut queue, _) = queue(1, SECOND);
        for _ in 0..4 {
            let later = queue.draw();
            assert!(queue.overtake(later));
        }
        let later = queue.draw();
        assert!(!queue.overtake(later));
    }

    #[test]
    fn nobody_overtakes_more_than_three_at_once() {
        let (mut queue, tickets) = queue(4, SECOND);
        assert!(queue.overtake(tickets[3]));
        let behind_four = queue.draw();
        assert!(!queue.overtake(behind_four));
        assert!(queue.overtake(tickets[0]), "the first overtakes nobody");
    }
}
