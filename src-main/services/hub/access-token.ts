// The person's access token for Hugging Face: in the system's secret store where there is one, else for this session
// only. Never in a log, never in an answer to the window.
import type { HubStatus } from '#contract/catalogue.ts';
import type { SecretRepository } from '../../database/secret-repository.ts';
import { isAvailable, type Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';

const NAME = 'hugging-face-token';

/** A header takes nothing else, and no token has anything else. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

interface AccessTokenOptions {
  repository: SecretRepository;
  secrets: Host['capabilities']['secrets'];
  environment: Record<string, string | undefined>;
  log: Log;
}

export class AccessToken {
  readonly #options: AccessTokenOptions;
  #session: string | null = null;
  /** Null until it was asked for: some systems ask the person before they open their store. */
  #decrypted: string | null = null;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  get kind(): HubStatus['token'] {
    const { repository, secrets } = this.#options;
    if (this.#session !== null) return 'session';
    if (isAvailable(secrets) && repository.get(NAME)) return 'stored';
    return this.#ofEnvironment() === null ? 'none' : 'environment';
  }

  /** Null when there is none, or the system's store no longer opens it. */
  read(): string | null {
    return this.#session ?? this.#stored() ?? this.#ofEnvironment();
  }

  /** Null forgets it. Errors: those of the database. */
  write(token: string | null): void {
    const { repository } = this.#options;
    const encrypted = token === null ? null : this.#encrypted(token);
    if (encrypted) repository.put(NAME, encrypted);
    else repository.remove(NAME);
    this.#decrypted = encrypted ? token : null;
    this.#session = encrypted ? null : token;
  }

  /** Null where there is no secret store, or it stays closed. */
  #encrypted(token: string): Buffer | null {
    const { secrets, log } = this.#options;
    if (!isAvailable(secrets)) return null;
    try {
      return secrets.encrypt(token);
    } catch (error) {
      log.error('The access token can not be kept for longer than this session', error);
      return null;
    }
  }

  #stored(): string | null {
    const { repository, secrets, log } = this.#options;
    if (this.#decrypted !== null || !isAvailable(secrets)) return this.#decrypted;
    const encrypted = repository.get(NAME);
    if (!encrypted) return null;
    try {
      this.#decrypted = secrets.decrypt(encrypted);
    } catch (error) {
      log.error('The stored access token can not be opened', error);
    }
    return this.#decrypted;
  }

  #ofEnvironment(): string | null {
    const token = this.#options.environment['HF_TOKEN']?.trim() ?? '';
    return isToken(token) ? token : null;
  }
}
