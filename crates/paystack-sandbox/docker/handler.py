"""Verifies each webhook of the sandbox and prints the name of its event."""

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = b"sk_test_compose"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        expected = hmac.new(KEY, body, hashlib.sha512).hexdigest()
        if hmac.compare_digest(expected, self.headers.get("x-paystack-signature", "")):
            print(json.loads(body)["event"])
            self.send_response(200)
        else:
            self.send_response(401)
        self.end_headers()


HTTPServer(("", 4020), Handler).serve_forever()
