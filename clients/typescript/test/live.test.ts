/** Against a real service: LEXGATE_URL, LEXGATE_API_KEY (all scopes), LEXGATE_TEST_KEY, LEXGATE_MESSAGE (a webhook as the service signs it). */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";

import { Lexgate, mayProceed, NEVER, NotReached, Refused, verifyWebhook, type Transaction, type TaxQuestion } from "../src/index.js";

function told(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: tests/clients/test_typescript.py sets it`);
  return value;
}

const baseUrl = told("LEXGATE_URL");
const samples = told("LEXGATE_SAMPLES");
const lexgate = new Lexgate({ baseUrl, apiKey: told("LEXGATE_API_KEY"), timeout: 60_000, retries: { budget: 120_000 } });
const sample = <T>(name: string): T => JSON.parse(readFileSync(`${samples}/${name}.json`, "utf-8")) as T;

test("a payment is decided, told of, and found again", async () => {
  const payment = { ...sample<Transaction>("eu-low-value"), reference: "ts-1" };
  const decision = await lexgate.preflight(payment);
  assert.ok(mayProceed(decision));
  assert.deepEqual([decision.sca?.exemption, decision.tax?.total], ["low_value", "1.30"]);
  assert.equal((await lexgate.tell(decision.id, "authorised")).kind, "authorised");
  assert.equal((await lexgate.tell(decision.id, "captured", { at: "2026-11-22T10:16:00+01:00" })).decision, decision.id);
  assert.deepEqual(await lexgate.decision(decision.id), decision);
  await lexgate.preflight({ ...payment, reference: "ts-2" });
  const found: (string | null | undefined)[] = [];
  for await (const one of lexgate.search({ q: "ts-", limit: 1 })) {
    if (!("erased" in one)) found.push(one.reference);
  }
  assert.deepEqual(found, ["ts-2", "ts-1"]);
});

test("the same key gives the stored answer, another body is refused", async () => {
  const payment = sample<Transaction>("eu-low-value");
  const first = await lexgate.preflight(payment, { idempotencyKey: "ts-once" });
  assert.deepEqual(await lexgate.preflight(payment, { idempotencyKey: "ts-once" }), first);
  await assert.rejects(
    lexgate.preflight(sample<Transaction>("gb-remote"), { idempotencyKey: "ts-once" }),
    (error) => error instanceof Refused && error.kind === "key_reused",
  );
});

test("a batch has its bad lines", async () => {
  const payment = sample<Transaction>("eu-low-value");
  const lines = await lexgate.preflightBatch([payment, {} as Transaction, payment], { domains: ["sca"] });
  assert.deepEqual(lines.map((one) => mayProceed(one.decision)), [true, false, true]);
  assert.equal(lines[1]?.problem?.status, 422);
});

test("the life of a tax", async () => {
  const quote = await lexgate.calculate(sample<TaxQuestion>("tax/eu-book"));
  const sale = await lexgate.commit(quote.id, { reference: "invoice-ts" });
  const back = await lexgate.refund(sale.id, { mode: "partial", amount: "10.00" });
  assert.equal(back.given_back.gross, "10.00");
  await assert.rejects(lexgate.commit(quote.id), (error) => error instanceof Refused && error.kind === "already_committed");
});

test("any other route, typed", async () => {
  const { data } = await lexgate.api.GET("/v1/releases", { params: { query: { limit: 1 } } });
  assert.equal(data?.data[0]?.current, true);
  await assert.rejects(
    lexgate.api.GET("/v1/merchants/{merchant_id}", { params: { path: { merchant_id: "nobody" } } }),
    (error) => error instanceof Refused && error.kind === "not_found" && error.requestId !== null,
  );
});

test("card data is refused, nobody is let in without a key, nobody answers elsewhere", async () => {
  const payment = sample<Transaction>("eu-low-value");
  await assert.rejects(
    lexgate.preflight({ ...payment, reference: "4111 1111 1111 1111" }),
    (error) => error instanceof Refused && error.kind === "pan_refused",
  );
  await assert.rejects(
    new Lexgate({ baseUrl, apiKey: "lx_nobody" }).preflight(payment),
    (error) => error instanceof Refused && error.status === 401,
  );
  // A port that was free a moment ago.
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  await new Promise((done) => listener.close(done));
  await assert.rejects(new Lexgate({ baseUrl: `http://127.0.0.1:${port}`, apiKey: "x", retries: NEVER }).preflight(payment), NotReached);
});

test("names of test mode have their outcomes under a test key, and none under a live one", async () => {
  const payment = (name: string) => ({ ...sample<Transaction>("eu-low-value"), reference: name });
  const tester = new Lexgate({ baseUrl, apiKey: told("LEXGATE_TEST_KEY"), timeout: 60_000, retries: NEVER });
  const outcomes = {
    test_allow: "allow", test_challenge: "challenge", test_collect: "collect", test_unknown: "collect",
    test_review: "review", test_sanctions_hit: "block", test_block: "block",
  };
  for (const [name, outcome] of Object.entries(outcomes)) {
    const decision = await tester.preflight(payment(name));
    assert.deepEqual([decision.outcome, decision.livemode, mayProceed(decision)], [outcome, false, name === "test_allow"]);
  }
  for (const [name, status] of [["test_rate_limited", 429], ["test_unavailable", 503]] as const) {
    await assert.rejects(
      tester.preflight(payment(name)),
      (error) => error instanceof Refused && error.status === status && error.retryAfter === 1,
    );
  }
  await assert.rejects(
    lexgate.preflight(payment("test_allow")),
    (error) => error instanceof Refused && error.errors[0]?.code === "test_name",
  );
});

test("a message as the service signs it is genuine", async () => {
  const { secret, headers, body } = JSON.parse(told("LEXGATE_MESSAGE")) as {
    secret: string; headers: Record<string, string>; body: string;
  };
  assert.equal((await verifyWebhook(secret, headers, body)).data["case"], "case_1");
});
