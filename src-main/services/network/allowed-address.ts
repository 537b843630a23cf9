// Where a request may go: Hugging Face, the mirror that the person set, and in tests this machine itself.
import { AppError } from '#contract/errors.ts';
import { isLoopback } from '#contract/settings.ts';

const HUB_DOMAINS = ['huggingface.co', 'hf.co', 'xethub.hf.co'];

/** The parsed address. `url` is one asked for or one that a redirect named. Error: network-blocked. */
export function allowedAddress(url: string, endpoint: string): URL {
  const blocked = (why: string, host: string): AppError =>
    new AppError('network-blocked', `${why}: ${host}`, { details: { host } });
  if (!URL.canParse(url)) throw blocked('Not an address', '');
  const address = new URL(url);
  const hub = new URL(endpoint);
  if (address.username || address.password) throw blocked('Credentials in the address', address.hostname);
  if (isLoopback(address) && isLoopback(hub) && /^https?:$/.test(address.protocol)) return address;
  if (address.protocol !== 'https:') throw blocked('Not a secure connection', address.hostname);
  const domains = isLoopback(hub) ? HUB_DOMAINS : [...HUB_DOMAINS, hub.hostname];
  const known = domains.some(
    (domain) => address.hostname === domain || address.hostname.endsWith(`.${domain}`),
  );
  if (!known) throw blocked('Not an allowed host', address.hostname);
  return address;
}

/** The address that `location` means. Errors: network-failed when it is none, network-blocked. */
export function redirectTarget(location: string, from: URL): string {
  const target = URL.canParse(location, from) ? new URL(location, from) : null;
  if (!target)
    throw new AppError('network-failed', 'Redirect to no address', { details: { host: from.host } });
  if (from.protocol === 'https:' && target.protocol !== 'https:') {
    throw new AppError('network-blocked', 'Redirect to an insecure address', {
      details: { host: target.host },
    });
  }
  return target.href;
}
