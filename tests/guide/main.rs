//! Are the guide, its programs and its claims correct?

mod export;
mod first_call;
mod live_keys;
mod own_endpoints;
mod pages;
mod unknown_outcomes;
mod webhook_handlers;
