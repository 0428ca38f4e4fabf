// Runs the module in Node against a sandbox: node run.mjs MODULE.wasm SANDBOX_PROGRAM
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

const [module, program] = process.argv.slice(2);
const sandbox = spawn(program, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
// Also stops the sandbox after a trap in the module, which ends this program.
process.on("exit", () => sandbox.kill());
const [line] = await once(sandbox.stdout, "data");
const url = line.toString().match(/http:\S+/)[0];

let wasm;
const lines = [];
const read = (at, length) =>
  new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, at, length));
const write = (text) => {
  const bytes = new TextEncoder().encode(text);
  const at = wasm.buffer(bytes.length);
  new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
};

const responded = (number, response) => {
  write(JSON.stringify(response));
  wasm.responded(number);
};

async function fetched({ method, url, headers, body }) {
  // A followed redirect would forward the key.
  const options = { method, headers, body: body || undefined, redirect: "manual" };
  const response = await fetch(url, options);
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

const finished = new Promise((resolve) => {
  const host = {
    fetch: (number, at, length) => {
      const response = fetched(JSON.parse(read(at, length)));
      response.catch(() => null).then((response) => {
        // Simulates the late response of a cancelled request, which the module ignores.
        responded(number - 1, null);
        responded(number, response);
      });
    },
    // `setTimeout` fires at once if the time exceeds 31 bits.
    wake_after: (milliseconds) => setTimeout(() => wasm.go_on(), Math.min(milliseconds + 1, 2 ** 31 - 1)),
    now: () => performance.now(),
    report: (at, length) => {
      const line = read(at, length);
      console.log(line);
      lines.push(line);
      if (line === "done" || line.startsWith("failed")) resolve();
    },
  };
  const begin = async () => {
    const { instance } = await WebAssembly.instantiate(await readFile(module), { host });
    wasm = instance.exports;
    write(url);
    wasm.start();
  };
  begin().catch((error) => {
    lines.push(`failed: ${error}`);
    resolve();
  });
});
await finished;

const expected = ["create", "list", "update", "validate", "set_risk_action", "fetch"];
const names = lines.map((line) => line.split(" ")[0]);
const right =
  lines.length === 8 &&
  lines.at(-1) === "done" &&
  expected.every((name, at) => names[at] === `customers.${name}`) &&
  names[6] === "customers.deactivate_authorization";
if (!right) console.error(`expected the seven operations, got: ${lines.join("; ")}`);
process.exit(right ? 0 : 1);
