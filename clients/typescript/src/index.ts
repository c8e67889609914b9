/** Ask Lexgate before a payment. What fails is thrown, and is never an allow. Types are those of its OpenAPI document. */
import createClient, { type Client } from "openapi-fetch";

import { UnexpectedAnswer } from "./errors.js";
import type { components, operations, paths } from "./schema.js";
import { persistent, RETRIES, WORLD, type Retries, type World } from "./sending.js";

export * from "./errors.js";
export { NEVER, RETRIES, type Retries } from "./sending.js";
export { verifyWebhook, type WebhookEvent, type WebhookOptions } from "./webhooks.js";
export type { components, operations, paths } from "./schema.js";

type Schemas = components["schemas"];
export type Transaction = Schemas["Transaction"];
export type Decision = Schemas["DecisionBody"];
export type Problem = Schemas["ProblemBody"];
export type TaxQuestion = Schemas["TaxQuestion"];
export type Calculation = Schemas["CalculationBody"];
export type TaxTransaction = Schemas["TransactionBody"];
export type Reversal = Schemas["ReversalBody"];
export type ReversalQuestion = Schemas["ReversalQuestion"];
export type EventKind = Schemas["EventKind"];
export type DecisionQuery = NonNullable<operations["listed_v1_decisions_get"]["parameters"]["query"]>;
export type Domain = "sca" | "aml" | "kyc" | "residency" | "tax" | "methods";

export interface Options {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Milliseconds for each try. */
  readonly timeout?: number;
  readonly retries?: Partial<Retries>;
  /** Of sentences in answers. */
  readonly language?: string;
  /** Without it an address without TLS is only taken on this machine: the key goes with every request. */
  readonly allowHttp?: boolean;
  readonly world?: Partial<World>;
}

export interface Asking {
  /** Your own, to be able to ask again after a crash. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface Deciding extends Asking {
  /** Narrows what is decided: what is not asked is not answered. */
  readonly domains?: readonly Domain[];
}

/** What a list shows of a decision whose payer was erased: nothing more of it can be read. */
export interface ErasedDecision {
  readonly id: string;
  readonly at: string;
  readonly outcome: string;
  readonly release: string;
  readonly erased: true;
}

/** The answer to one line of a batch: a decision, or a problem. */
export type BatchLine = { readonly number: number } & (
  | { readonly decision: Decision; readonly problem: null }
  | { readonly decision: null; readonly problem: Problem }
);

/** How the secret of a test key begins. */
const TEST_PREFIX = "lx_test_";

/** Whether the payment may be made as it was stated. False for every other word, and for whatever is no decision. */
export function mayProceed(found: unknown): boolean {
  return isDecision(found) && found.outcome === "allow";
}

/** Asks one service under one key. */
export class Lexgate {
  /** Any route of the document, typed, with the same promises: `lexgate.api.GET("/v1/releases")`. Throws what is not an answer. */
  readonly api: Client<paths>;
  readonly #isTest: boolean;

  constructor({ baseUrl, apiKey, timeout = 10_000, retries, language, allowHttp = false, world }: Options) {
    const url = new URL(baseUrl);
    const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && (allowHttp || isHere))) {
      throw new TypeError("Without TLS everybody in between reads the API key: https://, or allowHttp");
    }
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("An API key is printable ASCII without blanks");
    this.#isTest = apiKey.startsWith(TEST_PREFIX);
    this.api = createClient<paths>({
      baseUrl: baseUrl.replace(/\/+$/, ""),
      headers: { authorization: `Bearer ${apiKey}`, ...(language ? { "accept-language": language } : {}) },
      fetch: persistent({ ...RETRIES, ...retries }, timeout, { ...WORLD, ...world }),
      bodySerializer: (body: unknown) => (typeof body === "string" ? body : JSON.stringify(body, exact)),
    });
    this.api.use({
      async onResponse({ response, options }) {
        if (options.parseAs === "json" && response.status !== 204) await whole(response);
      },
    });
  }

  /** One payment in, one decision out. */
  async preflight(transaction: Transaction, asking: Deciding = {}): Promise<Decision> {
    const { params, signal } = asked(asking);
    const found = await this.api.POST("/v1/preflight", { params: { ...params, ...narrowed(asking) }, body: transaction, ...signal });
    return this.#decided(answer(found), keyOf(found.response));
  }

  /** Up to 1,000 at once; a line each, in their order. Throws where not every line came back. */
  async preflightBatch(transactions: readonly Transaction[], asking: Deciding = {}): Promise<BatchLine[]> {
    const body = transactions.map((one) => JSON.stringify(one, exact)).join("\n");
    const { params, signal } = asked(asking);
    const headers = { "content-type": "application/x-ndjson" };
    const found = await this.api.POST("/v1/preflight/batch", {
      params: { ...params, ...narrowed(asking) }, headers, body, parseAs: "text", ...signal,
    });
    const key = keyOf(found.response);
    const lines = (answer(found) as string).split("\n").filter((line) => line.trim() !== "");
    if (lines.length !== transactions.length) {
      throw new UnexpectedAnswer(`${lines.length} of ${transactions.length} lines were answered`, key);
    }
    return lines.map((line, index) => {
      const told = parsed(line, key);
      return isProblem(told)
        ? { number: index + 1, decision: null, problem: told }
        : { number: index + 1, decision: this.#decided(told, key), problem: null };
    });
  }

  /** What became of a payment. Counters count only what is told; told twice, it counts once. */
  async tell(decisionId: string, kind: EventKind, asking: Asking & { at?: string } = {}): Promise<Schemas["EventBody"]> {
    const { params, signal } = asked(asking);
    const path = { decision_id: decisionId };
    const body = { kind, ...(asking.at ? { at: asking.at } : {}) };
    return answer(await this.api.POST("/v1/decisions/{decision_id}/events", { params: { ...params, path }, body, ...signal }));
  }

  /** A stored decision, as it was answered. */
  async decision(decisionId: string): Promise<Decision> {
    const found = await this.api.GET("/v1/decisions/{decision_id}", { params: { path: { decision_id: decisionId } } });
    return this.#decided(answer(found), null);
  }

  /** Stored decisions, the newest first; further pages are fetched as they are taken. */
  async *search(query: Omit<DecisionQuery, "view" | "after"> = {}): AsyncGenerator<Decision | ErasedDecision, void, undefined> {
    let after: string | null = null;
    do {
      const asks: DecisionQuery = { ...query, ...(after === null ? {} : { after }) };
      const page: { data: unknown[]; next: string | null } = answer(
        await this.api.GET("/v1/decisions", { params: { query: asks } }),
      );
      if (!Array.isArray(page.data)) throw new UnexpectedAnswer("The answer is not a page", null);
      for (const one of page.data) yield isErased(one) ? one : this.#decided(one, null);
      after = page.next === after ? null : page.next;
    } while (after !== null);
  }

  /** Work a tax out. Stored, and valid for 90 days. */
  async calculate(question: TaxQuestion, asking: Asking = {}): Promise<Calculation> {
    return answer(await this.api.POST("/v1/tax/calculations", { ...flat(asking), body: question }));
  }

  /** The sale was made: its tax counts from now on. */
  async commit(calculation: string, asking: Asking & { reference?: string } = {}): Promise<TaxTransaction> {
    const body = { calculation, ...(asking.reference ? { reference: asking.reference } : {}) };
    return answer(await this.api.POST("/v1/tax/transactions", { ...flat(asking), body }));
  }

  /** Give back a tax: in full, by lines, or by an amount. */
  async refund(transactionId: string, question: ReversalQuestion, asking: Asking = {}): Promise<Reversal> {
    const { params, signal } = asked(asking);
    const path = { transaction_id: transactionId };
    return answer(
      await this.api.POST("/v1/tax/transactions/{transaction_id}/reversals", {
        params: { ...params, path }, body: question, ...signal,
      }),
    );
  }

  #decided(found: unknown, key: string | null): Decision {
    if (!isDecision(found)) throw new UnexpectedAnswer("The answer is not a decision", key);
    const isTest = (found as { livemode?: unknown }).livemode === false;
    if (isTest !== this.#isTest) {
      throw new UnexpectedAnswer("An answer of test mode to a live key, or the other way round", key);
    }
    return found;
  }
}

/** What is answered; what is refused was thrown before. */
function answer<T>(found: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (found.error !== undefined || found.data === undefined || found.data === null) {
    throw new UnexpectedAnswer("The answer is empty", keyOf(found.response));
  }
  return found.data;
}

/** Throws where an answer is not JSON: what is not understood is nothing to go on. */
async function whole(response: Response): Promise<void> {
  try {
    await response.clone().json();
  } catch {
    throw new UnexpectedAnswer("The answer is not JSON", keyOf(response), response.headers.get("x-request-id"));
  }
}

function asked({ idempotencyKey, signal }: Asking) {
  return {
    params: idempotencyKey === undefined ? {} : { header: { "Idempotency-Key": idempotencyKey } },
    signal: signal === undefined ? {} : { signal },
  };
}

function flat(asking: Asking) {
  const { params, signal } = asked(asking);
  return { params, ...signal };
}

function narrowed({ domains }: Deciding) {
  return domains === undefined ? {} : { query: { domains: domains.join(",") } };
}

/** A number with a fraction has lost cents already, and one beyond 2^53 its last digits: money is a string. */
function exact(this: unknown, name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError(`${name}: write decimals as strings, such as "25.00"`);
  }
  return value;
}

function isDecision(found: unknown): found is Decision {
  if (typeof found !== "object" || found === null) return false;
  const { id, outcome, findings } = found as Record<string, unknown>;
  return typeof id === "string" && id.startsWith("dec_") && typeof outcome === "string" && Array.isArray(findings);
}

function isErased(found: unknown): found is ErasedDecision {
  return typeof found === "object" && found !== null && (found as { erased?: unknown }).erased === true;
}

function isProblem(found: unknown): found is Problem {
  if (typeof found !== "object" || found === null) return false;
  const { type, status, outcome } = found as Record<string, unknown>;
  return typeof type === "string" && typeof status === "number" && status >= 400 && outcome === undefined;
}

function parsed(line: string, key: string | null): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnexpectedAnswer("A line of the answer is not JSON", key);
  }
}

function keyOf(response: Response): string | null {
  return response.headers.get("idempotency-key");
}
