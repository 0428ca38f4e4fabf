//! Compressed responses.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::AsyncWriteExt;

use super::{read_head, serve};

pub(crate) const GZIP: &str = "Content-Encoding: gzip\r\n";

pub(crate) fn compressed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Serves this body with these headers, and checks that gzip is requested.
pub(crate) async fn server(headers: &'static str, body: Vec<u8>) -> String {
    let port = serve(move |mut stream| {
        let body = body.clone();
        async move {
            let head = read_head(&mut stream).await?;
            assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
            let head = format!(
                "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            for piece in body.chunks(1000) {
                stream.write_all(piece).await.ok()?;
            }
            Some(())
        }
    })
    .await;
    format!("http://127.0.0.1:{port}/")
}
