//! The injected faults, and the choice of the one that affects a request.

use http::Method;
use serde::Serialize;

use super::kind::{READS, WRITES};
use super::{Fault, FaultKind};

/// The number of faults that are kept. Beyond it, those that have no effect left go first.
const CAPACITY: usize = 1_000;

/// A fault of a sandbox, and how often it took effect.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct InjectedFault {
    /// The number that [`Sandbox::inject`](crate::Sandbox::inject) returned.
    pub number: u64,
    /// How many requests or webhooks it affected.
    pub hits: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests or webhooks it selected by their name.
    #[serde(skip)]
    seen: u64,
}

impl InjectedFault {
    fn is_spent(&self) -> bool {
        self.fault
            .selection
            .times
            .is_some_and(|times| self.hits >= times)
    }
}

/// The faults of a sandbox, oldest first.
#[derive(Debug)]
pub(crate) struct InjectedFaults {
    faults: Vec<InjectedFault>,
    last_number: u64,
    random: fastrand::Rng,
}

impl InjectedFaults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            faults: Vec::new(),
            last_number: 0,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &InjectedFault> {
        self.faults.iter()
    }

    /// Adds a fault, and returns its number.
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.faults.push(InjectedFault {
            number: self.last_number,
            hits: 0,
            fault,
            seen: 0,
        });
        if self.faults.len() > CAPACITY {
            let spent = self.faults.iter().position(InjectedFault::is_spent);
            self.faults.remove(spent.unwrap_or(0));
        }
        self.last_number
    }

    pub(crate) fn remove(&mut self, number: u64) -> bool {
        let count = self.faults.len();
        self.faults.retain(|fault| fault.number != number);
        self.faults.len() < count
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// Chooses the fault of a request with this method that calls this operation.
    pub(crate) fn for_request(
        &mut self,
        method: &Method,
        operation: Option<&str>,
    ) -> Option<Fault> {
        let group = if method.is_safe() { READS } else { WRITES };
        self.choose(&[operation, Some(group)], |kind| !kind.is_of_webhooks())
    }

    /// Chooses the fault of a webhook with this event.
    pub(crate) fn for_webhook(&mut self, event: &str) -> Option<Fault> {
        self.choose(&[Some(event)], FaultKind::is_of_webhooks)
    }

    /// Chooses the first fault of a kind that affects one of these names, or any name.
    fn choose(
        &mut self,
        names: &[Option<&str>],
        has_kind: impl Fn(&FaultKind) -> bool,
    ) -> Option<Fault> {
        for injected in &mut self.faults {
            let selection = &injected.fault.selection;
            let is_selected = selection.on.is_none() || names.contains(&selection.on.as_deref());
            if !is_selected || injected.is_spent() || !has_kind(&injected.fault.kind) {
                continue;
            }
            injected.seen = injected.seen.saturating_add(1);
            if injected.seen > selection.after && self.random.f64() < selection.probability {
                injected.hits = injected.hits.saturating_add(1);
                return Some(injected.fault.clone());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the numbers of the faults that affect a series of creations.
    fn chosen(faults: &mut InjectedFaults, requests: usize) -> Vec<u64> {
        (0..requests)
            .map(|_| {
                let before: Vec<_> = faults.iter().map(|fault| fault.hits).collect();
                faults.for_request(&Method::POST, Some("customers.create"));
                let hit = faults
                    .iter()
                    .zip(before)
                    .find(|(fault, hits)| fault.hits > *hits);
                hit.map_or(0, |(fault, _)| fault.number)
            })
            .collect()
    }

    #[test]
    fn faults_with_a_count_apply_one_after_another() {
        let mut faults = InjectedFaults::new(1);
        faults.add(Fault::gzip().on("customers.list"));
        faults.add(Fault::gzip().on("reads"));
        faults.add(Fault::gzip().on("customers.create").after(1).times(2));
        faults.add(Fault::gzip().on("writes").after(1).times(1));
        faults.add(Fault::garbage().times(2));
        faults.add(Fault::webhook_dropped());
        assert_eq!(chosen(&mut faults, 7), [5, 3, 3, 4, 5, 0, 0]);
    }

    #[test]
    fn probability_follows_the_seed() {
        let mut series: Vec<Vec<u64>> = Vec::new();
        for seed in [1, 1, 2] {
            let mut faults = InjectedFaults::new(seed);
            faults.add(Fault::gzip().with_probability(0.5));
            series.push(chosen(&mut faults, 1_000));
        }
        assert_eq!(series[0], series[1]);
        assert_ne!(series[0], series[2]);
        let hits: u64 = series[0].iter().sum();
        assert!((400..600).contains(&hits), "{hits} of 1,000");
        for (probability, hits) in [(0.0, 0), (1.0, 1_000), (f64::NAN, 0)] {
            let mut faults = InjectedFaults::new(1);
            faults.add(Fault::gzip().with_probability(probability));
            assert_eq!(chosen(&mut faults, 1_000).iter().sum::<u64>(), hits);
        }
    }

    #[test]
    fn spent_faults_make_room_first() {
        let mut faults = InjectedFaults::new(1);
        faults.add(Fault::gzip());
        faults.add(Fault::gzip().times(0));
        for _ in 2..=CAPACITY {
            faults.add(Fault::gzip());
        }
        let first: Vec<_> = faults.iter().take(2).map(|fault| fault.number).collect();
        assert_eq!(first, [1, 3]);
        assert!(faults.remove(3) && !faults.remove(3));
    }
}
