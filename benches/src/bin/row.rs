//! Runs one row many times: `row NAME TIMES`. Prints nanoseconds and allocations per run.
//! Without arguments it prints the names.

use std::alloc::System;
use std::time::Instant;

use paystack_benches::rows;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [name, times] = &arguments[..] else {
        for row in rows::all() {
            println!("{}", row.name);
        }
        return;
    };
    let times: u32 = times.parse().unwrap();
    let rows = rows::all();
    let row = rows.iter().find(|row| row.name == *name).expect("a row");
    let work = (row.prepare)();
    // The first run creates what later runs reuse.
    work();
    let region = Region::new(ALLOCATOR);
    let started = Instant::now();
    for _ in 0..times {
        work();
    }
    let nanoseconds = started.elapsed().as_nanos();
    let counted = region.change();
    let times = f64::from(times);
    println!(
        "{:.0} {:.2}",
        nanoseconds as f64 / times,
        counted.allocations as f64 / times
    );
}
