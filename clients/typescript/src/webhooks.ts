/** Is a message from this Lexgate? Standard Webhooks 1.0: id, time and body, signed by HMAC-SHA256; WebCrypto compares. */
import { WebhookRefused } from "./errors.js";

/** A message that is genuine. */
export interface WebhookEvent {
  /** The same at every attempt: whoever has seen it does nothing, and answers 200. */
  readonly id: string;
  readonly type: string;
  /** When it happened, RFC 3339. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WebhookOptions {
  /** Seconds that a message may be old, or ahead. */
  readonly tolerance?: number;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

const PREFIX = "whsec_";
/** Signatures that are looked at: a sender has as many as it has live secrets. */
const MOST = 64;

/** The message, from the very bytes that came. `secrets`: every one that is live. Throws WebhookRefused. */
export async function verifyWebhook(
  secrets: string | readonly string[],
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array | string,
  { tolerance = 300, now = () => Date.now() / 1000 }: WebhookOptions = {},
): Promise<WebhookEvent> {
  const keys = (typeof secrets === "string" ? [secrets] : secrets).map(secretBytes);
  if (keys.length === 0) throw new TypeError("At least one secret is needed");
  const [id, said, given] = ["id", "timestamp", "signature"].map((name) => header(headers, `webhook-${name}`)) as [
    string,
    string,
    string,
  ];
  if (!/^\d{1,12}$/.test(said)) throw new WebhookRefused("The timestamp is not a number of seconds");
  if (Math.abs(now() - Number(said)) > tolerance) throw new WebhookRefused("Too old, or too far ahead");

  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const head = new TextEncoder().encode(`${id}.${said}.`);
  const signed = new Uint8Array(head.length + bytes.length);
  signed.set(head);
  signed.set(bytes, head.length);
  const offered = given.split(" ").slice(0, MOST).filter((one) => one.startsWith("v1,")).map((one) => decoded(one.slice(3)));
  let genuine = false;
  for (const key of keys) {
    const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    // Each is held against each, whatever was found before: how long it takes says nothing of a secret.
    for (const one of offered) {
      const fits = one !== null && (await crypto.subtle.verify("HMAC", imported, one, signed));
      genuine = fits || genuine;
    }
  }
  if (!genuine) throw new WebhookRefused("No signature by a secret that is known here");
  return event(id, bytes);
}

function event(id: string, bytes: Uint8Array): WebhookEvent {
  let told: unknown;
  try {
    told = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new WebhookRefused("Signed, and not a message of Lexgate");
  }
  const { type, timestamp, data } = (told ?? {}) as Record<string, unknown>;
  if (typeof type !== "string" || typeof timestamp !== "string" || typeof data !== "object" || data === null) {
    throw new WebhookRefused("Signed, and not a message of Lexgate");
  }
  return { id, type, timestamp, data: data as Record<string, unknown> };
}

function header(headers: Headers | Readonly<Record<string, string | string[] | undefined>>, name: string): string {
  const found =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1];
  if (typeof found !== "string") throw new WebhookRefused(`There is no header ${name}`);
  return found;
}

function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = secret.startsWith(PREFIX) ? decoded(secret.slice(PREFIX.length)) : null;
  if (bytes === null || bytes.length === 0) throw new TypeError(`A secret is ${PREFIX} and base64`);
  return bytes;
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  } catch {
    return null;
  }
}
