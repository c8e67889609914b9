/** What the client promises, without a service: each request is answered by the next word of a script. */
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import {
  AnswerLost,
  Lexgate,
  LexgateError,
  mayProceed,
  NEVER,
  NotReached,
  Refused,
  UnexpectedAnswer,
  verifyWebhook,
  WebhookRefused,
  type Options,
  type Transaction,
} from "../src/index.js";
import { toldToWait } from "../src/sending.js";

const PAYMENT: Transaction = {
  amount: "24.90", currency: "EUR", payer: { country: "FR" }, payment: { instrument: "card", channel: "remote" },
};
const DECISION = {
  id: "dec_01kavw3e5n7x2v8g4yq0m6tz1b", reference: null, legal_time: "2026-11-22T09:15:00+00:00",
  evaluated_at: "2026-11-22T09:15:01+00:00", outcome: "allow", domains: [], obligations: [], missing: [], findings: [],
  rulepacks: [], fx: [], message: "", locale: "en",
};

type Word = Error | { status?: number; headers?: Record<string, string>; body?: unknown };

function failed(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

function problem(status: number, kind: string, headers: Record<string, string> = {}): Word {
  const body = { type: `urn:lexgate:problem:${kind}`, title: "No", status, detail: "Because.", request_id: "req_2" };
  return { status, headers: { "content-type": "application/problem+json", ...headers }, body };
}

interface Sent {
  readonly key: string | null;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
}

function scripted(words: readonly Word[], options: Partial<Options> = {}) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const world = {
    fetch: async (request: Request): Promise<Response> => {
      const { method, url, headers } = request;
      sent.push({ key: headers.get("idempotency-key"), method, url, headers, body: await request.text() });
      const word = words[sent.length - 1];
      assert.ok(word, "nothing more was expected");
      if (word instanceof Error) throw word;
      const { status = 200, headers: named = {}, body } = word;
      const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
      return new Response(status === 204 ? null : text, { status, headers: { "content-type": "application/json", ...named } });
    },
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
    chance: () => 0,
  };
  const lexgate = new Lexgate({ baseUrl: "https://lexgate.test/", apiKey: "lx_0123_x", ...options, world: { ...world, ...options.world } });
  return { lexgate, sent, pauses };
}

async function error(asked: Promise<unknown>): Promise<LexgateError> {
  try {
    await asked;
  } catch (found) {
    assert.ok(found instanceof LexgateError, String(found));
    return found;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

const BROKEN: Record<string, Word> = {
  "no connection": failed("ECONNREFUSED"),
  "a name that is not known": failed("ENOTFOUND"),
  "a broken line": failed("ECONNRESET"),
  "no answer in time": new DOMException("slow", "TimeoutError") as Error,
  "an empty answer": { body: "" },
  words: { body: "allow", headers: { "content-type": "text/plain" } },
  "another form": { body: '"allow"' },
  "a word alone": { body: { outcome: "allow" } },
  "a list": { body: [DECISION] },
  "an outcome that is no word": { body: { ...DECISION, outcome: true } },
  "half of it": { body: JSON.stringify(DECISION).slice(0, 80) },
  "nothing to say": { status: 204 },
  elsewhere: { status: 302, headers: { location: "https://elsewhere.test" } },
  "a decision in a refusal": { status: 500, body: DECISION },
  "a page of a proxy": { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad</h1>" },
  "a kind that nobody knows": problem(418, "teapot"),
  "of test mode": { body: { ...DECISION, livemode: false } },
};

for (const [name, word] of Object.entries(BROKEN)) {
  test(`what is no answer is an error: ${name}`, async () => {
    await error(scripted([word, word, word, word]).lexgate.preflight(PAYMENT));
    await error(scripted([word, word, word, word]).lexgate.preflightBatch([PAYMENT, PAYMENT]));
  });
}

test("only one word lets a payment proceed", async () => {
  for (const outcome of ["challenge", "collect", "review", "block", "ALLOW", "allow ", "allowed", ""]) {
    const found = await scripted([{ body: { ...DECISION, outcome } }]).lexgate.preflight(PAYMENT);
    assert.equal(mayProceed(found), false, outcome);
  }
  assert.equal(mayProceed(await scripted([{ body: DECISION }]).lexgate.preflight(PAYMENT)), true);
  for (const nothing of [undefined, null, true, "allow", {}, { outcome: "allow" }, [DECISION]]) {
    assert.equal(mayProceed(nothing), false);
  }
});

for (const [name, word] of Object.entries({
  429: problem(429, "too_many"), 502: problem(502, "x"), 503: problem(503, "busy"), 504: problem(504, "x"),
  connection: failed("ECONNREFUSED"),
})) {
  test(`the same key and bytes go again: ${name}`, async () => {
    const { lexgate, sent } = scripted([word, word, { body: DECISION }]);
    assert.ok(mayProceed(await lexgate.preflight(PAYMENT)));
    assert.equal(sent.length, 3);
    assert.equal(new Set(sent.map((one) => one.key)).size, 1);
    assert.match(sent[0]?.key ?? "", /^ik_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(new Set(sent.map((one) => one.body)).size, 1);
    assert.deepEqual(JSON.parse(sent[2]?.body ?? ""), PAYMENT);
  });
}

test("nothing else is asked again", async () => {
  const words = [
    problem(401, "unauthenticated"), problem(404, "not_found"), problem(409, "still_running", { "retry-after": "1" }),
    problem(422, "body_refused"), problem(500, "internal_error"), failed("ECONNRESET"), failed("UND_ERR_SOCKET"),
  ];
  for (const word of words) {
    const { lexgate, sent } = scripted([word]);
    await error(lexgate.preflight(PAYMENT));
    assert.equal(sent.length, 1);
  }
});

test("errors are told apart", async () => {
  const lost = (await error(scripted([failed("ECONNRESET")]).lexgate.preflight(PAYMENT, { idempotencyKey: "ord-1" }))) as AnswerLost;
  assert.ok(lost instanceof AnswerLost);
  assert.equal(lost.idempotencyKey, "ord-1");
  const none = await error(scripted([failed("ECONNREFUSED")], { retries: NEVER }).lexgate.preflight(PAYMENT));
  assert.ok(none instanceof NotReached);
  assert.equal(none.name, "NotReached");
  const refused = (await error(scripted([problem(422, "pan_refused")]).lexgate.preflight(PAYMENT))) as Refused;
  assert.ok(refused instanceof Refused);
  assert.deepEqual([refused.kind, refused.status, refused.requestId, refused.message], ["pan_refused", 422, "req_2", "No: Because."]);
});

test("Retry-After is kept, and a pause that does not fit is not begun", async () => {
  const short = scripted([problem(503, "busy", { "retry-after": "3" }), { body: DECISION }]);
  await short.lexgate.preflight(PAYMENT);
  assert.deepEqual(short.pauses, [3000]);
  const long = scripted([problem(503, "busy", { "retry-after": "60" })]);
  const found = (await error(long.lexgate.preflight(PAYMENT))) as Refused;
  assert.deepEqual([found.retryAfter, long.pauses], [60, []]);
  assert.equal(toldToWait(new Headers({ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" })), 0);
  assert.equal(toldToWait(new Headers({ "retry-after": "soon" })), null);
});

test("no try begins after the budget", async () => {
  let now = 0;
  const { lexgate, sent } = scripted(Array<Word>(9).fill(problem(503, "busy")), {
    retries: { tries: 9, budget: 20_000 },
    world: { now: () => (now += 4_000) },
  });
  await error(lexgate.preflight(PAYMENT));
  assert.equal(sent.length, 3);
});

test("no try waits longer than the budget lasts", async () => {
  let now = 0.25;
  const { lexgate, sent } = scripted([problem(503, "busy"), { body: DECISION }], {
    timeout: 60_000, retries: { budget: 1_000 }, world: { now: () => (now += 10.5) },
  });
  assert.ok(mayProceed(await lexgate.preflight(PAYMENT)));
  assert.equal(sent.length, 2);
});

test("what goes with a request", async () => {
  const { lexgate, sent } = scripted([{ body: DECISION }], { language: "de" });
  await lexgate.preflight(PAYMENT, { domains: ["sca", "tax"], idempotencyKey: "ord-1" });
  assert.equal(sent[0]?.url, "https://lexgate.test/v1/preflight?domains=sca%2Ctax");
  assert.equal(sent[0].headers.get("authorization"), "Bearer lx_0123_x");
  assert.equal(sent[0].headers.get("accept-language"), "de");
  assert.equal(sent[0].key, "ord-1");
});

test("what only reads has no key, and an id leads nowhere else", async () => {
  const { lexgate, sent } = scripted([{ body: DECISION }]);
  await lexgate.decision("../keys?x=1#y");
  assert.deepEqual([sent[0]?.key, sent[0]?.url], [null, "https://lexgate.test/v1/decisions/..%2Fkeys%3Fx%3D1%23y"]);
});

test("a number with a fraction is refused before it is sent", async () => {
  const { lexgate, sent } = scripted([]);
  await assert.rejects(lexgate.preflight({ ...PAYMENT, amount: 24.9 }), TypeError);
  await assert.rejects(lexgate.preflightBatch([{ ...PAYMENT, amount: 24.9 }]), TypeError);
  await assert.rejects(lexgate.preflight({ ...PAYMENT, amount: 2 ** 60 }), TypeError);
  assert.equal(sent.length, 0);
});

test("a batch has its bad lines, and comes back whole or not at all", async () => {
  const bad = JSON.stringify((problem(422, "body_refused") as { body: unknown }).body);
  const good = JSON.stringify(DECISION);
  const [first, second] = await scripted([{ body: `${good}\n${bad}\n` }]).lexgate.preflightBatch([PAYMENT, PAYMENT]);
  assert.ok(first && second);
  assert.deepEqual([mayProceed(first.decision), mayProceed(second.decision), second.number], [true, false, 2]);
  for (const body of [good, `${good}\n${good}\n${good}`, `${good}\n${good.slice(0, 50)}`]) {
    assert.ok((await error(scripted([{ body }]).lexgate.preflightBatch([PAYMENT, PAYMENT]))) instanceof UnexpectedAnswer);
  }
});

test("a test key takes no live answer, and the other way round", async () => {
  const apiKey = "lx_test_0123_x";
  assert.ok((await error(scripted([{ body: DECISION }], { apiKey }).lexgate.preflight(PAYMENT))) instanceof UnexpectedAnswer);
  assert.ok(mayProceed(await scripted([{ body: { ...DECISION, livemode: false } }], { apiKey }).lexgate.preflight(PAYMENT)));
});

test("a key does not go in the clear, nor is one taken that no header carries", () => {
  for (const baseUrl of ["http://lexgate.test", "ftp://lexgate.test", "http://10.0.0.7"]) {
    assert.throws(() => new Lexgate({ baseUrl, apiKey: "x" }), TypeError);
  }
  for (const apiKey of ["", "a b", "a\nb", "ü"]) {
    assert.throws(() => new Lexgate({ baseUrl: "https://lexgate.test", apiKey }), TypeError);
  }
  new Lexgate({ baseUrl: "http://127.0.0.1:8000", apiKey: "x" });
  new Lexgate({ baseUrl: "http://10.0.0.7", apiKey: "x", allowHttp: true });
});

// -- webhooks --------------------------------------------------------------------------------------------------------

const NOW = 1_795_942_800;
const [OLD, NEW, OTHER] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const BODY = JSON.stringify({ type: "alert.screening", timestamp: "2026-11-27T09:00:00+00:00", data: { case: "case_1" } });
const clock = { now: () => NOW };

function secret(key: Buffer): string {
  return `whsec_${key.toString("base64")}`;
}

function signed(keys: readonly Buffer[], at = NOW, body = BODY) {
  const made = keys.map((key) => `v1,${createHmac("sha256", key).update(`dl_1.${at}.${body}`).digest("base64")}`);
  return { "webhook-id": "dl_1", "webhook-timestamp": String(at), "webhook-signature": made.join(" ") };
}

test("a message is read, by any secret that is live, whatever the letters of headers", async () => {
  for (const [sender, known] of [[[NEW, OLD], [OLD]], [[OLD], [NEW, OLD]], [[NEW], [NEW]]] as const) {
    const event = await verifyWebhook(known.map(secret), signed(sender), BODY, clock);
    assert.deepEqual([event.id, event.type, event.data["case"]], ["dl_1", "alert.screening", "case_1"]);
  }
  const titled = Object.fromEntries(Object.entries(signed([NEW])).map(([name, value]) => [name.toUpperCase(), value]));
  assert.equal((await verifyWebhook(secret(NEW), titled, Buffer.from(BODY), clock)).id, "dl_1");
  assert.equal((await verifyWebhook(secret(NEW), new Headers(signed([NEW])), BODY, clock)).id, "dl_1");
});

test("nothing else is genuine", async () => {
  const good = signed([NEW]);
  const changes: Record<string, string>[] = [
    { "webhook-id": "dl_2" }, { "webhook-timestamp": String(NOW + 1) }, { "webhook-timestamp": "-1" },
    { "webhook-timestamp": "9".repeat(400) }, { "webhook-signature": "" }, { "webhook-signature": "v1," },
    { "webhook-signature": "v1,$$$" }, { "webhook-signature": good["webhook-signature"].replace("v1,", "v2,") },
  ];
  for (const change of changes) {
    await assert.rejects(verifyWebhook(secret(NEW), { ...good, ...change }, BODY, clock), WebhookRefused);
  }
  for (const name of Object.keys(good)) {
    const headers = Object.fromEntries(Object.entries(good).filter(([one]) => one !== name));
    await assert.rejects(verifyWebhook(secret(NEW), headers, BODY, clock), WebhookRefused);
  }
  await assert.rejects(verifyWebhook([secret(NEW), secret(OLD)], signed([OTHER]), BODY, clock), WebhookRefused);
  await assert.rejects(verifyWebhook(secret(NEW), good, `${BODY} `, clock), WebhookRefused);
  await assert.rejects(verifyWebhook(secret(NEW), signed([NEW], NOW, "[]"), "[]", clock), WebhookRefused);
  for (const late of [301, -301]) {
    await assert.rejects(verifyWebhook(secret(NEW), signed([NEW], NOW - late), BODY, clock), WebhookRefused);
  }
  await verifyWebhook(secret(NEW), signed([NEW], NOW - 500), BODY, { ...clock, tolerance: 600 });
  for (const text of ["", "whsec_", "whsec_$$$", "bmV3"]) await assert.rejects(verifyWebhook(text, good, BODY, clock), TypeError);
  await assert.rejects(verifyWebhook([], good, BODY, clock), TypeError);
});
