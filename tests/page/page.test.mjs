// Tests the page of the sandbox in a browser: SANDBOX_URL=http://127.0.0.1:4010 node --test page.test.mjs
import assert from "node:assert/strict";
import { createServer } from "node:http";
import * as runner from "node:test";
import { base, control, launch, open, send, validate } from "./sandbox.mjs";

const test = (name, check) => runner.test(name, { timeout: 60_000 }, check);
const problems = [];
let browser;
let page;

runner.before(async () => {
  browser = await launch();
});

runner.after(() => browser.close());

runner.beforeEach(async () => {
  problems.length = 0;
  await control("POST", "reset");
  page = await open(browser, { problems });
});

// The content security policy reports what it blocks as an error.
runner.afterEach(async () => {
  await page.close();
  assert.deepEqual(problems, []);
});

const createAda = (fields) => send("POST", "/customer", { email: "ada@example.com", first_name: "Ada", ...fields });
const textOf = (selector) => page.$eval(selector, (element) => element.textContent);
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);

/** Waits until the text of an element contains a text. */
const shows = (selector, text) =>
  page.waitForFunction((css, part) => document.querySelector(css)?.textContent.includes(part), {}, selector, text);
const click = async (selector) => (await page.waitForSelector(selector, { visible: true })).click();

/** Clicks the button with this text in an element. */
async function press(selector, text) {
  await shows(selector, text);
  const buttons = await page.$$(`${selector} button`);
  for (const button of buttons) {
    if ((await button.evaluate((element) => element.textContent)) === text) return button.click();
  }
  throw new Error(`${selector} has no button "${text}"`);
}

test("page weighs at most 60 kB and allows no inline script", async () => {
  const responses = await Promise.all(["", "/page.css", "/page.js"].map((file) => fetch(`${base}/sandbox${file}`)));
  const bodies = await Promise.all(responses.map((response) => response.arrayBuffer()));
  const weight = bodies.reduce((sum, body) => sum + body.byteLength, 0);
  assert.ok(weight <= 60_000, `${weight} bytes`);
  const policy = responses[0].headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
});

test("empty page shows the first request to send", async () => {
  await shows("#requests .empty", `${base}/customer`);
});

test("connect shows the base URL and a key", async () => {
  await click("[popovertarget=connect]");
  await shows("#connect-values", `PAYSTACK_BASE_URL=${base}`);
  await shows("#connect-values", "PAYSTACK_SECRET_KEY=sk_test_");
});

test("request appears without a reload, with its bodies", async () => {
  await createAda();
  await click("#requests .row");
  await shows("#requests .row", "/customer");
  await shows("#requests .row", "200");
  await shows("#requests .content", '"email": "ada@example.com"');
  await shows("#requests .content", "Response body");
  const details = await textOf("#requests .content");
  assert.match(details, /authorization: Bearer \[redacted\]/);
  assert.doesNotMatch(details, /authorization: Bearer sk_/);
});

test("request is copied as a command that reads no file", async () => {
  const copied = async (method, path, body) => {
    await control("POST", "reset");
    await fetch(base + path, { method, body });
    await shows("#requests .row", method);
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
    await click("#requests .row");
    await press("#requests .content", "Copy as curl");
    await shows("#status", "Copied");
    return page.evaluate(() => window.copied);
  };
  const post = await copied("POST", "/customer", "@x=1");
  assert.ok(post.startsWith(`curl -X POST '${base}/customer' `), post);
  assert.ok(post.endsWith(" --data-raw '@x=1'"), post);
  const head = await copied("HEAD", "/customer");
  assert.ok(head.startsWith(`curl --head '${base}/customer' `), head);
  const odd = await copied("A`B", "/customer");
  assert.ok(odd.startsWith(`curl -X 'A\`B' `), odd);
});

test("page without a clipboard has no copy buttons", async () => {
  await page.evaluateOnNewDocument(() => delete Navigator.prototype.clipboard);
  await page.reload();
  await createAda();
  await click("#requests .row");
  await shows("#requests .content", "Response body");
  const labels = await page.$$eval("#requests button", (buttons) => buttons.map((button) => button.textContent));
  assert.ok(labels.includes("Add a fault here"), labels.join());
  assert.ok(!labels.some((label) => label.startsWith("Copy")), labels.join());
});

test("filter shows only failed requests, then only a path", async () => {
  await createAda();
  await send("GET", "/customer/CUS_missing");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 2);
  await page.select("#requests select", "Failed");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 1);
  await shows("#requests .row", "CUS_missing");
  await page.type("#requests input", "no such path");
  await press("#requests .empty", "Clear the filter");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 2);
});

test("markup in a name is shown as text", async () => {
  const name = "<script>window.injected = 1</script><img src=x onerror=window.injected=1>";
  await createAda({ first_name: name, metadata: { note: name } });
  await click("#requests .row");
  await shows("#requests .content", "<script>");
  await click("#customers-tab");
  await click("#customers .row");
  await shows("#customers .details h2", name);
  await shows("#customers .content", "Metadata");
  assert.equal(await page.evaluate(() => window.injected), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll("main script, main img").length), 0);
});

test("customer shows its state and history", async () => {
  await createAda();
  await send("POST", "/customer/set_risk_action", { customer: "ada@example.com", risk_action: "deny" });
  await click("#customers-tab");
  await click("#customers .row");
  await shows("#customers dl", "deny");
  await shows("#customers .history", "POST /customer/set_risk_action");
  await send("GET", "/customer/ada%40example.com");
  await shows("#customers .history", "GET /customer/ada%40example.com");
  await click("#customers .history button");
  await shows("#requests .details h2", "GET /customer/ada%40example.com");
});

test("mandate appears with its customer", async () => {
  await createAda();
  await send("POST", "/customer/authorization/initialize", { email: "ada@example.com", channel: "direct_debit" });
  await click("#mandates-tab");
  await click("#mandates .row");
  await shows("#mandates dl", "ada@example.com");
  await press("#mandates .content", "Show the customer");
  await shows("#customers dl", "ada@example.com");
});

test("mandates of both modes that share an id are listed apart", async () => {
  const state = (name) => ({
    customers: [{ email: `${name}@example.com`, customer_code: "CUS_ada" }],
    mandates: [{ customer: "CUS_ada", status: "active", authorized_at: "2026-01-01T00:00:00Z" }],
  });
  await control("POST", "state", { test: state("ada"), live: state("kwame") });
  await click("#mandates-tab");
  await page.waitForFunction(() => document.querySelectorAll("#mandates .row").length === 2);
  await shows("#mandates .box", "ada@example.com");
  await shows("#mandates .box", "kwame@example.com");
});

test("list shows the newest 500 customers", async () => {
  const customers = Array.from({ length: 501 }, (_, at) => ({ email: `customer-${at}@example.com` }));
  await control("POST", "state", { test: { customers } });
  await click("#customers-tab");
  await shows("#customers .cut", "The newest 500 of each mode.");
  await shows("#customers .row", "customer-500@example.com");
});

test("webhook is sent again by the resend button", async () => {
  const deliveries = [];
  const { webhook_url } = await control("GET", "config");
  const receiver = createServer((request, response) => {
    deliveries.push(request.url);
    response.end();
  });
  if (webhook_url) receiver.listen(Number(new URL(webhook_url).port), "127.0.0.1");
  try {
    await createAda();
    await validate("ada@example.com");
    await click("#webhooks-tab");
    await click("[popovertarget=clock]");
    await press("#clock", "+1 min");
    await page.keyboard.press("Escape");
    await click("#webhooks .row");
    await shows("#webhooks .content", '"event": "customeridentification.success"');
    if (webhook_url) await shows("#webhooks dl", "delivered");
    if (webhook_url) await shows("#webhooks .content", "Deliveries");
    const before = deliveries.length;
    await press("#webhooks .content", "Resend");
    await shows("#status", "is queued again");
    for (let waited = 0; webhook_url && deliveries.length === before; waited += 50) {
      assert.ok(waited < 5000, "no second delivery");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
});

test("fault of the form hits the next request, and can be removed", async () => {
  await click("#faults-tab");
  await page.select("#fault-form [name=fault]", "server_error");
  await page.select("#fault-form [name=on]", "customers.create");
  await page.type("#fault-form [name=times]", "1");
  await click("#fault-form .primary");
  await shows("#fault-list", "status 500 · on customers.create · 1 time");
  assert.equal((await createAda()).status, 500);
  assert.equal((await createAda()).status, 200);
  await shows("#fault-list", "1 hit");
  await press("#fault-list", "Remove");
  await page.waitForFunction(() => document.querySelectorAll("#fault-list li").length === 0);
  await click("#requests-tab");
  await page.select("#requests select", "Faulted");
  await shows("#requests .row", "server_error");
});

test("lost answer is shown as a request without a response", async () => {
  await click("#faults-tab");
  await press("#common-faults", "Lose the next answer");
  await shows("#fault-list", "answer_lost");
  await createAda();
  await click("#requests-tab");
  await shows("#requests .row", "lost");
});

test("clock advances by a day", async () => {
  const start = Date.parse((await control("GET", "clock")).now);
  await click("[popovertarget=clock]");
  await press("#clock", "+1 day");
  await shows("#status", "86,400 seconds");
  const now = Date.parse((await control("GET", "clock")).now);
  assert.ok(now - start >= 86_400_000);
  await shows("#full-now", new Date(now).toISOString().slice(0, 10));
});

test("reset asks first, then empties the page", async () => {
  await createAda();
  await shows("#requests .row", "/customer");
  await click("#reset");
  await click("#reset-cancel");
  await shows("#requests .row", "/customer");
  await click("#reset");
  await click("#reset-confirm");
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 0);
  assert.deepEqual((await control("GET", "requests")).requests, []);
});

test("list keeps up with a burst and holds while a row is selected", async () => {
  const burst = () => Promise.all(Array.from({ length: 300 }, () => send("GET", "/customer/CUS_missing")));
  await burst();
  await burst();
  const { last } = await control("GET", "requests");
  await shows("#requests .row", String(last));
  assert.equal((await page.$$("#requests .row")).length, 500);
  await click("#requests .row");
  await createAda();
  await shows("#requests .fresh", "1 new");
  await shows("#requests .row", String(last));
  await click("#requests .fresh");
  await shows("#requests .row", "POST");
});

test("keyboard operates the views and Tab is never trapped", async () => {
  await createAda();
  await send("GET", "/customer/ada%40example.com");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 2);
  const key = (name) => page.keyboard.press(name);

  await key("Tab");
  assert.equal(await focused(), "skip");
  await key("Enter");
  assert.equal(await focused(), "main");

  await page.focus("#requests-tab");
  await key("ArrowRight");
  assert.equal(await focused(), "customers-tab");
  await key("End");
  assert.equal(await focused(), "faults-tab");
  await key("ArrowRight");
  assert.equal(await focused(), "requests-tab");

  await key("/");
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  await page.keyboard.type("customers.fetch");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 1);
  await key("Escape");
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 2);

  await page.focus("#requests .box");
  await key("ArrowDown");
  await key("ArrowDown");
  await key("Enter");
  await shows("#requests .details h2", "POST /customer");
  await key("ArrowUp");
  await shows("#requests .details h2", "GET /customer/ada%40example.com");
  await key("Escape");
  assert.equal(await page.$eval("#requests .details", (details) => details.hidden), true);
  assert.equal(await focused(), "box");

  // Tab leaves each control, so it returns to the skip link.
  const visited = new Set();
  for (let steps = 0; steps < 40 && !visited.has("skip"); steps += 1) {
    await key("Tab");
    visited.add(await focused());
  }
  assert.ok(visited.has("skip"), [...visited].join(" "));
});

test("dialog returns the focus to its button", async () => {
  await page.focus("#reset");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "reset-cancel");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "reset");
});

for (const scheme of ["light", "dark"]) {
  test(`narrow ${scheme} page shows each view without scrolling sideways`, async () => {
    await createAda({ last_name: "Okoro".repeat(20), metadata: { text: "x".repeat(300) } });
    await validate("ada@example.com");
    await page.close();
    page = await open(browser, { width: 360, height: 740, scheme, problems });
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(Number(background.match(/\d+/)[0]) < 128, scheme === "dark");
    for (const view of ["requests", "customers", "mandates", "webhooks", "faults"]) {
      await click(`#${view}-tab`);
      const row = await page.$(`#${view} .row`);
      await row?.click();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, view);
      if (row) await press(`#${view} .details`, "Close");
    }
  });
}
