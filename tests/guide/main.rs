//! Are the guide, its programs and its claims correct?

mod base_url;
mod connections;
mod export;
mod first_call;
mod live_keys;
mod many_calls;
mod own_endpoints;
mod pages;
mod security;
mod services;
mod unknown_outcomes;
mod webhook_handlers;

#[path = "../loopback/mod.rs"]
#[allow(
    dead_code,
    unexpected_cfgs,
    unused_imports,
    reason = "other tests use the rest"
)]
mod loopback;
