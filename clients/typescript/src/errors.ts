/**
 * What can go wrong, in types. None of it is ever an allow: whoever catches one of these has no decision.
 *
 *     LexgateError
 *     ├── NoAnswer              there is no answer to go on
 *     │   ├── NotReached        no connection: nothing was sent
 *     │   ├── AnswerLost        sent, and no whole answer came: it may have been done; ask again with the same key
 *     │   └── UnexpectedAnswer  an answer that this client does not understand
 *     ├── Refused               the service said no: `kind`, `status`, `title`, `detail`, `errors`, `requestId`
 *     └── WebhookRefused        a message that is not genuine, or too old
 */
export class LexgateError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** There is no answer to go on. */
export class NoAnswer extends LexgateError {
  constructor(
    said: string,
    /** Ask again with it: what was done already is not done twice. */
    readonly idempotencyKey: string | null,
    readonly requestId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(said, options);
  }
}

/** No connection: nothing was sent. */
export class NotReached extends NoAnswer {}

/** Sent, and no whole answer came. It is not known whether anything was stored. */
export class AnswerLost extends NoAnswer {}

/** An answer that this client does not understand, or one of another mode than its key. */
export class UnexpectedAnswer extends NoAnswer {}

/** One thing wrong with a request. */
export interface Fault {
  readonly pointer?: string | null;
  readonly parameter?: string | null;
  readonly code: string;
  readonly message: string;
}

const PREFIX = "urn:lexgate:problem:";

/** The service said no (RFC 9457). */
export class Refused extends LexgateError {
  /** Stable: the tail of the problem's `type`; empty for what something in between said. */
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly requestId: string | null;

  constructor(
    readonly status: number,
    told: Readonly<Record<string, unknown>>,
    requestId: string | null,
    /** Seconds, where the service said so. */
    readonly retryAfter: number | null,
    readonly idempotencyKey: string | null,
  ) {
    const title = text(told["title"]) || "Refused by something in between, or in words that are not understood";
    const detail = text(told["detail"]);
    super(detail ? `${title}: ${detail}` : title);
    this.title = title;
    this.detail = detail;
    const type = text(told["type"]);
    this.kind = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : "";
    this.errors = Array.isArray(told["errors"]) ? (told["errors"] as Fault[]) : [];
    this.requestId = text(told["request_id"]) || requestId;
  }
}

/** A message that is not genuine, or too old: do nothing with it, and answer 400. */
export class WebhookRefused extends LexgateError {}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
