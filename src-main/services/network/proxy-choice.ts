// Which proxy a request goes through: what the person set, what the system's settings say, or the environment.
import { AppError } from '#contract/errors.ts';
import { proxyUrl } from '#contract/settings.ts';

const PAC_PROTOCOLS: Record<string, string> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
};

/** An address such as 'http://proxy:8080', or 'proxy:8080'. Error: proxy-failed when it is none. */
export function proxyAddress(text: string): string {
  const address = proxyUrl(text);
  if (address !== null) return address;
  throw new AppError('proxy-failed', 'Not the address of a proxy');
}

/** The first choice in the answer of a proxy script, 'PROXY host:80; DIRECT'; null for a direct connection. */
export function proxyOfPac(answer: string): string | null {
  const [kind = 'DIRECT', address = ''] = (answer.split(';')[0] ?? '').trim().split(/\s+/);
  if (kind === 'DIRECT' || kind === '') return null;
  const protocol = PAC_PROTOCOLS[kind.toUpperCase()];
  // Going without the proxy would tell the network what the person wanted to go through it.
  if (!protocol) throw new AppError('proxy-failed', `A proxy of kind ${kind.slice(0, 20)} is not supported`);
  return proxyAddress(`${protocol}://${address}`);
}

/** As curl reads HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either case. */
export function proxyOfEnvironment(
  url: string,
  environment: Record<string, string | undefined>,
): string | null {
  const read = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const { protocol, hostname, port } = new URL(url);
  const realPort = port || (protocol === 'https:' ? '443' : '80');
  const named = protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY');
  const proxy = named || read('ALL_PROXY');
  if (proxy === '' || isExempt(hostname, realPort, read('NO_PROXY'))) return null;
  return proxyAddress(proxy.replace(/^socks5h:/i, 'socks5:'));
}

function isExempt(hostname: string, port: string, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [name = '', onlyPort = port] = entry
      .replace(/^\*?\./, '')
      .toLowerCase()
      .split(':');
    const matches = name !== '' && (hostname === name || hostname.endsWith(`.${name}`));
    return matches && onlyPort === port;
  });
}
