//! Are the guide, its programs and its claims correct?

#[rustfmt::skip]
mod actix_service;
#[rustfmt::skip]
#[path = "axum_service/main.rs"]
#[allow(dead_code, reason = "its tests do not start the program")]
mod axum_service;
mod connections;
mod export;
mod first_call;
mod live_keys;
mod many_calls;
mod own_endpoints;
mod pages;
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
