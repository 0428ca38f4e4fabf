//! Codes that look like Paystack's, the same for the same seed.

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// SplitMix64: small, even, and the same on every machine and in every version.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A code of `length` letters and digits behind a prefix.
    pub(crate) fn code(&mut self, prefix: &str, length: usize) -> String {
        let letters = (0..length).filter_map(|_| {
            let position = self.next().checked_rem(36)?;
            LETTERS.get(usize::try_from(position).ok()?).copied()
        });
        prefix.chars().chain(letters.map(char::from)).collect()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
