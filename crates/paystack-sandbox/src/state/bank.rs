//! The banks that support direct debit in the sandbox.

/// The codes and names of banks in Nigeria. Paystack's own list is longer, and changes.
const BANKS: [(&str, &str); 12] = [
    ("011", "First Bank of Nigeria"),
    ("032", "Union Bank of Nigeria"),
    ("033", "United Bank For Africa"),
    ("035", "Wema Bank"),
    ("044", "Access Bank"),
    ("050", "Ecobank Nigeria"),
    ("057", "Zenith Bank"),
    ("058", "Guaranty Trust Bank"),
    ("070", "Fidelity Bank"),
    ("214", "First City Monument Bank"),
    ("221", "Stanbic IBTC Bank"),
    ("232", "Sterling Bank"),
];

/// Returns the name of the bank with a code, if it supports direct debit.
pub(super) fn name(code: &str) -> Option<&'static str> {
    let bank = BANKS.iter().find(|(known, _)| *known == code);
    bank.map(|(_, name)| *name)
}
