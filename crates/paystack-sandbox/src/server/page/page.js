// The page of the sandbox. Requests and customers are untrusted: the page shows their text through text nodes only.

const ROWS = 500; // of a list, at most
const ITEMS = 10_000; // that the filter of a list searches, as many as the sandbox keeps
const STEPS = 100; // of a history

const OPERATIONS = [
  "create", "list", "fetch", "update", "validate", "set_risk_action", "deactivate_authorization",
  "initialize_authorization", "verify_authorization", "initialize_direct_debit", "charge_activation",
  "trigger_activation_charge", "list_mandate_authorizations", "list_integration_mandate_authorizations",
].map((name) => `customers.${name}`);
const EVENTS = [
  "customeridentification.success", "customeridentification.failed",
  "direct_debit.authorization.created", "direct_debit.authorization.active",
];

const config = { example_key: "sk_test_sandbox" };

// ---- elements

const byId = (id) => document.getElementById(id);

/** Creates an element. Attributes that are functions listen to events. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value != null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const button = (label, click, attributes) => make("button", { type: "button", click, ...attributes }, label);
// Plain http off loopback has no clipboard.
const copyButton = (label, text) => navigator.clipboard && button(label, () => act("Copied", () => navigator.clipboard.writeText(text)));
const tag = (text, tone) => make("span", { class: `tag ${tone}` }, String(text));
const note = (...text) => make("p", { class: "hint" }, ...text);
const part = (title, ...children) => make("section", null, make("h3", null, title), ...children);

/** Replaces the children of an element. A button with the focus passes it to the new button with the same label. */
function replace(element, children, fallback) {
  const label = (child) => child.ariaLabel ?? child.textContent;
  const focused = element.contains(document.activeElement) && label(document.activeElement);
  element.replaceChildren(...children);
  if (focused === false) return;
  ([...element.querySelectorAll("button")].find((child) => label(child) === focused) ?? fallback).focus();
}

/** A titled text with a copy button. Formats JSON. */
function block(title, text) {
  if (!text) return null;
  const heading = make("div", { class: "heading" }, make("h3", null, title), copyButton("Copy", text));
  return make("section", null, heading, make("pre", null, formatJson(text)));
}

/** Indents JSON token by token, which keeps large numbers and repeated keys. Returns other text unchanged. */
function formatJson(text) {
  try {
    JSON.parse(text);
  } catch {
    return [text];
  }
  const nodes = [];
  let plain = "";
  let indent = "\n";
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[[\]{}:,]|[^\s[\]{}:,"]+/g);
  tokens.forEach((token, at) => {
    if (/^[[{]/.test(token)) {
      indent += "  ";
      plain += /^[\]}]/.test(tokens[at + 1]) ? token : token + indent;
    } else if (/^[\]}]/.test(token)) {
      indent = indent.slice(0, -2);
      plain += /^[[{]/.test(tokens[at - 1]) ? token : indent + token;
    } else if (token === ",") {
      plain += token + indent;
    } else if (token === ":") {
      plain += ": ";
    } else if (tokens[at + 1] === ":" && nodes.length < 5000) {
      nodes.push(plain, make("span", { class: "key" }, token));
      plain = "";
    } else {
      plain += token;
    }
  });
  return [...nodes, plain];
}

// ---- texts

const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const timeOfDay = (time) => time.slice(11, 23);
const dateAndTime = (time) => (time ?? "").slice(0, 19).replace("T", " ");
const statusTone = (status) => (status == null || status >= 500 ? "bad" : status >= 400 ? "warn" : "good");
const shellQuote = (text) => (/^\w+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function curl(method, target, headers, body) {
  const key = ["Authorization", `Bearer ${config.example_key}`];
  const isHead = method === "HEAD"; // With -X HEAD, curl would wait for a body.
  return [
    `curl ${isHead ? "--head" : `-X ${shellQuote(method)}`} ${shellQuote(location.origin + target)}`,
    ...[key, ...headers].map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    ...(body && !isHead ? [`--data-raw ${shellQuote(body)}`] : []),
  ].join(" \\\n  ");
}

const example = (path, json) =>
  block("curl", curl("POST", path, [["Content-Type", "application/json"]], JSON.stringify(json)));
const createExample = () => example("/customer", { email: "ada@example.com", first_name: "Ada" });

// ---- calls

/** Calls a control route. Throws an error with the sandbox's message if the call fails. */
async function call(method, path, json) {
  const body = json && JSON.stringify(json);
  const response = await fetch(`/sandbox/${path}`, { method, body, headers: body && { "content-type": "application/json" } });
  const value = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(value.message ?? `${method} /sandbox/${path} failed with status ${response.status}`);
  return value;
}

let forgetting;

/** Shows a message in the status line, which screen readers announce. Errors stay until the next message. */
function report(message, tone = "") {
  byId("status").textContent = message;
  byId("status").className = tone;
  clearTimeout(forgetting);
  if (!tone && message) forgetting = setTimeout(() => report(""), 10_000);
}

/** Runs an action of the user and reports its end. */
async function act(message, action) {
  try {
    await action();
    report(message);
  } catch (error) {
    report(error.message, "bad");
  }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const nextFrame = () => new Promise(requestAnimationFrame);

/** Returns a function that runs the work once at a time, with pauses that leave most of the time to others. */
function throttled(leastPause, work) {
  let isRunning = false;
  let isDue = false;
  return async function run() {
    isDue = isRunning;
    if (isRunning) return;
    isRunning = true;
    const start = performance.now();
    await work().catch((error) => report(error.message, "bad"));
    await sleep(Math.min(1000, Math.max(leastPause, 3 * (performance.now() - start))));
    isRunning = false;
    if (isDue) run();
  };
}

// ---- lists

/**
 * A list with a filter and details. `items` are the items by key, oldest first; the list shows the newest first.
 * Columns are `[label, classes, text of an item, tone of an item's tag]`. The details show them, too, and further fields.
 * While the user scrolls or has a selection, new rows wait for a click on "n new".
 */
class List {
  items = new Map();
  rows = new Map();
  isLoaded = false;
  isPaused = false;
  isScrolled = false;
  current = null; // the key of the row that the arrow keys reached
  selected = null; // the key of the item in the details

  constructor(name, spec) {
    Object.assign(this, { name, ...spec });
    this.panel = byId(name);
    this.panel.append(byId("list-panel").content.cloneNode(true));
    const find = (selector) => this.panel.querySelector(selector);
    for (const part of ["search", "choice", "fresh", "scroller", "box", "empty", "details", "content", "cut"]) this[part] = find(`.${part}`);

    this.search.placeholder = `Filter ${name}`;
    this.search.setAttribute("aria-label", `Filter ${name}`);
    this.choice.setAttribute("aria-label", `Which ${name}`);
    this.choice.append(...Object.keys(this.filters).map((label) => make("option", null, label)));
    this.box.setAttribute("aria-label", `${name}, newest first`);
    find(".columns").append(...this.columns.map(([label, css]) => make("span", { class: `cell ${css}` }, label)));

    this.search.addEventListener("input", () => this.showNewest());
    this.choice.addEventListener("change", () => this.showNewest());
    this.fresh.addEventListener("click", () => this.showNewest());
    find(".pause").addEventListener("click", ({ target }) => {
      this.isPaused = !this.isPaused;
      target.setAttribute("aria-pressed", this.isPaused);
      if (!this.isPaused) this.showNewest();
    });
    find(".close").addEventListener("click", () => this.close());
    this.scroller.addEventListener("scroll", () => {
      this.isScrolled = this.scroller.scrollTop > 4;
      this.schedule();
    }, { passive: true });
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("blur", () => this.setCurrent(this.selected));
    const keyAt = ({ target }) => target.closest(".row")?.key ?? null;
    // Holds the rows, so that the click hits the same row.
    this.box.addEventListener("mousedown", (event) => this.setCurrent(keyAt(event)));
    this.box.addEventListener("click", (event) => {
      if (keyAt(event) !== null && getSelection().isCollapsed) this.open(keyAt(event));
    });
  }

  put(item) {
    this.items.set(this.key(item), item);
    if (this.items.size > ITEMS) this.items.delete(this.items.keys().next().value);
    this.schedule();
  }

  replace(items) {
    this.items = new Map(items.map((item) => [this.key(item), item]));
    this.isLoaded = true;
    this.schedule();
  }

  clear() {
    this.items.clear();
    this.selected = null;
    this.details.hidden = true;
    this.showNewest();
  }

  matches(item) {
    if (!this.filters[this.choice.value](item)) return false;
    if (!this.search.value) return true;
    const text = this.columns.map(([, , text]) => text(item)).join(" ").toLowerCase();
    return this.search.value.toLowerCase().split(" ").every((word) => text.includes(word));
  }

  isHeld() {
    const selection = getSelection();
    const hasText = !selection.isCollapsed && this.box.contains(selection.anchorNode);
    return this.rows.size > 0 && (this.isPaused || this.isScrolled || this.current !== null || hasText);
  }

  /** Renders in the next frame, then pauses: each new row costs a layout. */
  schedule = throttled(80, async () => {
    await nextFrame();
    this.render();
    await nextFrame();
  });

  showNewest() {
    this.scroller.scrollTop = 0;
    this.isScrolled = false;
    this.render(false);
  }

  render(isHeld = this.isHeld()) {
    const total = this.total?.() ?? this.items.size;
    byId(`${this.name}-tab`).querySelector(".count").textContent = total ? total.toLocaleString("en") : "";
    if (this.panel.hidden) return;
    const items = [...this.items].reverse();
    if (isHeld) this.updateRows();
    else this.placeRows(items);
    const firstKnown = items.findIndex(([key]) => this.rows.has(key));
    const newer = isHeld ? items.slice(0, firstKnown < 0 ? ITEMS : firstKnown) : [];
    const waiting = newer.filter(([, item]) => this.matches(item)).length;
    this.fresh.hidden = waiting === 0;
    this.fresh.textContent = `↑ ${waiting.toLocaleString("en")} new`;
    this.box.hidden = this.rows.size === 0;
    this.empty.hidden = !this.box.hidden;
    if (this.box.hidden) this.showEmpty();
    this.showDetails();
  }

  placeRows(items) {
    const shown = new Map();
    for (const [key, item] of items) {
      if (shown.size === ROWS) break;
      if (this.matches(item)) shown.set(key, item);
    }
    for (const [key, row] of this.rows) {
      if (shown.has(key)) continue;
      row.remove();
      this.rows.delete(key);
    }
    let next = this.box.firstElementChild;
    for (const [key, item] of shown) {
      const row = this.rows.get(key) ?? this.createRow(key);
      this.fill(row, item);
      if (row === next) next = next.nextElementSibling;
      else this.box.insertBefore(row, next);
    }
    if (this.current !== null && !this.rows.has(this.current)) this.setCurrent(null);
  }

  updateRows() {
    for (const [key, row] of this.rows) if (this.items.has(key)) this.fill(row, this.items.get(key));
  }

  createRow(key) {
    const cells = this.columns.map(([, css]) => make("span", { class: `cell ${css}` }));
    const attributes = { class: "row", role: "option", id: `${this.name}-${key}`, "aria-selected": String(key === this.selected) };
    const row = make("div", attributes, cells);
    row.key = key;
    this.rows.set(key, row);
    return row;
  }

  fill(row, item) {
    if (row.item === item) return;
    row.item = item;
    this.columns.forEach(([, css, text, tone], at) => {
      const value = String(text(item) ?? "");
      if (row.children[at].textContent === value) return;
      row.children[at].textContent = value;
      if (tone) row.children[at].className = `cell ${css} tag ${tone(item)}`;
    });
  }

  showEmpty() {
    const clear = () => {
      this.search.value = "";
      this.choice.selectedIndex = 0;
      this.showNewest();
      this.search.focus();
    };
    const state = !this.isLoaded ? "loading" : this.items.size > 0 ? "filtered" : `first ${JSON.stringify(config)}`;
    if (this.empty.dataset.state === state) return;
    this.empty.dataset.state = state;
    this.empty.replaceChildren(...(state === "loading" ? ["Loading"]
      : state === "filtered" ? [`The filter hides all ${this.name}.`, button("Clear the filter", clear)]
      : this.firstStep()));
  }

  /** Moves the highlight of the arrow keys. Null removes it. */
  setCurrent(key) {
    this.rows.get(this.current)?.classList.remove("current");
    this.current = key;
    const row = this.rows.get(key);
    row?.classList.add("current");
    if (row) this.box.setAttribute("aria-activedescendant", row.id);
    else this.box.removeAttribute("aria-activedescendant");
    this.schedule();
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = [...this.box.children];
    const at = rows.indexOf(this.rows.get(this.current ?? this.closed));
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1 };
    if (event.key in moves) {
      const { key } = rows[Math.min(Math.max(moves[event.key], 0), rows.length - 1)];
      if (this.selected === null) this.setCurrent(key);
      else this.select(key);
      this.rows.get(key).scrollIntoView({ block: "nearest" });
    } else if ((event.key === "Enter" || event.key === " ") && this.current !== null) {
      this.open(this.current);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Shows an item in the details. `item` is needed if the list does not contain it. */
  select(key, item = this.items.get(key)) {
    this.rows.get(this.selected)?.setAttribute("aria-selected", "false");
    this.rows.get(key)?.setAttribute("aria-selected", "true");
    Object.assign(this, { selected: key, opened: item, detailed: null });
    this.details.hidden = false;
    this.content.scrollTop = 0;
    this.setCurrent(key);
    this.showDetails();
  }

  /** Selects an item, and moves the focus to the details if they cover the list. */
  open(key) {
    this.select(key);
    if (this.details.offsetWidth === this.panel.offsetWidth) this.details.focus();
  }

  close() {
    this.closed = this.selected;
    this.rows.get(this.selected)?.setAttribute("aria-selected", "false");
    this.selected = null;
    this.details.hidden = true;
    this.setCurrent(null);
    (this.box.hidden ? this.search : this.box).focus();
  }

  /** Shows the details again if their item changed. The button with the focus keeps it. */
  showDetails() {
    if (this.selected === null) return;
    const item = this.items.get(this.selected) ?? this.opened;
    const detailed = JSON.stringify(item);
    if (detailed === this.detailed) return;
    this.detailed = detailed;
    const fields = [...this.columns, ...this.fields].flatMap(([label, css, text, tone]) => {
      const value = text(item) ?? "";
      return value === "" || css.includes("title") ? [] : [make("dt", null, label), make("dd", null, tone ? tag(value, tone(item)) : String(value))];
    });
    this.details.querySelector("h2").textContent = this.heading(item);
    replace(this.content, [make("dl", null, fields), ...this.describe(item).flat().filter(Boolean)], this.details);
  }
}

// ---- requests

const hasFailed = ({ status }) => status == null || status >= 400;

const requests = new List("requests", {
  key: ({ number }) => number,
  total: () => live.newest,
  filters: {
    All: () => true,
    Failed: hasFailed,
    Faulted: ({ fault }) => fault != null,
    "Failed or faulted": (exchange) => hasFailed(exchange) || exchange.fault != null,
  },
  columns: [
    ["No.", "number dim medium", ({ number }) => number],
    ["Time", "mono dim", ({ time }) => timeOfDay(time)],
    ["Method", "title mono strong", ({ method }) => method],
    ["Path", "title mono", ({ target }) => target],
    ["Operation", "dim wide", ({ operation }) => operation],
    ["Fault", "", ({ fault }) => fault, () => "fault"],
    ["Status", "", ({ status }) => status ?? "lost", ({ status }) => statusTone(status)],
  ],
  fields: [
    ["Date", "", ({ time }) => time.slice(0, 10)],
    ["Mode", "", ({ mode }) => mode],
    ["Took effect", "", ({ method, took_effect }) => (method === "GET" ? "" : took_effect ? "yes" : "no")],
    ["Delay", "", ({ delay_ms }) => (delay_ms ? `${delay_ms} ms` : "")],
  ],
  firstStep: () => [make("h2", null, "No requests yet"), "Send one, or let your program use the values under Connect.", createExample()],
  heading: ({ method, target }) => `${method} ${target}`,
  describe: ({ number }) => {
    const whole = make("div", { class: "blocks" }, "Loading");
    call("GET", `requests/${number}`)
      .then((exchange) => whole.replaceChildren(...exchangeBlocks(exchange)))
      .catch((error) => whole.replaceChildren(error.message));
    return [whole];
  },
});

function exchangeBlocks(exchange) {
  const { method, target, operation, status, request_headers = [], response_headers = [] } = exchange;
  const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const replayed = request_headers.filter(([name]) => /^(accept|content-type|user-agent)$/i.test(name));
  return [
    make("div", { class: "group" },
      copyButton("Copy as curl", curl(method, target, replayed, exchange.request_body)),
      operation && button("Add a fault here", () => faultForm.prepare(operation))),
    status == null ? note("The client received no response.") : null,
    block("Request body", exchange.request_body),
    block("Response body", exchange.response_body),
    block("Request headers", lines(request_headers)),
    block("Response headers", lines(response_headers)),
  ].filter(Boolean);
}

// ---- customers and mandates

const modeFilters = {
  All: () => true,
  Test: ({ mode }) => mode === "test",
  Live: ({ mode }) => mode === "live",
};

const fullName = ({ first_name, last_name }) => [first_name, last_name].filter(Boolean).join(" ");

const customers = new List("customers", {
  key: ({ mode, customer_code }) => `${mode}-${customer_code}`,
  filters: modeFilters,
  columns: [
    ["Name", "title strong", fullName],
    ["E-mail", "", ({ email }) => email],
    ["Code", "mono dim wide", ({ customer_code }) => customer_code],
    ["Risk action", "wide", ({ risk_action }) => risk_action],
    ["Identity", "", ({ identification }) => (identification ? "identified" : "not identified"), ({ identification }) => identification && "good"],
    ["Mode", "dim wide", ({ mode }) => mode],
    ["Created", "dim wide", ({ createdAt }) => dateAndTime(createdAt)],
  ],
  fields: [
    ["Updated", "", ({ updatedAt }) => dateAndTime(updatedAt)],
    ["Phone", "", ({ phone }) => phone],
    ["Id", "", ({ id }) => id],
  ],
  firstStep: () => [make("h2", null, "No customers yet"), "Create one:", createExample()],
  heading: (customer) => fullName(customer) || customer.email,
  describe: (customer) => {
    const { mode, customer_code, email, id } = customer;
    const own = [...mandates.items.values()].filter((mandate) => ownerKey(mandate) === customers.key(customer));
    const links = own.map((mandate) => button(`${mandate.reference} · ${mandate.status}`, () => show(mandates, mandates.key(mandate))));
    const values = Object.entries(customer)
      .filter(([, value]) => typeof value === "object" && Object.keys(value ?? {}).length > 0)
      .map(([name, value]) => block(name[0].toUpperCase() + name.slice(1), JSON.stringify(value)));
    return [links.length > 0 && part("Mandates", make("div", { class: "group" }, links)), values, history(mode, [customer_code, email, encodeURIComponent(email), String(id)])];
  },
});

const ownerKey = ({ mode, customer }) => customers.key({ mode, customer_code: customer });
const ownerOf = (mandate) => customers.items.get(ownerKey(mandate))?.email ?? mandate.customer;
const mandateTones = { active: "good", pending: "warn", revoked: "bad" };

const mandates = new List("mandates", {
  key: ({ mode, id }) => `${mode}-${id}`,
  filters: modeFilters,
  columns: [
    ["Reference", "title mono strong", ({ reference }) => reference],
    ["Customer", "", ownerOf],
    ["Account", "mono dim wide", ({ account }) => account && `${account.number} at ${account.bank_code}`],
    ["Status", "", ({ status }) => status, ({ status }) => mandateTones[status]],
    ["Mode", "dim wide", ({ mode }) => mode],
    ["Authorized", "dim wide", ({ authorized_at }) => dateAndTime(authorized_at)],
  ],
  fields: [
    ["Access code", "", ({ access_code }) => access_code],
    ["Authorization", "", ({ authorization_code }) => authorization_code],
    ["Id", "", ({ id }) => id],
  ],
  firstStep: () => [
    make("h2", null, "No mandates yet"),
    "Initialize one for a customer:",
    example("/customer/authorization/initialize", { email: "ada@example.com", channel: "direct_debit" }),
  ],
  heading: ({ reference }) => `Mandate ${reference}`,
  describe: (mandate) => [
    make("div", { class: "group" }, button("Show the customer", () => show(customers, ownerKey(mandate)))),
    history(mandate.mode, [mandate.reference, mandate.access_code, mandate.authorization_code]),
  ],
});

const refreshState = throttled(400, async () => {
  const state = await call("GET", `state?newest=${ROWS}`);
  const rows = (name) => Object.entries(state).flatMap(([mode, part]) => (part[name] ?? []).map((row) => ({ ...row, mode })));
  for (const list of [customers, mandates]) {
    list.replace(rows(list.name));
    const isCut = [state.test, state.live].some((part) => part?.[list.name]?.length === ROWS);
    list.cut.textContent = isCut ? `The newest ${ROWS} of each mode.` : "";
  }
});

// ---- history

let refreshHistory = () => {};

/** The newest requests and webhooks of a mode that mention one of the identifiers. */
function history(mode, identifiers) {
  const escaped = identifiers.filter(Boolean).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w.+-])(?:${escaped.join("|")})(?![\\w-]|\\.\\w)`);
  const list = make("ol", { class: "history" });
  const hint = note("Searching");
  const known = new Set();
  let searched = 0;
  refreshHistory = throttled(400, async () => {
    if (!list.isConnected || list.closest("[hidden]")) return;
    const { newest } = live;
    const steps = (await allWebhooks()).filter((webhook) => webhook.mode === mode && pattern.test(webhook.body)).map(webhookStep);
    // From the newest back, because they suffice if many mention it.
    for (let end = newest; end > searched && steps.length < STEPS; end -= ROWS) {
      const after = Math.max(searched, end - ROWS);
      const { requests: found } = await call("GET", `requests?after=${after}&limit=${end - after}`);
      // Without the requests of this part, the sandbox returns later ones.
      const page = found.filter(({ number }) => number <= end);
      if (page.length === 0) break;
      steps.push(...page.filter((exchange) => exchange.mode === mode && isMentioned(exchange, pattern)).map(exchangeStep));
    }
    searched = newest;
    const added = steps.filter(({ id }) => !known.has(id)).sort((a, b) => (a.time < b.time ? 1 : -1));
    for (const { id } of added) known.add(id);
    list.prepend(...added.map(({ item }) => item));
    while (list.children.length > STEPS) list.lastElementChild.remove();
    hint.textContent = list.children.length > 0 ? "" : "No request or webhook mentions it.";
  });
  queueMicrotask(refreshHistory);
  return part("History", hint, list);
}

/** In a list of customers, only the request counts: its response mentions every customer. */
function isMentioned({ operation, target, request_body, response_body }, pattern) {
  const response = operation?.includes(".list") ? "" : response_body;
  return pattern.test(`${target} ${request_body} ${response}`);
}

const exchangeStep = ({ number, time, method, target, status }) =>
  step(requests, number, time, `${method} ${target}`, tag(status ?? "lost", statusTone(status)));
const webhookStep = ({ number, due, event }) => step(webhooks, number, due, event, tag("webhook", "fault"));

function step(list, key, time, text, mark) {
  const label = [make("span", { class: "mono dim" }, dateAndTime(time)), make("span", { class: "cell" }, text), mark];
  return { id: `${list.name} ${key}`, time, item: make("li", null, button(label, () => show(list, key))) };
}

// ---- webhooks

const webhookTones = { delivered: "good", pending: "warn", failed: "bad" };

const webhooks = new List("webhooks", {
  key: ({ number }) => number,
  filters: {
    All: () => true,
    Pending: ({ state }) => state === "pending",
    Delivered: ({ state }) => state === "delivered",
    "Failed or dropped": ({ state }) => state === "failed" || state === "dropped",
  },
  columns: [
    ["No.", "number dim medium", ({ number }) => number],
    ["Due", "mono dim", ({ due }) => timeOfDay(due)],
    ["Event", "title", ({ event }) => event],
    ["Mode", "dim wide", ({ mode }) => mode],
    ["Attempts", "number wide", ({ attempts }) => attempts],
    ["Response", "number medium", ({ last_status }) => last_status],
    ["State", "", ({ state }) => state, ({ state }) => webhookTones[state]],
  ],
  fields: [["Next attempt", "", ({ next_attempt }) => dateAndTime(next_attempt)]],
  firstStep: () => [
    make("h2", null, "No webhooks yet"),
    config.webhook_url
      ? `Validate a customer, and the sandbox sends one to ${config.webhook_url}:`
      : "Start the sandbox with --webhook-url URL, then validate a customer:",
    example("/customer/ada@example.com/identification", {
      country: "NG", type: "bank_account", account_number: "0111111111", bvn: "222222222221", bank_code: "007",
      first_name: "Uchenna", last_name: "Okoro",
    }),
  ],
  heading: ({ event }) => event,
  describe: ({ number, state, body, deliveries = [] }) => {
    if (body == null) act("", allWebhooks);
    const post = (action, message) => act(`Webhook ${number} ${message}`, () => call("POST", `webhooks/${number}/${action}`));
    const rows = deliveries.map(({ time, status }) =>
      make("li", null, dateAndTime(time), " ", tag(status ?? "no response", statusTone(status))));
    return [
      make("div", { class: "group" },
        button("Resend", () => post("resend", "is queued again")),
        state === "pending" && button("Drop", () => post("drop", "is dropped"))),
      rows.length > 0 && part("Deliveries", make("ol", null, rows)),
      block("Body", body),
    ];
  },
});

const loadWebhooks = async () => webhooks.replace((await call("GET", "webhooks")).webhooks);
const refreshWebhooks = throttled(400, loadWebhooks);

/** Returns the webhooks with their bodies, which the events lack. */
async function allWebhooks() {
  if ([...webhooks.items.values()].some(({ body }) => body == null)) await loadWebhooks();
  return [...webhooks.items.values()];
}

// ---- faults

/** Fields are `[name, label, value or options, least, most]`; without a least value, they are text. */
const EFFECT = ["processed", "Takes effect", ["no", "yes"]];
const FAULTS = {
  answer_lost: ["The write takes effect, then the connection closes without a response."],
  request_lost: ["The sandbox reads the request, does nothing, and closes the connection."],
  connection_closed: ["The connection closes before the sandbox reads the request."],
  server_error: ["A server error as JSON.", ["status", "Status", 500, 500, 599], EFFECT],
  rate_limited: ["The response above the rate limit: 429.", ["retry_after", "Retry after (s)", "", 0], EFFECT],
  cloudflare: [
    "An error of Cloudflare, the proxy in front of Paystack.",
    ["status", "Status", [520, 403, 429, 521, 522, 523, 524, 530]],
    ["format", "Format", ["html", "problem_json"]],
    ["retry_after", "Retry after (s)", "", 0],
    EFFECT,
  ],
  status: [
    "A response with this status and body.",
    ["status", "Status", 503, 200, 599],
    ["content_type", "Content type", "application/json"],
    ["body", "Body", '{"status":false,"message":"Try again"}'],
    EFFECT,
  ],
  delay: ["The response arrives late.", ["milliseconds", "Milliseconds", 3000, 1]],
  truncated: ["The body ends early."],
  garbage: ["The body is not JSON."],
  gzip: ["The body is compressed, whether or not the client accepts it."],
  webhook_dropped: ["The webhook is never sent."],
  webhook_duplicated: ["The webhook is sent twice."],
  webhook_held: ["The webhook is sent after the next one."],
};
const COMMON_FAULTS = {
  "Lose the next answer": { fault: "answer_lost", times: 1 },
  "503 three times": { fault: "server_error", status: 503, times: 3 },
  "429 once": { fault: "rate_limited", retry_after: 1, times: 1 },
  "Delay by 3 s": { fault: "delay", milliseconds: 3000 },
};

const faultForm = {
  form: byId("fault-form"),

  start() {
    const { fault } = this.form.elements;
    fault.append(...Object.keys(FAULTS).map((kind) => make("option", null, kind)));
    fault.addEventListener("change", () => this.showKind());
    byId("common-faults").append(...Object.entries(COMMON_FAULTS).map(([label, common]) => button(label, () => this.add(common))));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = ({ type, value }) => (type === "text" || Number.isNaN(Number(value)) ? value : Number(value));
      const set = [...this.form.elements].filter(({ name, value }) => name && value !== "");
      const fault = Object.fromEntries(set.map((field) => [field.name, typed(field)]));
      if (fault.processed) fault.processed = fault.processed === "yes";
      this.add(fault);
    });
    this.showKind();
  },

  showKind() {
    const { fault, on } = this.form.elements;
    const [about, ...fields] = FAULTS[fault.value];
    const isWebhook = fault.value.startsWith("webhook_");
    byId("fault-about").textContent = about;
    byId("fault-fields").replaceChildren(...fields.map(faultField));
    on.replaceChildren(
      make("option", { value: "" }, isWebhook ? "every event" : "every request"),
      ...(isWebhook ? EVENTS : ["writes", "reads", ...OPERATIONS]).map((name) => make("option", null, name)));
  },

  add(fault) {
    act(`Fault ${fault.fault} is active`, () => call("POST", "faults", fault).then(refreshFaults));
  },

  /** Shows the form for an operation. */
  prepare(operation) {
    const { fault, on } = this.form.elements;
    selectTab("faults");
    fault.value = "answer_lost";
    this.showKind();
    on.append(...(OPERATIONS.includes(operation) ? [] : [make("option", null, operation)]));
    on.value = operation;
    fault.focus();
  },
};

function faultField([name, label, value, min, max]) {
  const isNumber = min !== undefined;
  const control = Array.isArray(value)
    ? make("select", { name }, value.map((option) => make("option", null, String(option))))
    : make("input", { name, value, min, max, type: isNumber ? "number" : "text", required: isNumber && value !== "" ? "" : null });
  return make("label", null, label, control);
}

const refreshFaults = throttled(400, async () => {
  const { faults } = await call("GET", "faults");
  replace(byId("fault-list"), faults.map(faultItem), byId("active-title"));
  byId("no-faults").hidden = faults.length > 0;
  byId("remove-faults").hidden = faults.length === 0;
  byId("faults-tab").querySelector(".count").textContent = faults.length || "";
});

function faultItem({ fault, number, hits = 0, on, times, after, probability, processed, ...own }) {
  const texts = [
    ...Object.entries(own).filter(([, value]) => value != null).map(([name, value]) => `${name} ${value}`),
    processed ? "takes effect" : "",
    on ? `on ${on}` : "on all",
    times ? count(times, "time") : "forever",
    after ? `after ${after}` : "",
    (probability ?? 1) < 1 ? `probability ${probability}` : "",
  ];
  const remove = () => act(`Fault ${number} is removed`, () => call("DELETE", `faults/${number}`).then(refreshFaults));
  return make("li", { class: hits >= times && "spent" },
    make("div", null, make("strong", null, fault), note(texts.filter(Boolean).join(" · "))),
    make("span", { class: "number dim" }, count(hits, "hit")),
    button("Remove", remove, { "aria-label": `Remove fault ${number}, ${fault}` }));
}

// ---- header

const clock = {
  set({ now }) {
    this.ahead = Date.parse(now) - performance.now();
    this.show();
  },

  show() {
    if (this.ahead === undefined) return;
    const time = new Date(this.ahead + performance.now()).toISOString();
    byId("now").textContent = time.slice(11, 19);
    byId("full-now").textContent = dateAndTime(time);
  },

  refresh: throttled(400, async () => clock.set(await call("GET", "clock"))),

  advance(seconds) {
    act(`The clock advanced by ${count(Number(seconds), "second")}`, async () => this.set(await call("POST", `advance?seconds=${seconds}`)));
  },
};

async function loadConfig() {
  Object.assign(config, await call("GET", "config"));
  const { example_key, webhook_url, rate_limits, live_keys } = config;
  byId("connect-values").replaceChildren(
    block("Base URL", location.origin),
    block(live_keys ? "Secret key (any other works, too)" : "Secret key (any other test key works, too)", example_key),
    block("Environment", `PAYSTACK_BASE_URL=${location.origin}\nPAYSTACK_SECRET_KEY=${example_key}`),
    createExample(),
    note(webhook_url ? `Webhooks go to ${webhook_url}.` : "Start the sandbox with --webhook-url URL to receive webhooks.",
      rate_limits ? " Rate limits are on." : " Rate limits are off."));
  for (const list of lists) list.schedule();
}

function startHeader() {
  for (const element of byId("clock").querySelectorAll("[data-seconds]")) {
    element.addEventListener("click", () => clock.advance(element.dataset.seconds));
  }
  byId("advance-form").addEventListener("submit", (event) => {
    event.preventDefault();
    clock.advance(event.target.elements.seconds.value);
  });
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => dialog.showModal());
  byId("reset-cancel").addEventListener("click", () => dialog.close());
  byId("reset-confirm").addEventListener("click", () => {
    dialog.close();
    act("The sandbox is reset", () => call("POST", "reset"));
  });
  byId("remove-faults").addEventListener("click", () => {
    byId("active-title").focus(); // The button disappears.
    act("All faults are removed", () => call("DELETE", "faults").then(refreshFaults));
  });
}

// ---- tabs and keys

const lists = [requests, customers, mandates, webhooks];
const tabs = [...document.querySelectorAll('[role="tab"]')];
const nameOf = (tab) => tab.getAttribute("aria-controls");
const visibleList = () => lists.find(({ panel }) => !panel.hidden);

function selectTab(name) {
  for (const tab of tabs) {
    const isSelected = nameOf(tab) === name;
    tab.setAttribute("aria-selected", isSelected);
    tab.tabIndex = isSelected ? 0 : -1;
    byId(nameOf(tab)).hidden = !isSelected;
  }
  // Not an id: the browser would begin the tab order there.
  window.history.replaceState(null, "", `#/${name}`);
  visibleList()?.render();
  refreshHistory();
}

/** Shows an item in its tab. The journal may contain a request that the list does not. */
async function show(list, key) {
  const item = list.items.get(key) ?? (list === requests ? await call("GET", `requests/${key}`).catch(() => null) : null);
  if (!item) return report("The page does not have it", "bad");
  selectTab(list.name);
  list.select(key, item);
  list.details.focus();
}

function startTabs() {
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => selectTab(nameOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      selectTab(nameOf(tabs.at(next % tabs.length)));
      tabs.at(next % tabs.length).focus();
    });
  }
  const asked = location.hash.slice(2);
  selectTab(tabs.some((tab) => nameOf(tab) === asked) ? asked : "requests");
}

function startKeys() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (event.key === "/" && !event.target.matches("input, select")) {
      event.preventDefault();
      if (!visibleList()) selectTab("requests");
      visibleList().search.focus();
    } else if (event.key === "Escape") {
      const list = visibleList();
      if (!list || (event.target === list.search && list.search.value)) return;
      if (list.selected === null) list.setCurrent(null);
      else list.close();
    }
  });
}

// ---- live updates

const live = {
  newest: 0, // the number of the newest request
  skipped: 0,
  retryAfter: 500,
  waiting: null, // the requests that arrive while the page loads older ones

  start() {
    const source = new EventSource("/sandbox/events");
    const on = (name, handle) => source.addEventListener(name, ({ data }) => handle(JSON.parse(data || "{}")));
    source.onopen = () => {
      this.retryAfter = 500;
      this.showConnection("Live");
      this.catchUp();
    };
    source.onerror = () => {
      source.close();
      this.showConnection(`Not connected. Next try in ${count(this.retryAfter / 1000, "second")}`);
      setTimeout(() => this.start(), this.retryAfter);
      this.retryAfter = Math.min(2 * this.retryAfter, 16000);
    };
    on("request", (exchange) => (this.waiting ? this.waiting.push(exchange) : this.add(exchange)));
    on("webhook", (webhook) => {
      webhooks.put({ ...webhooks.items.get(webhook.number), ...webhook });
      refreshHistory();
    });
    on("state", () => this.refresh());
    on("dropped", (event) => {
      this.skip(event.count);
      refreshWebhooks(); // Some of them may have changed.
    });
    on("reset", () => {
      this.forget();
      this.catchUp();
      report("The sandbox is reset");
    });
  },

  add(exchange) {
    if (exchange.number <= this.newest) return;
    this.newest = exchange.number;
    requests.put(exchange);
    refreshHistory();
  },

  /** Loads the newest requests that the page lacks, and everything else. */
  async catchUp() {
    const waiting = [];
    this.waiting = waiting;
    this.refresh();
    try {
      const [{ last }] = await Promise.all([call("GET", "requests?limit=1"), loadConfig(), loadWebhooks()]);
      if (waiting !== this.waiting) return;
      // A sandbox that restarted begins again with number 1.
      if (last < this.newest) this.forget();
      if (this.newest > 0 && last - this.newest > ROWS) this.skip(last - this.newest - ROWS);
      const { requests: missed } = await call("GET", `requests?after=${Math.max(this.newest, last - ROWS)}&limit=${ROWS}`);
      waiting.unshift(...missed);
    } catch (error) {
      report(error.message, "bad");
    }
    if (waiting !== this.waiting) return;
    this.waiting = null;
    for (const exchange of waiting) this.add(exchange);
    requests.isLoaded = true;
    requests.render();
  },

  refresh() {
    refreshState();
    refreshFaults();
    clock.refresh();
  },

  forget() {
    this.newest = 0;
    this.skip(-this.skipped);
    for (const list of lists) list.clear();
  },

  skip(rows) {
    this.skipped += rows;
    byId("skipped").textContent = this.skipped > 0 ? `${count(this.skipped, "row")} skipped` : "";
  },

  showConnection(text) {
    byId("connection").textContent = text;
    byId("connection").classList.toggle("live", text === "Live");
  },
};

faultForm.start();
startHeader();
startTabs();
startKeys();
live.start();
setInterval(() => clock.show(), 1000);
