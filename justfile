# The commands that people need. Nothing depends on just: each line works in a shell.

# Lists them.
default:
    @just --list

# The seven operations on customers, over a socket, against the sandbox.
try:
    cargo run --example quickstart

# The tests of one crate, or all of them.
test crate="*":
    cargo test -p 'paystack-{{ trim_start_match(crate, "paystack-") }}' --all-features

# What every change has to pass.
check:
    .ci/run

# What takes longer, or some of its steps: `just deep packages semver`.
deep *steps:
    .ci/deep {{ steps }}

# Renews the record of the public API.
api:
    .ci/api --write

# What a call takes, beside what others take; writes the tables of docs/performance.md.
bench:
    benches/run

# The code in the README and in the guide.
guide:
    cargo test -p paystack-tests --doc

# The reference, in a browser.
doc:
    cargo doc --workspace --all-features --no-deps --open

# Paystack's Customers API on this machine.
sandbox port="4010":
    cargo run -p paystack-sandbox --features server -- --port {{ port }}
