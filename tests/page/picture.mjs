// Writes docs/sandbox-page.png: SANDBOX_URL=http://127.0.0.1:4010 node picture.mjs
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { control, launch, open, send, validate } from "./sandbox.mjs";

const file = fileURLToPath(new URL("../../docs/sandbox-page.png", import.meta.url));
const browser = await launch();
try {
  await control("POST", "reset");
  await send("POST", "/customer", { email: "ada@example.com", first_name: "Ada", last_name: "Okoro" });
  await send("POST", "/customer", { email: "bola@example.com", first_name: "Bola", last_name: "Mensah" });
  await send("POST", "/customer", { first_name: "Chidi" });
  await send("GET", "/customer?perPage=50&use_cursor=true");
  await validate("ada@example.com");
  await send("POST", "/customer/set_risk_action", { customer: "bola@example.com", risk_action: "deny" });
  await send("POST", "/customer/authorization/initialize", { email: "ada@example.com", channel: "direct_debit" });
  await control("POST", "faults", { fault: "answer_lost", on: "customers.create", times: 1 });
  await send("POST", "/customer", { email: "dayo@example.com", first_name: "Dayo" });
  await control("POST", "faults", { fault: "server_error", status: 503, on: "customers.fetch", times: 2 });
  for (let fetches = 0; fetches < 3; fetches += 1) await send("GET", "/customer/ada%40example.com");
  await send("GET", "/customer/CUS_unknown");

  const page = await open(browser);
  await page.waitForFunction(() => document.querySelectorAll("#requests .row").length === 12);
  await page.click("#requests .row:nth-child(4)");
  await page.waitForFunction(() => document.querySelector("#requests .content").textContent.includes("Response headers"));
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
const { size } = await stat(file);
console.log(`docs/sandbox-page.png: ${size} bytes`);
if (size > 150_000) throw new Error("the picture must be at most 150,000 bytes");
