/** Sends requests, again where that is safe: the same bytes under the same idempotency key, within a budget of time. */
import { AnswerLost, LexgateError, NotReached, Refused, UnexpectedAnswer } from "./errors.js";

/** When to ask again. Full jitter: each pause is a random part of a ceiling that doubles. */
export interface Retries {
  /** Of one call, the first one among them. 1: never again. */
  readonly tries: number;
  /** Milliseconds: the ceiling of the first pause. */
  readonly first: number;
  /** Milliseconds: no ceiling is higher. `Retry-After` is kept whatever it says. */
  readonly longest: number;
  /** Milliseconds for the whole call. A pause that would not fit is not begun. */
  readonly budget: number;
}

export const RETRIES: Retries = { tries: 4, first: 200, longest: 5_000, budget: 20_000 };
export const NEVER: Retries = { ...RETRIES, tries: 1 };

/** What sending needs of the world around it; tests put their own in its place. */
export interface World {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** From [0, 1). */
  readonly chance: () => number;
}

export const WORLD: World = {
  fetch: (request) => globalThis.fetch(request),
  sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  now: () => performance.now(),
  chance: Math.random,
};

/** Answers after which the same request is sent again. */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** There was no connection: nothing was sent. What is not among them may have been. */
const NO_CONNECTION: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A `fetch` that keeps the promises of this client. It returns whole answers below 300 and throws everything else. */
export function persistent(retries: Retries, timeout: number, world: World): (request: Request) => Promise<Response> {
  return async (request) => {
    const began = world.now();
    const headers = new Headers(request.headers);
    if (request.method === "POST" && !headers.has("idempotency-key")) {
      headers.set("idempotency-key", `ik_${crypto.randomUUID()}`);
    }
    const body = request.body === null ? null : await request.arrayBuffer();
    for (let tries = 1; ; tries += 1) {
      const left = retries.budget - (world.now() - began);
      const signal = AbortSignal.any([AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(timeout, left)))), request.signal]);
      const sent = new Request(request.url, { method: request.method, headers, body, signal, redirect: "manual" });
      const found = await tried(world, sent);
      if (found instanceof Response) return found;
      const pause = pauseAfter(found, tries, retries, world);
      if (pause === null || world.now() - began + pause >= retries.budget) throw found;
      await world.sleep(pause);
    }
  };
}

/** One try: a whole answer, or the error that it is. Throws only what the caller's own signal says. */
async function tried(world: World, request: Request): Promise<Response | LexgateError> {
  const key = request.headers.get("idempotency-key");
  let answer: Response;
  let bytes: ArrayBuffer;
  try {
    answer = await world.fetch(request);
    bytes = await answer.arrayBuffer();
  } catch (error) {
    if (error instanceof LexgateError) return error;
    const said = `${(error as Error).name}: ${(error as Error).message}`;
    const options = { cause: error };
    return isNoConnection(error)
      ? new NotReached(`No connection: ${said}`, key, null, options)
      : new AnswerLost(`No whole answer came: ${said}`, key, null, options);
  }
  const requestId = answer.headers.get("x-request-id");
  if (answer.status >= 200 && answer.status < 300) {
    const empty = answer.status === 204 || answer.status === 205;
    const whole = new Response(empty ? null : bytes, { status: answer.status, headers: answer.headers });
    if (key !== null) whole.headers.set("idempotency-key", key);
    return whole;
  }
  if (answer.status < 400) return new UnexpectedAnswer(`HTTP ${answer.status}: no redirect is followed`, key, requestId);
  return new Refused(answer.status, problem(answer.headers, bytes), requestId, toldToWait(answer.headers), key);
}

/** Milliseconds until the next try; null: there is none. */
function pauseAfter(error: LexgateError, tries: number, retries: Retries, world: World): number | null {
  const again = error instanceof NotReached || (error instanceof Refused && AGAIN.has(error.status));
  if (!again || tries >= retries.tries) return null;
  const drawn = world.chance() * Math.min(retries.longest, retries.first * 2 ** (tries - 1));
  return (error instanceof Refused && error.retryAfter !== null ? error.retryAfter * 1000 : 0) + drawn;
}

function isNoConnection(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth += 1) {
    if (NO_CONNECTION.has(String((one as { code?: unknown }).code))) return true;
  }
  return false;
}

/** The body of a problem; of anything else, as proxies send it, nothing. */
function problem(headers: Headers, bytes: ArrayBuffer): Record<string, unknown> {
  if (!(headers.get("content-type") ?? "").includes("json")) return {};
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof told === "object" && told !== null && !Array.isArray(told) ? (told as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `Retry-After` in seconds: a number, or a date. */
export function toldToWait(headers: Headers): number | null {
  const said = headers.get("retry-after")?.trim();
  if (!said) return null;
  if (/^\d+$/.test(said)) return Number(said);
  const until = Date.parse(said);
  return Number.isNaN(until) ? null : Math.max(0, (until - Date.now()) / 1000);
}
