//! Jitter, from a seed that the caller gives.

use std::time::Duration;

/// SplitMix64: small, even, and the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A duration up to this one, all equally likely.
    pub(crate) fn up_to(&mut self, longest: Duration) -> Duration {
        // The upper half of a product is even over the range, to within a nanosecond.
        let product = longest.as_nanos().saturating_mul(u128::from(self.next()));
        Duration::from_nanos(u64::try_from(product >> 64).unwrap_or(u64::MAX))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        let mut random = Random::new(1_234_567);
        let numbers = [(); 4].map(|()| random.next());
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
        ];
        assert_eq!(numbers, published);
    }

    #[test]
    fn all_durations_up_to_the_longest_come_about_equally_often() {
        let mut random = Random::new(1);
        let mut tenths = [0; 10];
        for _ in 0..100_000 {
            let duration = random.up_to(Duration::from_secs(10));
            assert!(duration < Duration::from_secs(10));
            tenths[usize::try_from(duration.as_secs()).unwrap()] += 1;
        }
        assert!(
            tenths.iter().all(|count| (9_700..10_300).contains(count)),
            "{tenths:?}"
        );
        assert_eq!(random.up_to(Duration::ZERO), Duration::ZERO);
    }
}
