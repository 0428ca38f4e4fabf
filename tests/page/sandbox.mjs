// The sandbox under test, and a browser that shows its page.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer from "puppeteer-core";

const url = process.env.SANDBOX_URL ?? process.argv[2];
if (!url) throw new Error("set SANDBOX_URL to the base URL of a running sandbox");
export const base = url.replace(/\/$/, "");

/** Sends a request with the example key. Returns null if the connection closes without a response. */
export async function send(method, path, body) {
  const headers = { authorization: "Bearer sk_test_sandbox", "content-type": "application/json" };
  const request = { method, headers, body: body && JSON.stringify(body) };
  return fetch(base + path, request).catch(() => null);
}

export async function control(method, path, body) {
  const response = await send(method, `/sandbox/${path}`, body);
  if (!response.ok) throw new Error(`${method} /sandbox/${path} failed with status ${response.status}`);
  return response.json();
}

/** Validates a customer with the credential of Paystack's documentation, which succeeds. */
export const validate = (email) =>
  send("POST", `/customer/${email}/identification`, {
    country: "NG", type: "bank_account", account_number: "0111111111", bvn: "222222222221", bank_code: "007",
    first_name: "Uchenna", last_name: "Okoro",
  });

/** Starts the chromium in PATH. */
export function launch() {
  const found = process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium")).find(existsSync);
  if (!found) throw new Error("install chromium");
  // Containers run as root and have a small /dev/shm.
  return puppeteer.launch({ executablePath: found, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** Opens the page and waits until it is live. `problems` collects errors and requests to other hosts. */
export async function open(browser, { width = 1280, height = 800, scheme = "light", problems = [] } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(`${base}/`) || request.url().startsWith("data:");
    if (!isOwn) problems.push(`request to ${request.url()}`);
  });
  await page.goto(`${base}/sandbox`);
  await page.waitForSelector("#connection.live");
  return page;
}
