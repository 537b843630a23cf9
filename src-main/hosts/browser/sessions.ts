// Who may talk to the browser host: an address opens one session, once; the session's cookie is good until the host
// ends. Kept in memory only.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ADDRESS_LIFETIME_MS = 15 * 60_000;

export class Sessions {
  readonly #cookieName: string;
  readonly #tokens = new Map<string, number>();
  readonly #sessions = new Set<string>();
  #secret: string | null = null;

  /** Browsers send cookies to every port of an address, so the port is part of the name. */
  constructor(port: number) {
    this.#cookieName = `lapidary-${port}`;
  }

  /** The secret of the lock file opens everything too, for this person's other processes. */
  trust(secret: string): void {
    this.#secret = secret;
  }

  /** A token for one address. It works once, within 15 minutes. */
  newToken(now = Date.now()): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, now + ADDRESS_LIFETIME_MS);
    return token;
  }

  /** Uses a token up. The Set-Cookie header of the new session, or null for a token that isn't valid. */
  redeem(token: string, now = Date.now()): string | null {
    const validUntil = this.#tokens.get(token);
    this.#tokens.delete(token);
    if (validUntil === undefined || now > validUntil) return null;
    const session = randomBytes(32).toString('base64url');
    this.#sessions.add(session);
    return `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  hasSession(cookieHeader: string | undefined): boolean {
    const cookies = (cookieHeader ?? '').split(';').map((cookie) => cookie.trim());
    const own = cookies.filter((cookie) => cookie.startsWith(`${this.#cookieName}=`));
    return own.some((cookie) => this.#sessions.has(cookie.slice(this.#cookieName.length + 1)));
  }

  hasSecret(authorization: string | undefined): boolean {
    if (this.#secret === null || !authorization) return false;
    return timingSafeEqual(digest(authorization), digest(`Bearer ${this.#secret}`));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
