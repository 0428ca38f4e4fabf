//! A far line: a TCP proxy that delays bytes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Starts a line to a server, and returns its port. All bytes travel for half a round trip, and the bandwidth is
/// unlimited. It uses threads, because tokio's timer counts whole milliseconds.
pub fn start(server: SocketAddr, round_trip: Duration) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for near in listener.incoming() {
            let (near, far) = (near.unwrap(), TcpStream::connect(server).unwrap());
            near.set_nodelay(true).unwrap();
            far.set_nodelay(true).unwrap();
            // On loopback a client connects at once. The round trip of the TCP handshake delays its first bytes.
            let open = Instant::now() + round_trip;
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            carry(near, far, open, round_trip / 2);
            carry(far_too, near_too, open, round_trip / 2);
        }
    });
    port
}

/// Carries bytes in one direction. Each chunk has its own due time, so chunks in a row wait together.
fn carry(mut from: TcpStream, mut to: TcpStream, open: Instant, delay: Duration) {
    let (queue, queued) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let due = Instant::now().max(open) + delay;
            let _ = queue.send((due, buffer[..length].to_vec()));
        }
    });
    thread::spawn(move || {
        for (due, bytes) in queued {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
